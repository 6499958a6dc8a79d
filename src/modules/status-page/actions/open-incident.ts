import * as z from 'zod';
import type { Actor } from '../../../core/index.ts';
import { departures } from '../domain/departures.ts';
import type { Incident } from '../domain/incident.ts';
import { openHolders } from '../store/holder-store.ts';
import { addMembers, insertIncident } from '../store/incident-store.ts';
import { changeIncidents } from './change-incidents.ts';
import { Components, Description, IncidentImpact, Moment, Title, UpdateText } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { newIncident } from './new-incident.ts';
import { writeFirstRow } from './note.ts';
import { parseBeginning } from './parse-beginning.ts';
import { noteArrivals, releaseComponents } from './release-components.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { announceIncident } from './write-incident.ts';

export const OpenIncidentInput = z.strictObject({
  title: Title,
  description: Description.optional().describe('Markdown: what is known.'),
  impact: IncidentImpact.describe('1 degraded, 2 serious, 3 down.'),
  components: Components.describe('Keys of the components that are affected.'),
  start: Moment.optional().describe('When it began; now if absent. It may be dated back.'),
  text: UpdateText.optional().describe('Markdown: the first update.'),
});

export interface Written {
  id: number;
  version: number;
}

/** Something broke. Its components leave the open incidents that held them until now (specification §10.1). */
export async function openIncident(context: StatusPageContext, actor: Actor, input: unknown): Promise<Written> {
  requireIncidentRole(actor, 'creator');
  const given = await parseBeginning({ context, actor }, OpenIncidentInput, input, ({ start }) =>
    start !== undefined && start > context.clock.now() ? [{ field: 'start', reason: 'in_future' }] : [],
  );
  return await changeIncidents(context, { actor, role: 'creator', action: 'incident_opened' }, async (tx) => {
    const now = context.clock.now();
    const { title, description, impact, components, start = now } = given;
    const leavings = departures(await openHolders(tx, components), components);
    const made = newIncident(
      { type: 'incident', title, description: description || null, impact, status: 'detected', start },
      actor,
      now,
    );
    const id = await insertIncident(tx, made);
    const incident: Incident = { ...made, id };
    await addMembers(
      tx,
      id,
      components.map((component) => ({ component, from: start })),
    );
    const update = await writeFirstRow(tx, incident, { text: given.text, actor, now });
    await noteArrivals(tx, incident, leavings, { actor, now });
    await announceIncident(tx, context, incident, { change: 'opened', update, by: actor });
    await releaseComponents(tx, context, leavings, { to: id, actor });
    tx.afterCommit(() => context.metrics.incident('opened', 'person'));
    const details = { type: 'incident', impact, start, components: components.slice(0, 20), from: leavings.length };
    return { result: { id, version: 1 }, subject: `incident:${id}`, details };
  });
}
