import { type ComponentKey, eventType, type Visibility } from '../../core/index.ts';

/** What happened to an incident, maintenance or info; who listens reads it anew by its id. */
export type IncidentChange =
  | 'opened'
  | 'updated'
  | 'worsened'
  | 'closed'
  | 'reopened'
  | 'components'
  | 'corrected'
  | 'postmortem'
  /** Nobody but staff could read it, neither before nor now. */
  | 'postmortem_draft'
  | 'review';

/** Published with the key `incident/<id>`, so that one incident's changes arrive in order. */
export const IncidentChanged = eventType<{
  id: number;
  change: IncidentChange;
  version: number;
  /** The updates that say so, if there are any. */
  updates: readonly number[];
  /** Those it concerns: all of the incident, or those that a machine's report is about. */
  components: readonly ComponentKey[];
  visibility: Visibility;
}>('status-page.incident_changed');

/** Regions, retired components or words of the catalogue changed; the components themselves are declared anew. */
export const CatalogChanged = eventType<{ added: number; changed: number; retired: number }>(
  'status-page.catalog_changed',
);
