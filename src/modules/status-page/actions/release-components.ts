import type { Actor, ComponentKey, Instant } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { Departure } from '../domain/departures.ts';
import type { Incident } from '../domain/incident.ts';
import { endMembers } from '../store/incident-store.ts';
import { writeNotes } from './note.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { writeIncident } from './write-incident.ts';

/**
 * Takes components out of the incidents that held them until now. Call it after the incident that takes them has been
 * announced, so that no component is free of both for a moment.
 */
export async function releaseComponents(
  tx: Tx,
  context: StatusPageContext,
  leavings: readonly Departure[],
  { to, actor }: { to: number; actor: Actor },
): Promise<Incident[]> {
  const released: Incident[] = [];
  for (const departure of leavings) released.push(await release(tx, context, departure, { to, actor }));
  return released;
}

async function release(
  tx: Tx,
  context: StatusPageContext,
  { incident, leaving, closes }: Departure,
  { to, actor }: { to: number; actor: Actor },
): Promise<Incident> {
  const now = context.clock.now();
  const last = closes ? leaving.at(-1) : undefined;
  for (const component of leaving) {
    if (component === last) continue;
    await endMembers(tx, incident.id, { components: [component], at: now, movedTo: to });
  }
  const update = await writeNotes(
    tx,
    leaving.map((component) => ({
      incident: incident.id,
      at: now,
      status: component === last ? 'resolved' : incident.status,
      fact: { kind: 'component_moved_to', component, incident: to },
    })),
    { actor, now },
  );
  if (closes) tx.afterCommit(() => context.metrics.incident('closed', 'person'));
  const after: Incident = closes ? { ...incident, status: 'resolved', end: now } : incident;
  return await writeIncident(tx, context, after, { change: closes ? 'closed' : 'components', update, by: actor });
}

/** Where the components of an incident came from, one row each. */
export async function noteArrivals(
  tx: Tx,
  incident: Pick<Incident, 'id' | 'status'>,
  leavings: readonly Departure[],
  { actor, now }: { actor: Actor; now: Instant },
): Promise<number | null> {
  const moves = leavings.flatMap(({ incident: { id }, leaving }) =>
    leaving.map((component: ComponentKey) => ({ component, from: id })),
  );
  return await writeNotes(
    tx,
    moves.map(({ component, from }) => ({
      incident: incident.id,
      at: now,
      status: incident.status,
      fact: { kind: 'component_moved_from', component, incident: from },
    })),
    { actor, now },
  );
}
