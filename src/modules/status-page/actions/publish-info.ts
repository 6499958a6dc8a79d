import * as z from 'zod';
import type { Actor } from '../../../core/index.ts';
import { changeIncidents } from './change-incidents.ts';
import { Components, Description, Moment, Title, UpdateText } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { insertPlanned } from './insert-planned.ts';
import { newIncident } from './new-incident.ts';
import type { Written } from './open-incident.ts';
import { parseBeginning } from './parse-beginning.ts';
import type { StatusPageContext } from './status-page-context.ts';

export const PublishInfoInput = z.strictObject({
  title: Title,
  description: Description.optional().describe('Markdown: what there is to know.'),
  components: Components.describe('Keys of the components that it is about.'),
  start: Moment.optional().describe('From when on; now if absent.'),
  end: Moment.optional().describe('Until when; until somebody completes it if absent.'),
  text: UpdateText.optional().describe('Markdown: the first update.'),
});

/** Something to know about components that changes nothing of their status. */
export async function publishInfo(context: StatusPageContext, actor: Actor, input: unknown): Promise<Written> {
  requireIncidentRole(actor, 'creator');
  const now = context.clock.now();
  const given = await parseBeginning({ context, actor }, PublishInfoInput, input, (readable) => {
    const { start: begins = now, end: ends } = readable;
    return 'start' in readable && ends !== undefined && ends <= begins
      ? [{ field: 'end', reason: 'end_before_start' }]
      : [];
  });
  const { text, components, description, start = now, end = null, title } = given;
  return await changeIncidents(context, { actor, role: 'creator', action: 'info_published' }, async (tx) => {
    const made = newIncident(
      { type: 'info', impact: 0, title, description: description || null, status: 'planned', start, end },
      actor,
      context.clock.now(),
    );
    const { id, version } = await insertPlanned(tx, context, { made, components, text, actor });
    const details = { type: 'info', start, end, components: components.slice(0, 20) };
    return { result: { id, version }, subject: `incident:${id}`, details };
  });
}
