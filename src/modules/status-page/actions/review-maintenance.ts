import * as z from 'zod';
import { type Actor } from '../../../core/index.ts';
import type { IncidentStatus } from '../domain/incident.ts';
import { changeIncidents } from './change-incidents.ts';
import { UpdateText, Version } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { Obstacle } from './obstacle.ts';
import { parseInput } from './parse-input.ts';
import { applyUpdate, changeDetails, type Posted, writableIncident } from './post-update.ts';
import { refuse } from './refusal.ts';
import type { StatusPageContext } from './status-page-context.ts';

export const ReviewInput = z.strictObject({
  version: Version.describe('The version that was reviewed.'),
  verdict: z
    .enum(['approve', 'return', 'reject'])
    .describe(
      'return gives it back to its author, and it waits again once the author has changed it; reject cancels it. Both need a text.',
    ),
  text: UpdateText.optional().describe('Markdown: a word to its author.'),
});

const STATUS: Readonly<Record<z.output<typeof ReviewInput>['verdict'], IncidentStatus>> = {
  approve: 'reviewed',
  return: 'pending_review',
  reject: 'cancelled',
};

/** An operator decides on what an author announced; once approved it is planned by the clock (specification §11.3). */
export async function reviewMaintenance(
  context: StatusPageContext,
  actor: Actor,
  id: number,
  input: unknown,
): Promise<Posted> {
  requireIncidentRole(actor, 'operator');
  const { version, verdict, text = null } = parseInput(ReviewInput, input);
  if (verdict !== 'approve' && text === null) refuse({ field: 'text', reason: 'text_missing' });
  return await changeIncidents(context, { actor, role: 'operator', action: 'maintenance_reviewed' }, async (tx) => {
    const before = await writableIncident(tx, actor, id, { version });
    if (before.type !== 'maintenance' || before.status !== 'pending_review') {
      throw new Obstacle('conflict', 'not_waiting', `${id} does not wait for a review.`);
    }
    const fact = verdict === 'return' ? { fact: { kind: 'given_back' } as const } : {};
    const given = { status: STATUS[verdict], text, ...fact };
    const { posted, after } = await applyUpdate(tx, context, { actor, before, given });
    return { result: posted, subject: `incident:${id}`, details: { verdict, ...changeDetails(before, after) } };
  });
}
