import * as z from 'zod';
import { type Actor, actorLabel, newId, toMs } from '../../../core/index.ts';
import { isInDomain } from '../domain/mail-domain.ts';
import { type Series, turnsOf } from '../domain/series.ts';
import { storeSeries } from '../store/series-store.ts';
import { changeIncidents } from './change-incidents.ts';
import { Components, ContactEmail, Description, Title, Version } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { Obstacle } from './obstacle.ts';
import { parseInput } from './parse-input.ts';
import { refuse } from './refusal.ts';
import { requireComponents } from './require-components.ts';
import { requireSeries } from './require-series.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { unfold } from './unfold-series.ts';

export const SeriesInput = z.strictObject({
  id: z.string().max(100).optional().describe('Which one is changed; a new one if absent.'),
  version: Version.optional(),
  title: Title,
  description: Description.describe('Markdown: what is done each time.'),
  components: Components,
  rule: z.string().min(1).max(500).describe('RFC 5545, such as FREQ=MONTHLY;BYDAY=-1FR.'),
  zone: z.string().min(1).max(64).describe('IANA name of the zone whose clocks it follows.'),
  startLocal: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, 'write it as YYYY-MM-DDTHH:MM')
    .describe('First start, on the clocks of that zone.'),
  durationMinutes: z
    .int()
    .min(1)
    .max(31 * 24 * 60),
  exceptions: z
    .array(z.iso.date('write dates as YYYY-MM-DD'))
    .max(1000)
    .default([])
    .describe('Local dates that are left out.'),
  contactEmail: ContactEmail.optional(),
});

/** A maintenance that comes again. What was announced of it and nobody touched follows at once; the past stays. */
export async function saveSeries(
  context: StatusPageContext,
  actor: Actor,
  input: unknown,
): Promise<{ id: string; version: number }> {
  requireIncidentRole(actor, 'operator');
  const { id, version, contactEmail = null, ...given } = parseInput(SeriesInput, input);
  const domains = context.config().contact_domains;
  if (given.description === '') refuse({ field: 'description', reason: 'description_missing' });
  if (contactEmail !== null && !isInDomain(domains, contactEmail)) {
    refuse({ field: 'contactEmail', reason: 'contact_domain', about: domains.join(', ') });
  }
  await requireComponents(context, actor, given.components);
  return await changeIncidents(context, { actor, role: 'operator', action: 'series_saved' }, async (tx) => {
    const now = context.clock.now();
    const before = id === undefined ? null : await requireSeries(tx, id, version);
    if (before !== null && before.endedAt !== null)
      throw new Obstacle('conflict', 'series_ended', 'The series has ended: make a new one.');
    const series: Series = {
      ...given,
      contactEmail,
      id: id ?? newId(toMs(now)),
      createdAt: before?.createdAt ?? now,
      createdBy: before?.createdBy ?? actorLabel(actor),
      version: (before?.version ?? 0) + 1,
      endedAt: null,
    };
    // Refused here what cannot be followed, before anything is stored.
    const turns = turnsOf(series, now);
    await storeSeries(tx, series);
    await unfold(tx, context, series);
    const { rule, zone, startLocal, durationMinutes } = series;
    return {
      result: { id: series.id, version: series.version },
      subject: `series:${series.id}`,
      details: { rule, zone, startLocal, durationMinutes, version: series.version, turns: turns.length },
    };
  });
}
