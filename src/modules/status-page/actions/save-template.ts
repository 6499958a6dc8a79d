import * as z from 'zod';
import { type Actor, newId, toMs } from '../../../core/index.ts';
import { findTemplate, storeTemplate } from '../store/template-store.ts';
import { changeIncidents } from './change-incidents.ts';
import { Status, UpdateText } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { noTemplate } from './no-template.ts';
import { parseInput } from './parse-input.ts';
import type { StatusPageContext } from './status-page-context.ts';

export const TemplateInput = z.strictObject({
  id: z.string().max(100).optional().describe('Which one is changed; a new one if absent.'),
  name: z.string().trim().min(1, 'give it a name').max(100).describe('What the form offers it by.'),
  status: Status.nullable().default(null).describe('For updates with this status; null: for any.'),
  text: UpdateText.describe('Markdown.'),
  position: z.int().min(0).max(10_000).default(0).describe('Its place in the list.'),
});

/** Words for updates that are written again and again. */
export async function saveTemplate(context: StatusPageContext, actor: Actor, input: unknown): Promise<{ id: string }> {
  requireIncidentRole(actor, 'operator');
  const given = parseInput(TemplateInput, input);
  return await changeIncidents(context, { actor, role: 'operator', action: 'template_saved' }, async (tx) => {
    const now = context.clock.now();
    if (given.id !== undefined && (await findTemplate(tx, given.id)) === null) throw noTemplate(given.id);
    const { id = newId(toMs(now)), name, status, text, position } = given;
    await storeTemplate(tx, { id, name, status, text, position, modified_at: now });
    return { result: { id }, subject: `template:${id}`, details: { isNew: given.id === undefined } };
  });
}
