import type { Instant } from '../../../core/index.ts';
import type { Incident, IncidentUpdate } from './incident.ts';
import { newestFirst } from './incident-view.ts';

/** When it was over. A cancelled one has the end that was planned: it was over when somebody called it off. */
export function closedAt(
  { status, start, end }: Pick<Incident, 'status' | 'start' | 'end'>,
  updates: readonly IncidentUpdate[],
): Instant {
  if (status !== 'cancelled') return end ?? start;
  const rows = newestFirst(updates);
  const newest = rows.findIndex((row) => row.status === 'cancelled');
  const before = rows.findIndex((row, index) => index > newest && row.status !== 'cancelled');
  // What was noted afterwards has the status too: the first of these rows called it off.
  const first = before === -1 ? rows.at(-1) : rows[before - 1];
  return newest === -1 || first === undefined ? start : first.at;
}
