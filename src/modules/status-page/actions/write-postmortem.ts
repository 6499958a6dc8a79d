import * as z from 'zod';
import { type Actor } from '../../../core/index.ts';
import { changeIncidents } from './change-incidents.ts';
import { LongText, Version } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { Obstacle } from './obstacle.ts';
import type { Written } from './open-incident.ts';
import { parseInput } from './parse-input.ts';
import { refuse } from './refusal.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { incidentToChange, writeIncident } from './write-incident.ts';

export const PostmortemInput = z.strictObject({
  version: Version.optional(),
  text: LongText.describe('Markdown: what happened, why, and what is done about it. Empty: there is none.'),
  publish: z.boolean().describe('Whether everybody may read it; false withdraws it and keeps it as a draft.'),
});

/** What was learned from an incident that has ended: a draft for staff until it is published. */
export async function writePostmortem(
  context: StatusPageContext,
  actor: Actor,
  id: number,
  input: unknown,
): Promise<Written> {
  requireIncidentRole(actor, 'operator');
  const { version, text, publish } = parseInput(PostmortemInput, input);
  if (publish && text === '') refuse({ field: 'text', reason: 'text_missing' });
  return await changeIncidents(context, { actor, role: 'operator', action: 'postmortem_written' }, async (tx) => {
    const incident = await incidentToChange(tx, id, version);
    if (incident.type !== 'incident' || incident.end === null) {
      throw new Obstacle('conflict', 'not_ended', 'A post-mortem is written about an incident that has ended.');
    }
    const published = incident.postmortemAt ?? context.clock.now();
    const changed = { ...incident, postmortem: text || null, postmortemAt: publish ? published : null };
    const wasPublished = incident.postmortemAt !== null;
    const change = publish || wasPublished ? 'postmortem' : 'postmortem_draft';
    const after = await writeIncident(tx, context, changed, { change, update: null, by: actor });
    return {
      result: { id, version: after.version },
      subject: `incident:${id}`,
      details: { published: publish, wasPublished, version: after.version },
    };
  });
}
