import * as z from 'zod';
import type { Actor } from '../../../core/index.ts';
import { departures, presentIn } from '../domain/departures.ts';
import { openHolders } from '../store/holder-store.ts';
import { addMembers, membersOf } from '../store/incident-store.ts';
import { changeIncidents } from './change-incidents.ts';
import { Components, Version } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { writeNotes } from './note.ts';
import type { Written } from './open-incident.ts';
import { parseInput } from './parse-input.ts';
import { writableIncident } from './post-update.ts';
import { Refusal } from './refusal.ts';
import { noteArrivals, releaseComponents } from './release-components.ts';
import { requireComponents } from './require-components.ts';
import { requireRunning } from './require-running.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { writeIncident } from './write-incident.ts';

export const AddComponentsInput = z.strictObject({
  version: Version.optional(),
  components: Components.describe('Keys of the components that are affected as well.'),
});

/** More is affected than was thought. An incident takes them out of the open incidents that held them. */
export async function addComponents(
  context: StatusPageContext,
  actor: Actor,
  id: number,
  input: unknown,
): Promise<Written> {
  requireIncidentRole(actor, 'creator');
  const given = parseInput(AddComponentsInput, input);
  await requireComponents(context, actor, given.components);
  return await changeIncidents(context, { actor, role: 'creator', action: 'components_added' }, async (tx) => {
    const now = context.clock.now();
    const incident = await writableIncident(tx, actor, id, given);
    requireRunning(incident);
    const present = presentIn(await membersOf(tx, [id]));
    const twice = given.components.filter((component) => present.includes(component));
    if (twice.length > 0) {
      throw new Refusal(twice.map((about) => ({ field: 'components', reason: 'component_twice', about })));
    }
    const found = incident.type === 'incident' ? await openHolders(tx, given.components) : [];
    const leavings = departures(found, given.components);
    const moved = new Set(leavings.flatMap(({ leaving }) => leaving));
    const from = incident.type === 'incident' || incident.start < now ? now : incident.start;
    await addMembers(
      tx,
      id,
      given.components.map((component) => ({ component, from })),
    );
    const arrived = await noteArrivals(tx, incident, leavings, { actor, now });
    const notes = given.components
      .filter((component) => !moved.has(component))
      .map((component) => ({
        incident: id,
        at: now,
        status: incident.status,
        fact: { kind: 'component_added' as const, component },
      }));
    const update = (await writeNotes(tx, notes, { actor, now })) ?? arrived;
    const after = await writeIncident(
      tx,
      context,
      { ...incident, system: false },
      { change: 'components', update, by: actor, only: given.components },
    );
    await releaseComponents(tx, context, leavings, { to: id, actor });
    return {
      result: { id, version: after.version },
      subject: `incident:${id}`,
      details: { components: given.components.slice(0, 20), version: after.version },
    };
  });
}
