import * as z from 'zod';
import { type Actor, AppError, actorLabel } from '../../../core/index.ts';
import { findUpdate, replaceText } from '../store/update-store.ts';
import { changeIncidents } from './change-incidents.ts';
import { UpdateText, Version } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { Obstacle } from './obstacle.ts';
import { parseInput } from './parse-input.ts';
import { type Posted, requireVersion } from './post-update.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { incidentToChange, writeIncident } from './write-incident.ts';

export const CorrectionInput = z.strictObject({
  version: Version.optional(),
  text: UpdateText.describe('Markdown: what it should have said.'),
});

/** Another text for an update; what it said before is kept, its status and time stay. */
export async function correctUpdate(
  context: StatusPageContext,
  actor: Actor,
  { incident: id, update: number }: { incident: number; update: number },
  input: unknown,
): Promise<Posted> {
  requireIncidentRole(actor, 'creator');
  const { version, text } = parseInput(CorrectionInput, input);
  return await changeIncidents(context, { actor, role: 'creator', action: 'update_corrected' }, async (tx) => {
    const incident = await incidentToChange(tx, id, version);
    requireVersion(incident, version);
    const update = await findUpdate(tx, id, number);
    if (update === null) throw new AppError('not_found', `Incident ${id} has no update ${number}.`);
    if (update.text === null) {
      throw new Obstacle(
        'invalid',
        'note_of_program',
        'The program noted this of itself: there is no text to correct.',
      );
    }
    await replaceText(tx, update, { text, at: context.clock.now(), by: actorLabel(actor) });
    const written = { change: 'corrected', update: number, by: actor, only: [] } as const;
    const after = await writeIncident(tx, context, incident, written);
    return {
      result: { id, version: after.version, update: number },
      subject: `incident:${id}`,
      details: { update: number, version: after.version },
    };
  });
}
