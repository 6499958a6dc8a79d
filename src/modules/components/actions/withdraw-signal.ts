import type { Instant } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { lockComponents } from '../store/component-store.ts';
import { deleteSignal, type SignalId } from '../store/signal-store.ts';
import type { ComponentsContext } from './components-context.ts';
import { claimOf, loadSubjects, settleStatus, signalId } from './settle-status.ts';

/** Takes a claim back, as of `at`: from then on it proves nothing. True when it was there. */
export async function withdrawSignal(tx: Tx, context: ComponentsContext, id: SignalId, at: Instant): Promise<boolean> {
  await lockComponents(tx, [id.component]);
  const subject = (await loadSubjects(tx, [id.component])).get(id.component);
  const record = subject?.signals.find((one) => one.source === id.source && one.name === id.name);
  if (subject === undefined || record === undefined) return false;
  const now = context.clock.now();
  const history = [
    { from: '', claim: claimOf(subject, record) },
    { from: at < now ? at : now, claim: null },
  ];
  await deleteSignal(tx, record);
  subject.signals = subject.signals.filter((one) => one !== record);
  await settleStatus(tx, context, subject, { histories: new Map([[signalId(record), history]]) });
  return true;
}
