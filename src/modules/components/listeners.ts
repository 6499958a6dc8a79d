import {
  AppError,
  ComponentDeclared,
  ComponentWithdrawn,
  EvidenceHidden,
  EvidenceRenewed,
  HistoryTold,
  SignalReported,
  SignalWithdrawn,
  StatusChanged,
} from '../../core/index.ts';
import { type Journal, on, onAll } from '../../platform/journal/index.ts';
import type { ComponentsContext } from './actions/components-context.ts';
import { declareComponent } from './actions/declare-component.ts';
import { followDependencies } from './actions/follow-dependencies.ts';
import { hideEvidence } from './actions/hide-evidence.ts';
import { recordSignals } from './actions/record-signals.ts';
import { renewEvidence } from './actions/renew-evidence.ts';
import { tellHistory } from './actions/tell-history.ts';
import { withdrawComponent } from './actions/withdraw-component.ts';
import { withdrawSignals } from './actions/withdraw-signals.ts';
import { isKnownComponent } from './store/component-store.ts';

/** What areas say becomes statuses, in the transaction that moves the cursor: exactly once. */
export function registerListeners(journal: Pick<Journal, 'consume'>, context: ComponentsContext): void {
  journal.consume({
    name: 'components.decide',
    subscriptions: [
      on(ComponentDeclared, async ({ payload }, tx) => {
        await declareComponent(tx, context, payload);
      }),
      on(ComponentWithdrawn, ({ payload }, tx) => withdrawComponent(tx, context, payload)),
      onAll(SignalReported, async (events, tx) => {
        const signals = events.map(({ payload }) => payload);
        const recorded = await recordSignals(tx, context, signals, { sameMoment: 'last' });
        for (const [index, { component }] of signals.entries()) {
          // A withdrawn component may still be talked about for a while; one nobody declared is a mistake to be seen.
          if (recorded[index]?.outcome !== 'unknown_component' || (await isKnownComponent(tx, component))) continue;
          throw new AppError('not_found', `A signal for the component ${component}, which nobody declared.`);
        }
      }),
      onAll(SignalWithdrawn, async (events, tx) => {
        const withdrawals = events.map(({ payload: signal, at }) => ({ signal, at }));
        await withdrawSignals(tx, context, withdrawals);
      }),
      on(EvidenceRenewed, ({ payload }, tx) => renewEvidence(tx, context, payload)),
      on(HistoryTold, ({ payload }, tx) => tellHistory(tx, context, payload)),
      on(EvidenceHidden, ({ payload }, tx) => hideEvidence(tx, context, payload)),
      onAll(StatusChanged, (events, tx) =>
        followDependencies(
          tx,
          context,
          events.map(({ payload }) => payload),
        ),
      ),
    ],
  });
}
