import type { Instant } from '../../../core/index.ts';
import { byClock, type ClockVerdict } from './clock-rules.ts';
import type { ForeignIncident, ForeignUpdate } from './import-model.ts';
import { type IncidentStatus, TOLD } from './incident.ts';

type Clocked = Pick<ForeignIncident, 'type' | 'status' | 'start' | 'end' | 'updates'>;

export function wasToldThere({ type, status, updates }: Pick<Clocked, 'type' | 'status' | 'updates'>): boolean {
  return type !== 'maintenance' || TOLD.includes(status) || updates.some((update) => TOLD.includes(update.status));
}

/** What our clock would say at its first look. Null: nothing, as of what people completed before its time. */
function verdictOf(incident: Clocked, now: Instant): ClockVerdict | null {
  const verdict = byClock({ ...incident, told: wasToldThere(incident) }, incident.updates, now);
  return incident.status === 'completed' && verdict?.status !== 'completed' ? null : verdict;
}

export function statusByTheClock(incident: Clocked, now: Instant): IncidentStatus {
  return verdictOf(incident, now)?.status ?? incident.status;
}

/** With the rows that the clock notes here and the predecessor did not, so that it finds nothing to add. */
export function withRowsOfTheClock(
  incident: Clocked & Pick<ForeignIncident, 'createdAt'>,
  now: Instant,
): { status: IncidentStatus; updates: readonly ForeignUpdate[] } {
  const { status, updates, createdAt } = incident;
  const verdict = verdictOf(incident, now);
  if (verdict === null) return { status, updates };
  const missing = verdict.rows.map(({ status: step, at }): ForeignUpdate => {
    const row = { status: step, system: true, text: '', fact: { kind: 'status' }, createdBy: null } as const;
    // It was planned when it was written down.
    return { ...row, at: step === 'planned' && createdAt < at ? createdAt : at };
  });
  const before = missing.filter(({ status: step }) => step === 'planned');
  const after = missing.filter(({ status: step }) => step !== 'planned');
  const story = [...before, ...updates, ...after].sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1));
  return { status: verdict.status, updates: story };
}
