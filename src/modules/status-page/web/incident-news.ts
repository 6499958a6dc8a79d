import { ANONYMOUS } from '../../../core/index.ts';
import type { News } from '../../../platform/module/index.ts';
import type { StatusPageContext } from '../actions/status-page-context.ts';
import { IncidentChanged } from '../contract.ts';
import { readIncidents, visibleKeys } from '../store/incident-read.ts';

type Change = NonNullable<(typeof IncidentChanged)['payload']>;

/** Changes of incidents for pages that are open: for everybody if everybody may read what they say. */
export function incidentNews({ db, components }: Pick<StatusPageContext, 'db' | 'components'>): News {
  return {
    events: [IncidentChanged.name],
    forEverybody: async (events) => {
      const changes = events.map(({ cursor, payload }) => ({ cursor, ...(payload as Change) }));
      const ids = [...new Set(changes.map(({ id }) => id))];
      const visible = await visibleKeys(components, ANONYMOUS);
      const { incidents } = await readIncidents(db, ANONYMOUS, visible, { ids });
      const views = new Map(incidents.map((view) => [view.id, view]));
      // One from before an upgrade may name them otherwise.
      const isShown = ({ id, change, updates = [] }: Pick<Change, 'id' | 'change'> & Partial<Change>) => {
        const view = views.get(id);
        if (view === undefined || change === 'postmortem_draft') return false;
        return updates.length === 0 || view.updates.some((row) => updates.includes(row.id));
      };
      return new Set(changes.filter(isShown).map(({ cursor }) => cursor));
    },
  };
}
