import type { Incident, IncidentStatus } from './incident.ts';
import { OWN_PENDING } from './statuses.ts';

export interface Writer {
  /** Of the account; null: none. */
  id: string | null;
  isOperator: boolean;
}

export type Denial = 'foreign' | 'reviewed' | 'status';

/**
 * Why somebody who may write may not write here (specification §11.2): an author may change any incident or info, and
 * only his own maintenance while nobody has reviewed it. Null: he may. `status`: what his update would set.
 */
export function denialFor(
  writer: Writer,
  incident: Pick<Incident, 'type' | 'status' | 'createdById'>,
  status: IncidentStatus | null,
): Denial | null {
  if (writer.isOperator || incident.type !== 'maintenance') return null;
  if (writer.id === null || incident.createdById !== writer.id) return 'foreign';
  if (incident.status !== 'pending_review') return 'reviewed';
  return status === null || OWN_PENDING.includes(status) ? null : 'status';
}
