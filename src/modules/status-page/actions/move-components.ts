import * as z from 'zod';
import type { Actor, ComponentKey } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { Departure, Holder } from '../domain/departures.ts';
import type { Incident } from '../domain/incident.ts';
import { movingMistakes } from '../domain/moving-rules.ts';
import { holders } from '../store/holder-store.ts';
import { addMembers, insertIncident } from '../store/incident-store.ts';
import { changeIncidents } from './change-incidents.ts';
import { Components, IncidentImpact, Title, Version } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { newIncident } from './new-incident.ts';
import type { Written } from './open-incident.ts';
import { parseInput } from './parse-input.ts';
import { Refusal, refuse } from './refusal.ts';
import { noteArrivals, releaseComponents } from './release-components.ts';
import { openTarget, requireOpenIncident } from './require-open.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { announceIncident, incidentToChange, writeIncident } from './write-incident.ts';

export const MoveInput = z.strictObject({
  version: Version.optional(),
  components: Components.describe('Which components go; at least one must stay.'),
  to: z.int().min(1).optional().describe('The open incident that takes them; a new one if absent.'),
  title: Title.optional().describe('Title of the new incident; that of the old one if absent.'),
  impact: IncidentImpact.optional().describe('Impact of the new incident; that of the old one if absent.'),
});
type Given = z.output<typeof MoveInput>;

/** Both ends of a move. */
export interface Moved extends Written {
  from: Written;
}

/** Puts some components of an open incident into another one or into a new one (specification §10.2, §10.3). */
export async function moveComponents(
  context: StatusPageContext,
  actor: Actor,
  id: number,
  input: unknown,
): Promise<Moved> {
  requireIncidentRole(actor, 'operator');
  const given = parseInput(MoveInput, input);
  return await changeIncidents(context, { actor, role: 'operator', action: 'components_moved' }, async (tx) => {
    const incident = await incidentToChange(tx, id, given.version);
    requireOpenIncident(incident);
    const [source] = await holders(tx, [id]);
    const mistakes = movingMistakes(source?.present ?? [], given.components);
    if (mistakes.length > 0) throw new Refusal(mistakes);
    const leaving: Departure = { incident, leaving: given.components, closes: false };
    const target = await taker(tx, context, { leaving, given, actor });
    const [left] = await releaseComponents(tx, context, [leaving], { to: target.id, actor });
    return {
      result: {
        id: target.id,
        version: target.version,
        from: { id, version: left?.version ?? incident.version },
      },
      subject: `incident:${id}`,
      details: { to: target.id, isNew: given.to === undefined, components: given.components.slice(0, 20) },
    };
  });
}

interface Taking {
  leaving: Departure;
  given: Given;
  actor: Actor;
}

async function taker(tx: Tx, context: StatusPageContext, taking: Taking): Promise<Incident> {
  const { to } = taking.given;
  if (to === undefined) return await extract(tx, context, taking);
  if (to === taking.leaving.incident.id) return refuse({ field: 'to', reason: 'target_itself' });
  const [found] = await holders(tx, [to]);
  return await join(tx, context, openTarget(found, { field: 'to', id: to }), taking);
}

/** The new one is where the old one is: its start, its description, and what is being done about it. */
async function extract(tx: Tx, context: StatusPageContext, { leaving, given, actor }: Taking): Promise<Incident> {
  const now = context.clock.now();
  const { type, title, description, impact, status, start } = leaving.incident;
  const made = newIncident(
    { type, title: given.title ?? title, description, impact: given.impact ?? impact, status, start },
    actor,
    now,
  );
  const incident: Incident = { ...made, id: await insertIncident(tx, made) };
  await takeIn(tx, incident, given.components, now);
  const update = await noteArrivals(tx, incident, [leaving], { actor, now });
  await announceIncident(tx, context, incident, { change: 'opened', update, by: actor });
  tx.afterCommit(() => context.metrics.incident('opened', 'person'));
  return incident;
}

async function join(
  tx: Tx,
  context: StatusPageContext,
  { incident, present }: Holder,
  { leaving, given, actor }: Taking,
): Promise<Incident> {
  const now = context.clock.now();
  await takeIn(
    tx,
    incident,
    given.components.filter((component) => !present.includes(component)),
    now,
  );
  const update = await noteArrivals(tx, incident, [leaving], { actor, now });
  const after = { ...incident, system: false };
  return await writeIncident(tx, context, after, { change: 'components', update, by: actor });
}

/** What it was before stays in the other incident's story: it is in this one from now on. */
async function takeIn(tx: Tx, { id }: Incident, components: readonly ComponentKey[], now: string): Promise<void> {
  await addMembers(
    tx,
    id,
    components.map((component) => ({ component, from: now })),
  );
}
