import * as z from 'zod';
import { type Actor, hasRole, type Instant, toMs } from '../../../core/index.ts';
import type { StatusPageConfig } from '../config.ts';
import type { Incident } from '../domain/incident.ts';
import { isInDomain } from '../domain/mail-domain.ts';
import type { Mistake } from '../domain/mistake.ts';
import { changeIncidents } from './change-incidents.ts';
import { Components, ContactEmail, Description, Moment, Title, UpdateText } from './incident-input.ts';
import { incidentActor, requireIncidentRole } from './incident-role.ts';
import { insertPlanned } from './insert-planned.ts';
import { newIncident } from './new-incident.ts';
import { parseBeginning, type Readable } from './parse-beginning.ts';
import type { StatusPageContext } from './status-page-context.ts';

export const AnnounceMaintenanceInput = z.strictObject({
  title: Title,
  description: Description.describe('Markdown: what is going to be done.'),
  components: Components.describe('Keys of the components that are affected.'),
  start: Moment.describe('When it begins; in the past for the record.'),
  end: Moment.describe('When it ends.'),
  contactEmail: ContactEmail.optional().describe('Whom staff may ask; authors must give it.'),
  text: UpdateText.optional().describe('Markdown: the first update.'),
  confirmed: z.boolean().default(false).describe('Announce it although it begins within the notice period.'),
});

/** Announced, or asked back because people would learn of it late; then nothing was stored. */
export type Announced =
  | { shortNotice: false; id: number; version: number; status: Incident['status'] }
  | { shortNotice: true; id: null };

/** Something is planned: by an author for review, by an operator at once (specification §9.4, §11.2). */
export async function announceMaintenance(
  context: StatusPageContext,
  actor: Actor,
  input: unknown,
): Promise<Announced> {
  requireIncidentRole(actor, 'creator');
  const who = incidentActor(actor);
  const reviewed = hasRole(who, 'operator');
  const domains = context.config().contact_domains;
  const given = await parseBeginning({ context, actor }, AnnounceMaintenanceInput, input, (readable) =>
    mistakesIn(readable, { reviewed, domains }),
  );
  if (!given.confirmed && isShortNotice(context.config(), given.start, context.clock.now())) {
    return { shortNotice: true, id: null };
  }
  return await changeIncidents(context, { actor, role: 'creator', action: 'maintenance_announced' }, async (tx) => {
    const { title, description, components, start, end, contactEmail = null, text } = given;
    const status = reviewed ? 'planned' : 'pending_review';
    const made = newIncident(
      { type: 'maintenance', impact: 0, title, description, status, start, end, contactEmail, told: reviewed },
      actor,
      context.clock.now(),
    );
    const stored = await insertPlanned(tx, context, { made, components, text, actor });
    const details = { type: 'maintenance', status: stored.status, start, end, components: components.slice(0, 20) };
    return {
      result: { shortNotice: false, id: stored.id, version: stored.version, status: stored.status },
      subject: `incident:${stored.id}`,
      details,
    };
  });
}

/** Whether people learn of it later than they should (REC 12). What has begun already is only put on record. */
export function isShortNotice(
  { notice_period }: Pick<StatusPageConfig, 'notice_period'>,
  start: Instant,
  now: Instant,
): boolean {
  return start > now && toMs(start) - toMs(now) < notice_period;
}

function mistakesIn(
  readable: Readable<typeof AnnounceMaintenanceInput>,
  { reviewed, domains }: { reviewed: boolean; domains: readonly string[] },
): Mistake[] {
  const { description, start, end, contactEmail } = readable;
  const mistakes: Mistake[] = [];
  if (description === '') mistakes.push({ field: 'description', reason: 'description_missing' });
  if (start !== undefined && end !== undefined && end <= start)
    mistakes.push({ field: 'end', reason: 'end_before_start' });
  const isAbsent = 'contactEmail' in readable && contactEmail === undefined;
  if (isAbsent && !reviewed) mistakes.push({ field: 'contactEmail', reason: 'contact_missing' });
  if (contactEmail !== undefined && !isInDomain(domains, contactEmail)) {
    mistakes.push({ field: 'contactEmail', reason: 'contact_domain', about: domains.join(', ') });
  }
  return mistakes;
}
