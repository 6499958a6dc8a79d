import * as z from 'zod';
import { type Actor, actorLabel } from '../../../core/index.ts';
import { firstWritten } from '../domain/update-time.ts';
import { moveBeginning } from '../store/impact-store.ts';
import { updatesOf } from '../store/incident-read.ts';
import { insertUpdates } from '../store/incident-store.ts';
import { changeIncidents } from './change-incidents.ts';
import { Moment, UpdateText, Version } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { parseInput } from './parse-input.ts';
import { changeDetails, type Posted } from './post-update.ts';
import { refuse } from './refusal.ts';
import { requireOpenIncident } from './require-open.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { incidentToChange, writeIncident } from './write-incident.ts';

export const BackDateInput = z.strictObject({
  version: Version.optional(),
  start: Moment.describe('When it really began.'),
  text: UpdateText.optional().describe('Markdown: why, for everybody.'),
});

/** An open incident began at another time than was thought: its figures count from there. */
export async function backDate(context: StatusPageContext, actor: Actor, id: number, input: unknown): Promise<Posted> {
  requireIncidentRole(actor, 'operator');
  const { version, start, text = null } = parseInput(BackDateInput, input);
  return await changeIncidents(context, { actor, role: 'operator', action: 'incident_back_dated' }, async (tx) => {
    const now = context.clock.now();
    const incident = await incidentToChange(tx, id, version);
    requireOpenIncident(incident);
    if (start > now) refuse({ field: 'start', reason: 'in_future' });
    const written = firstWritten(await updatesOf(tx, [id]));
    if (start > incident.start && written !== null && written < start) {
      refuse({ field: 'start', reason: 'start_after_update' });
    }
    await moveBeginning(tx, id, { old: incident.start, start });
    const window = { old: { start: incident.start, end: null }, new: { start, end: null } };
    const update = await insertUpdates(tx, [
      {
        incident: id,
        at: now,
        status: 'changed',
        system: text === null,
        text,
        fact: { kind: 'window_changed', ...window },
        createdAt: now,
        createdBy: actorLabel(actor),
      },
    ]);
    const moved = { ...incident, start, system: false };
    const after = await writeIncident(tx, context, moved, { change: 'updated', update, by: actor });
    return {
      result: { id, version: after.version, update: update ?? 0 },
      subject: `incident:${id}`,
      details: changeDetails(incident, after),
    };
  });
}
