import * as z from 'zod';
import type { Actor } from '../../../core/index.ts';
import { presentIn } from '../domain/departures.ts';
import { movingMistakes } from '../domain/moving-rules.ts';
import { endMembers, membersOf } from '../store/incident-store.ts';
import { changeIncidents } from './change-incidents.ts';
import { Version } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { writeNotes } from './note.ts';
import type { Written } from './open-incident.ts';
import { parseInput } from './parse-input.ts';
import { writableIncident } from './post-update.ts';
import { Refusal } from './refusal.ts';
import { requireRunning } from './require-running.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { writeIncident } from './write-incident.ts';

export const RemoveComponentInput = z.strictObject({
  version: Version.optional(),
  component: z.string().max(210).describe('Key of the component that is not affected any more.'),
});

/** It was not affected, or is not any more; at least one component stays. */
export async function removeComponent(
  context: StatusPageContext,
  actor: Actor,
  id: number,
  input: unknown,
): Promise<Written> {
  requireIncidentRole(actor, 'creator');
  const given = parseInput(RemoveComponentInput, input);
  return await changeIncidents(context, { actor, role: 'creator', action: 'component_removed' }, async (tx) => {
    const now = context.clock.now();
    const { component } = given;
    const incident = await writableIncident(tx, actor, id, given);
    requireRunning(incident);
    const members = await membersOf(tx, [id]);
    const mistakes = movingMistakes(presentIn(members), [component]);
    if (mistakes.length > 0) throw new Refusal(mistakes.map((mistake) => ({ ...mistake, field: 'component' })));
    // One that was to be maintained later never was.
    const began = members.find((member) => member.component === component && member.to === null)?.from ?? now;
    await endMembers(tx, id, { components: [component], at: began > now ? began : now, movedTo: null });
    const update = await writeNotes(
      tx,
      [{ incident: id, at: now, status: incident.status, fact: { kind: 'component_removed', component } }],
      { actor, now },
    );
    const after = await writeIncident(
      tx,
      context,
      { ...incident, system: false },
      { change: 'components', update, by: actor, only: [component] },
    );
    return {
      result: { id, version: after.version },
      subject: `incident:${id}`,
      details: { component, version: after.version },
    };
  });
}
