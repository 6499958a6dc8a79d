import * as z from 'zod';
import { type Actor, AppError } from '../../../core/index.ts';
import { changeIncidents } from './change-incidents.ts';
import { UpdateText, Version } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { Obstacle } from './obstacle.ts';
import { parseInput } from './parse-input.ts';
import { applyUpdate, changeDetails, type Posted, writableIncident } from './post-update.ts';
import type { StatusPageContext } from './status-page-context.ts';

export const CancelInput = z.strictObject({
  version: Version.describe('The version you have read.'),
  text: UpdateText.optional().describe('Markdown: why.'),
});

/** It will not take place, or ends here: by its author while nobody has reviewed it, by operators always. */
export async function cancelMaintenance(
  context: StatusPageContext,
  actor: Actor,
  id: number,
  input: unknown,
): Promise<Posted> {
  requireIncidentRole(actor, 'creator');
  const { version, text = null } = parseInput(CancelInput, input);
  return await changeIncidents(context, { actor, role: 'creator', action: 'maintenance_cancelled' }, async (tx) => {
    const before = await writableIncident(tx, actor, id, { version, status: 'cancelled' });
    if (before.type !== 'maintenance') throw new AppError('conflict', `${id} is no maintenance.`);
    if (before.status === 'cancelled') throw new Obstacle('conflict', 'cancelled', `${id} is cancelled already.`);
    const given = { status: 'cancelled' as const, text };
    const { posted, after } = await applyUpdate(tx, context, { actor, before, given });
    return { result: posted, subject: `incident:${id}`, details: changeDetails(before, after) };
  });
}
