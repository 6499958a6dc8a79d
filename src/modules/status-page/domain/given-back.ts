import type { Incident, IncidentUpdate } from './incident.ts';

/**
 * The row by which an operator gave a maintenance back to its author, as long as the author has not handed it in again;
 * null: it is not with its author. By the order of writing: times of rows may be in the past.
 */
export function givenBack(updates: readonly IncidentUpdate[]): IncidentUpdate | null {
  const last = updates
    .filter(({ status, fact }) => status !== 'pending_review' || isTurn(fact?.kind))
    .reduce<IncidentUpdate | null>((newest, row) => (newest === null || row.id > newest.id ? row : newest), null);
  return last?.fact?.kind === 'given_back' ? last : null;
}

function isTurn(kind: string | undefined): boolean {
  return kind === 'given_back' || kind === 'handed_in';
}

/**
 * Whether whoever changes it hands it in again: its author does, whatever he changes; nobody else does, unless the
 * account of the author is not known.
 */
export function handsIn({ createdById }: Pick<Incident, 'createdById'>, account: string | null): boolean {
  return createdById === null || createdById === account;
}
