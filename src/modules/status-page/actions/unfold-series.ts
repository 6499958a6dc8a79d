import { type ComponentKey, system } from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { presentIn } from '../domain/departures.ts';
import type { Incident, UpdateFact } from '../domain/incident.ts';
import { type Series, type Turn, turnsOf, UNFOLDER_LABEL, unfolding } from '../domain/series.ts';
import { moveBeginning } from '../store/impact-store.ts';
import { addMembers, endMembers, lockIncidents, membersOf } from '../store/incident-store.ts';
import { findSeries, readSeries } from '../store/series-read.ts';
import { madeOf } from '../store/series-store.ts';
import { insertPlanned } from './insert-planned.ts';
import { newIncident } from './new-incident.ts';
import { type Note, writeNotes } from './note.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { incidentToChange, writeIncident } from './write-incident.ts';

/** Who writes what follows from a series: rows of anybody else are a person's touch. */
const UNFOLDER = system('series');

/** Announces what is to come of every series. machine-driven: only the job `status-page.series` calls it. */
export async function unfoldSeries(context: StatusPageContext): Promise<void> {
  for (const { id, endedAt } of await readSeries(context.db)) {
    if (endedAt !== null) continue;
    try {
      await context.db.write(async (tx) => {
        await lockIncidents(tx);
        const series = await findSeries(tx, id);
        if (series !== null) await unfold(tx, context, series);
      });
    } catch (err) {
      // One that cannot be followed any more must not hold up the others.
      context.log.error({ err, series: id }, 'a series of maintenances was not unfolded');
    }
  }
}

/** Brings what was made of a series in line with it. Call it with the lock on incidents. */
export async function unfold(tx: Tx, context: StatusPageContext, series: Series): Promise<void> {
  const now = context.clock.now();
  const { make, align, cancel } = unfolding(turnsOf(series, now), await madeOf(tx, series.id, UNFOLDER_LABEL), now);
  for (const turn of make) await announceTurn(tx, context, series, turn);
  let aligned = 0;
  for (const { id, turn } of align) if (await alignTurn(tx, context, { id, series, turn })) aligned += 1;
  for (const id of cancel) await cancelTurn(tx, context, id);
  if (make.length + aligned + cancel.length === 0) return;
  await emitAudit(tx, {
    at: now,
    actor: UNFOLDER,
    action: 'status-page.series_unfolded',
    subject: `series:${series.id}`,
    details: { made: make.length, aligned, cancelled: cancel.length },
  });
}

async function announceTurn(tx: Tx, context: StatusPageContext, series: Series, turn: Turn): Promise<void> {
  const { id, title, description, contactEmail, createdBy, components } = series;
  const { start, end, date } = turn;
  const made = newIncident(
    {
      type: 'maintenance',
      impact: 0,
      status: 'planned',
      title,
      description,
      contactEmail,
      start,
      end,
      series: id,
      createdBy,
    },
    UNFOLDER,
    context.clock.now(),
  );
  await insertPlanned(tx, context, { made, components, actor: UNFOLDER, seriesDate: date });
}

/** False: it says what the series says already. */
async function alignTurn(
  tx: Tx,
  context: StatusPageContext,
  { id, series, turn }: { id: number; series: Series; turn: Turn },
): Promise<boolean> {
  const before = await incidentToChange(tx, id);
  const { title, description, contactEmail } = series;
  const { start, end } = turn;
  const after: Incident = { ...before, title, description, contactEmail, start, end, status: 'planned' };
  const { added, gone } = await alignComponents(tx, { incident: after, series, was: before.start });
  const moved = before.start !== start || before.end !== end;
  const isBack = before.status !== 'planned';
  const reworded = before.title !== title || before.description !== description;
  const isSame = !moved && !isBack && !reworded && added.length + gone.length === 0;
  if (isSame && before.contactEmail === contactEmail) return false;
  const now = context.clock.now();
  const window = { old: { start: before.start, end: before.end }, new: { start, end } };
  // Calendars and feeds see a change by its row; whom to ask is for staff and has none.
  const facts: UpdateFact[] = [
    ...(reworded ? [{ kind: 'reworded' } as const] : []),
    ...gone.map((component) => ({ kind: 'component_removed', component }) as const),
    ...added.map((component) => ({ kind: 'component_added', component }) as const),
    ...(moved ? [{ kind: 'window_changed', ...window } as const] : []),
  ];
  const notes: Note[] = facts.map((fact) => ({ incident: id, at: now, status: 'modified', fact }));
  if (isBack) notes.unshift({ incident: id, at: now, status: 'planned', fact: { kind: 'status' } });
  const update = await writeNotes(tx, notes, { actor: UNFOLDER, now });
  await writeIncident(tx, context, after, { change: isBack ? 'reopened' : 'updated', update, by: UNFOLDER });
  return true;
}

async function alignComponents(
  tx: Tx,
  { incident, series, was }: { incident: Incident; series: Series; was: string },
): Promise<{ added: ComponentKey[]; gone: ComponentKey[] }> {
  const { id, start } = incident;
  if (was !== start) await moveBeginning(tx, id, { old: was, start });
  const present = presentIn(await membersOf(tx, [id]));
  const added = series.components.filter((component) => !present.includes(component));
  const gone = present.filter((component) => !series.components.includes(component));
  await endMembers(tx, id, { components: gone, at: start, movedTo: null });
  await addMembers(
    tx,
    id,
    added.map((component) => ({ component, from: start })),
  );
  return { added, gone };
}

async function cancelTurn(tx: Tx, context: StatusPageContext, id: number): Promise<void> {
  const now = context.clock.now();
  const before = await incidentToChange(tx, id);
  const note = { incident: id, at: now, status: 'cancelled', fact: { kind: 'status' } } as const;
  const update = await writeNotes(tx, [note], { actor: UNFOLDER, now });
  await writeIncident(tx, context, { ...before, status: 'cancelled' }, { change: 'closed', update, by: UNFOLDER });
}
