import * as z from 'zod';
import { type Actor, AppError, actorLabel, type ComponentKey } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { IncidentChange } from '../contract.ts';
import { IMPACTS, type Incident, TERMINAL, type UpdateFact } from '../domain/incident.ts';
import type { UpdateEffect } from '../domain/update-request.ts';
import { decideUpdate } from '../domain/update-rules.ts';
import { lastWritten } from '../domain/update-time.ts';
import { impactSince, moveBeginning } from '../store/impact-store.ts';
import { updatesOf } from '../store/incident-read.ts';
import { insertImpact, insertUpdates, membersOf } from '../store/incident-store.ts';
import { changeIncidents } from './change-incidents.ts';
import { Description, Moment, Status, Title, UpdateText, Version } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { leaveToOthers } from './leave-to-others.ts';
import { parseInput } from './parse-input.ts';
import { Refusal } from './refusal.ts';
import { requireWriter } from './require-writer.ts';
import { settleByClock } from './settle-by-clock.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { withdrawReports } from './withdraw-reports.ts';
import { incidentToChange, writeIncident } from './write-incident.ts';

export const UpdateInput = z.strictObject({
  version: Version.optional().describe('The version you have read; a maintenance cannot be changed without it.'),
  status: Status.describe('What it is now, in the words of its type.'),
  text: UpdateText.describe('Markdown: what people are told.'),
  at: Moment.optional().describe('When that was so; now if absent.'),
  title: Title.optional(),
  description: Description.optional(),
  impact: z.union(IMPACTS.map((impact) => z.literal(impact))).optional(),
  start: Moment.optional(),
  end: Moment.optional(),
});
export type UpdateInput = z.output<typeof UpdateInput>;

export interface Posted {
  id: number;
  version: number;
  /** Number of the new row. */
  update: number;
}

/** What a person tells about an incident, maintenance or info, and what that makes of it (specification §3.2, §9.5). */
export async function postUpdate(
  context: StatusPageContext,
  actor: Actor,
  id: number,
  input: unknown,
): Promise<Posted> {
  requireIncidentRole(actor, 'creator');
  const given = parseInput(UpdateInput, input);
  return await changeIncidents(context, { actor, role: 'creator', action: 'incident_updated' }, async (tx) => {
    const before = await writableIncident(tx, actor, id, given);
    const { posted, after } = await applyUpdate(tx, context, { actor, before, given });
    return { result: posted, subject: `incident:${id}`, details: changeDetails(before, after) };
  });
}

/** Plans are written by several people over weeks: none of them may overwrite what he has not read. */
export function requireVersion({ type }: Incident, version: number | undefined): void {
  if (type !== 'maintenance' || version !== undefined) return;
  throw new AppError('invalid', 'Say which version of the maintenance you have read.', {
    fields: [{ pointer: '/version', detail: 'is required for a maintenance' }],
  });
}

/** The incident to change, if this actor may and nobody else was first. */
export async function writableIncident(
  tx: Tx,
  actor: Actor,
  id: number,
  { version, status = null }: { version?: number | undefined; status?: Incident['status'] | null },
): Promise<Incident> {
  const incident = await incidentToChange(tx, id);
  requireWriter(actor, incident, status);
  requireVersion(incident, version);
  return version === undefined ? incident : await incidentToChange(tx, id, version);
}

/** The update itself, inside the frame of a deed. */
export async function applyUpdate(
  tx: Tx,
  context: StatusPageContext,
  {
    actor,
    before,
    given,
  }: {
    actor: Actor;
    before: Incident;
    /** `fact`: what the program notes beside the words. */
    given: Omit<UpdateInput, 'text'> & { text: string | null; fact?: UpdateFact };
  },
): Promise<{ posted: Posted; after: Incident }> {
  const now = context.clock.now();
  const effect = decideUpdate(given, {
    incident: before,
    lastWritten: lastWritten(await updatesOf(tx, [before.id])),
    impactSince: (await impactSince(tx, before.id)) ?? before.start,
    now,
  });
  if (Array.isArray(effect)) throw new Refusal(effect);
  if (effect.kind === 'reopened') await leaveToOthers(tx, before, { actor, now });
  const { id } = before;
  const update = await insertUpdates(tx, [
    {
      incident: id,
      at: effect.at,
      status: given.status,
      system: false,
      text: given.text,
      fact: given.fact ?? effect.fact ?? (given.text === null ? { kind: 'status' } : null),
      createdAt: now,
      createdBy: actorLabel(actor),
    },
  ]);
  const after = await writeEffect(tx, context, { actor, before, effect, update });
  countChange(tx, context, effect);
  return { posted: { id, version: after.version, update: update ?? 0 }, after };
}

async function writeEffect(
  tx: Tx,
  context: StatusPageContext,
  { actor, before, effect, update }: { actor: Actor; before: Incident; effect: UpdateEffect; update: number | null },
): Promise<Incident> {
  const { id } = before;
  const { incident, impactFrom } = effect;
  if (incident.start !== before.start) await moveBeginning(tx, id, { old: before.start, start: incident.start });
  if (impactFrom !== null) await insertImpact(tx, { incident: id, from: impactFrom, impact: incident.impact });
  if (effect.kind === 'closed' && incident.type === 'incident') {
    await withdrawReports(tx, context, await presentMembers(tx, id));
  }
  const isReview = incident.status === 'pending_review' || incident.status === 'reviewed';
  const waits = isReview || incident.status === 'cancelled';
  const settled = waits ? null : await settleByClock(tx, context, incident, actor);
  const change: IncidentChange = isReview ? 'review' : effect.kind;
  return await writeIncident(tx, context, settled?.incident ?? incident, { change, update, by: actor });
}

async function presentMembers(tx: Tx, incident: number): Promise<ComponentKey[]> {
  return (await membersOf(tx, [incident])).filter(({ to }) => to === null).map(({ component }) => component);
}

function countChange(tx: Tx, { metrics }: StatusPageContext, { kind, incident }: UpdateEffect): void {
  if (incident.type !== 'incident') return;
  if (kind === 'closed' || kind === 'reopened') tx.afterCommit(() => metrics.incident(kind, 'person'));
}

/** What was changed, for the audit log: never what people wrote. */
export function changeDetails(before: Incident, after: Incident): Record<string, string | number | boolean | null> {
  const details: Record<string, string | number | boolean | null> = { version: after.version, status: after.status };
  for (const field of ['status', 'impact', 'start', 'end'] as const) {
    if (before[field] === after[field]) continue;
    details[field] = after[field];
    details[`${field}Before`] = before[field];
  }
  if (before.title !== after.title) details['titleChanged'] = true;
  if (before.description !== after.description) details['descriptionChanged'] = true;
  if (TERMINAL.includes(after.status)) details['ended'] = true;
  return details;
}
