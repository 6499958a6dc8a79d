import { type Journal, on } from '../../platform/journal/index.ts';
import type { ReconcileRunner } from './actions/reconcile-runner.ts';
import { DeliveryAccepted, ReconcileRequested } from './domain/events.ts';

/** An accepted delivery starts the reading that confirms it. What is due stands in the database; this only wakes. */
export function registerListeners(journal: Journal, runner: ReconcileRunner): void {
  journal.consume({
    name: 'facility.reconcile',
    subscriptions: [
      on(DeliveryAccepted, async ({ payload }, tx) => tx.afterCommit(() => runner.wake(payload.project))),
      on(ReconcileRequested, async ({ payload }, tx) => tx.afterCommit(() => runner.wake(payload.project))),
    ],
  });
}
