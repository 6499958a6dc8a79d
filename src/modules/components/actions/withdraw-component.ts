import type { ComponentKey } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { ComponentChanged } from '../contract.ts';
import type { ClaimHistory } from '../domain/status-changes.ts';
import { lockComponents, markWithdrawn } from '../store/component-store.ts';
import { deleteSignal } from '../store/signal-store.ts';
import type { ComponentsContext } from './components-context.ts';
import { claimOf, loadSubjects, settleStatus, signalId } from './settle-status.ts';

/** Takes a component from the lists. Its history stays, and nobody watches it from now on. */
export async function withdrawComponent(tx: Tx, context: ComponentsContext, key: ComponentKey): Promise<void> {
  await lockComponents(tx, [key]);
  const subject = (await loadSubjects(tx, [key])).get(key);
  if (subject === undefined) return;
  const now = context.clock.now();
  const histories = new Map<string, ClaimHistory>();
  for (const record of subject.signals) {
    histories.set(signalId(record), [
      { from: '', claim: claimOf(subject, record) },
      { from: now, claim: null },
    ]);
    deleteSignal(tx, record);
  }
  subject.signals = [];
  await settleStatus(tx, context, subject, { histories });
  await markWithdrawn(tx, key, now);
  const { visibility } = subject.component;
  await context.journal.publish(tx, ComponentChanged, { key, payload: { key, visibility } });
}
