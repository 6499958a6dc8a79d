import { StatusChanged } from '../../core/index.ts';
import { type Journal, on } from '../../platform/journal/index.ts';
import { ComponentChanged } from '../components/contract.ts';
import { followMaintenance, followSignals } from './actions/follow-signals.ts';
import type { StatusPageContext } from './actions/status-page-context.ts';
import { IncidentChanged } from './contract.ts';

/** A signal may get better under an incident that keeps the component red: that is a change without a new level. */
export function registerReportListeners(journal: Pick<Journal, 'consume'>, context: StatusPageContext): void {
  journal.consume({
    name: 'status-page.signals',
    subscriptions: [
      on(StatusChanged, ({ payload }, tx) => followSignals(tx, context, payload.key)),
      on(ComponentChanged, ({ payload }, tx) => followSignals(tx, context, payload.key)),
      on(IncidentChanged, ({ payload }, tx) => followMaintenance(tx, context, payload)),
    ],
  });
}
