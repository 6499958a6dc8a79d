import { type ComponentKey, StatusChanged } from '../../core/index.ts';
import { type Journal, onAll } from '../../platform/journal/index.ts';
import { ComponentChanged } from '../components/contract.ts';
import { followIncidents, followSignals } from './actions/follow-signals.ts';
import type { StatusPageContext } from './actions/status-page-context.ts';
import { IncidentChanged } from './contract.ts';

/** A signal may get better under an incident that keeps the component red: that is a change without a new level. */
export function registerReportListeners(journal: Pick<Journal, 'consume'>, context: StatusPageContext): void {
  journal.consume({
    name: 'status-page.signals',
    subscriptions: [
      onAll(StatusChanged, (events, tx) => followSignals(tx, context, events.map(keyOf))),
      onAll(ComponentChanged, (events, tx) => followSignals(tx, context, events.map(keyOf))),
      onAll(IncidentChanged, (events, tx) =>
        followIncidents(
          tx,
          context,
          events.map(({ payload }) => payload),
        ),
      ),
    ],
  });
}

function keyOf({ payload }: { payload: { key: ComponentKey } }): ComponentKey {
  return payload.key;
}
