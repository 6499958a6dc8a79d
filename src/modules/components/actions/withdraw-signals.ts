import type { Instant } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { lockComponents } from '../store/component-store.ts';
import { deleteSignal, type SignalId } from '../store/signal-store.ts';
import type { ComponentsContext } from './components-context.ts';
import { claimOf, loadSubjects, type Subject, settleStatus, signalId } from './settle-status.ts';

export interface Withdrawal {
  signal: SignalId;
  /** From then on the claim proves nothing. */
  at: Instant;
}

/** Takes claims back. Answers in the order of the withdrawals: true when the claim was there. */
export async function withdrawSignals(
  tx: Tx,
  context: ComponentsContext,
  withdrawals: readonly Withdrawal[],
): Promise<boolean[]> {
  const keys = [...new Set(withdrawals.map(({ signal }) => signal.component))].sort();
  await lockComponents(tx, keys);
  const subjects = await loadSubjects(tx, keys);
  const found: boolean[] = [];
  for (const withdrawal of withdrawals) {
    const subject = subjects.get(withdrawal.signal.component);
    found.push(subject !== undefined && (await withdraw(tx, context, subject, withdrawal)));
  }
  return found;
}

async function withdraw(
  tx: Tx,
  context: ComponentsContext,
  subject: Subject,
  { signal: { source, name }, at }: Withdrawal,
): Promise<boolean> {
  const record = subject.signals.find((one) => one.source === source && one.name === name);
  if (record === undefined) return false;
  const now = context.clock.now();
  const history = [
    { from: '', claim: claimOf(subject, record) },
    { from: at < now ? at : now, claim: null },
  ];
  deleteSignal(tx, record);
  subject.signals = subject.signals.filter((one) => one !== record);
  await settleStatus(tx, context, subject, { histories: new Map([[signalId(record), history]]) });
  return true;
}
