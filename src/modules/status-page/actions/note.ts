import { type Actor, actorLabel, type Instant } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { firstRowAt } from '../domain/first-row.ts';
import type { Incident, IncidentStatus, UpdateFact } from '../domain/incident.ts';
import { insertUpdates } from '../store/incident-store.ts';

export interface Note {
  incident: number;
  at: Instant;
  status: IncidentStatus;
  fact: UpdateFact;
}

/** Rows that the program writes of itself, in their order; resolves to the number of the last. */
export async function writeNotes(
  tx: Tx,
  notes: readonly Note[],
  { actor, now }: { actor: Actor; now: Instant },
): Promise<number | null> {
  const rows = notes.map((note) => ({
    ...note,
    system: true,
    text: null,
    createdAt: now,
    createdBy: actorLabel(actor),
  }));
  return await insertUpdates(tx, rows);
}

/** The row with which a story begins; resolves to its number. */
export async function writeFirstRow(
  tx: Tx,
  { id, type, status, start }: Pick<Incident, 'id' | 'type' | 'status' | 'start'>,
  { text, actor, now }: { text: string | undefined; actor: Actor; now: Instant },
): Promise<number | null> {
  const kind = type === 'incident' ? 'detected' : 'status';
  const row = {
    incident: id,
    at: firstRowAt(start, now),
    status,
    system: text === undefined,
    text: text ?? null,
    fact: { kind } as const,
    createdAt: now,
    createdBy: actorLabel(actor),
  };
  return await insertUpdates(tx, [row]);
}
