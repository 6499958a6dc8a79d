import * as z from 'zod';
import type { Actor } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { Holder } from '../domain/departures.ts';
import type { Impact, Incident } from '../domain/incident.ts';
import { holders } from '../store/holder-store.ts';
import { addMembers, insertImpact } from '../store/incident-store.ts';
import { changeIncidents } from './change-incidents.ts';
import { Version } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { type Note, writeNotes } from './note.ts';
import type { Written } from './open-incident.ts';
import { parseInput } from './parse-input.ts';
import { refuse } from './refusal.ts';
import { openTarget, requireOpenIncident } from './require-open.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { incidentToChange, writeIncident } from './write-incident.ts';

export const MergeInput = z.strictObject({
  version: Version.optional(),
  others: z
    .array(z.int().min(1))
    .min(1)
    .max(100)
    .transform((ids) => [...new Set(ids)])
    .describe('Numbers of the open incidents that are the same thing; they are closed.'),
});

/**
 * Several incidents were one. Their components come into this one, which takes over the worst impact, so that merging
 * makes nothing look better; the others are closed and keep their components on record.
 */
export async function mergeIncidents(
  context: StatusPageContext,
  actor: Actor,
  id: number,
  input: unknown,
): Promise<Written> {
  requireIncidentRole(actor, 'operator');
  const given = parseInput(MergeInput, input);
  return await changeIncidents(context, { actor, role: 'operator', action: 'incidents_merged' }, async (tx) => {
    const incident = await incidentToChange(tx, id, given.version);
    requireOpenIncident(incident);
    if (given.others.includes(id)) refuse({ field: 'others', reason: 'target_itself' });
    const found = await holders(tx, given.others);
    const others = given.others.map((other) =>
      openTarget(
        found.find((holder) => holder.incident.id === other),
        { field: 'others', id: other },
      ),
    );
    const after = await takeOver(tx, context, { incident, others, actor });
    for (const { incident: other } of others) await closeMerged(tx, context, other, { into: id, actor });
    return {
      result: { id, version: after.version },
      subject: `incident:${id}`,
      details: { others: given.others.map(String), impact: after.impact, impactBefore: incident.impact },
    };
  });
}

async function takeOver(
  tx: Tx,
  context: StatusPageContext,
  { incident, others, actor }: { incident: Incident; others: readonly Holder[]; actor: Actor },
): Promise<Incident> {
  const now = context.clock.now();
  const { id, status } = incident;
  const components = [...new Set(others.flatMap(({ present }) => present))];
  await addMembers(
    tx,
    id,
    components.map((component) => ({ component, from: now })),
  );
  const impact = others.reduce<Impact>(
    (worst, other) => (other.incident.impact > worst ? other.incident.impact : worst),
    incident.impact,
  );
  const notes = others.map(
    (other): Note => ({ incident: id, at: now, status, fact: { kind: 'merged_from', incident: other.incident.id } }),
  );
  if (impact > incident.impact) {
    await insertImpact(tx, { incident: id, from: now, impact });
    const fact = { kind: 'impact_changed' as const, old: incident.impact, new: impact };
    notes.push({ incident: id, at: now, status: 'impact changed', fact });
  }
  const update = await writeNotes(tx, notes, { actor, now });
  const change = impact > incident.impact ? 'worsened' : 'components';
  return await writeIncident(tx, context, { ...incident, impact, system: false }, { change, update, by: actor });
}

async function closeMerged(
  tx: Tx,
  context: StatusPageContext,
  incident: Incident,
  { into, actor }: { into: number; actor: Actor },
): Promise<void> {
  const now = context.clock.now();
  const note: Note = {
    incident: incident.id,
    at: now,
    status: 'resolved',
    fact: { kind: 'merged_into', incident: into },
  };
  const update = await writeNotes(tx, [note], { actor, now });
  tx.afterCommit(() => context.metrics.incident('closed', 'person'));
  const after: Incident = { ...incident, status: 'resolved', end: now, mergedInto: into, system: false };
  await writeIncident(tx, context, after, { change: 'closed', update, by: actor });
}
