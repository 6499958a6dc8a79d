import type { Actor } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { byClock } from '../domain/clock-rules.ts';
import type { Incident } from '../domain/incident.ts';
import { updatesOf } from '../store/incident-read.ts';
import { writeNotes } from './note.ts';
import type { StatusPageContext } from './status-page-context.ts';

export interface Settled {
  incident: Incident;
  /** The newest row that was added; null: none was missing. */
  update: number | null;
}

/** A maintenance or info as the clock says it should be, with the rows that its story lacks; not saved yet. Null: all is well. */
export async function settleByClock(
  tx: Tx,
  { clock }: Pick<StatusPageContext, 'clock'>,
  incident: Incident,
  actor: Actor,
): Promise<Settled | null> {
  const now = clock.now();
  const verdict = byClock(incident, await updatesOf(tx, [incident.id]), now);
  if (verdict === null) return null;
  const { status, told, rows } = verdict;
  const notes = rows.map((row) => ({ ...row, incident: incident.id, fact: { kind: 'status' as const } }));
  return { incident: { ...incident, status, told }, update: await writeNotes(tx, notes, { actor, now }) };
}
