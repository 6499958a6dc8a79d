import type { ComponentKey } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { ComponentChanged } from '../contract.ts';
import type { ClaimHistory } from '../domain/status-changes.ts';
import { lockComponents, markWithdrawn } from '../store/component-store.ts';
import { deleteSignal } from '../store/signal-store.ts';
import { forgetHistory } from '../store/status-store.ts';
import type { ComponentsContext } from './components-context.ts';
import { claimOf, loadSubjects, type Subject, settleStatus, signalId } from './settle-status.ts';

/** Takes a component from the lists. Its history stays, unless asked, and nobody watches it from now on. */
export async function withdrawComponent(
  tx: Tx,
  context: ComponentsContext,
  { key, forget = false }: { key: ComponentKey; forget?: boolean | undefined },
): Promise<void> {
  await lockComponents(tx, [key]);
  const subject = (await loadSubjects(tx, [key])).get(key);
  if (subject !== undefined) await takeFromLists(tx, context, subject);
  if (forget) await forgetHistory(tx, key, context.clock.now());
}

async function takeFromLists(tx: Tx, context: ComponentsContext, subject: Subject): Promise<void> {
  const { key, visibility } = subject.component;
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
  await context.journal.publish(tx, ComponentChanged, { key, payload: { key, visibility } });
}
