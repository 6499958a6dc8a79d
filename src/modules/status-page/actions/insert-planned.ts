import type { Actor, ComponentKey } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { byClock } from '../domain/clock-rules.ts';
import { firstRowAt } from '../domain/first-row.ts';
import type { Incident } from '../domain/incident.ts';
import { addMembers, insertIncident } from '../store/incident-store.ts';
import { writeFirstRow, writeNotes } from './note.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { announceIncident } from './write-incident.ts';

interface Planned {
  made: Omit<Incident, 'id'>;
  components: readonly ComponentKey[];
  text?: string | undefined;
  actor: Actor;
  /** Which day of its series. */
  seriesDate?: string;
}

/** Stores a new maintenance or info. What has begun by then is in progress at once, with its rows at their true times. */
export async function insertPlanned(
  tx: Tx,
  context: StatusPageContext,
  { made, components, text, actor, seriesDate }: Planned,
): Promise<Incident> {
  const now = context.clock.now();
  const { status, start } = made;
  const verdict = byClock(made, [{ status, at: firstRowAt(start, now) }], now);
  const settled = verdict === null ? made : { ...made, status: verdict.status, told: verdict.told };
  const id = await insertIncident(tx, settled, seriesDate);
  await addMembers(
    tx,
    id,
    components.map((component) => ({ component, from: start })),
  );
  const update = await writeFirstRow(tx, { ...made, id }, { text, actor, now });
  const notes = (verdict?.rows ?? []).map((row) => ({ ...row, incident: id, fact: { kind: 'status' as const } }));
  await writeNotes(tx, notes, { actor, now });
  await announceIncident(tx, context, { ...settled, id }, { change: 'opened', update, by: actor });
  return { ...settled, id };
}
