import type { Instant, Level, Why } from '../../../core/index.ts';

export interface ToldPeriod {
  level: Level;
  from: Instant;
  until: Instant;
  summary?: string | undefined;
  evidence?: string | undefined;
}

/** A change of level that somebody else saw. */
export interface ToldStep {
  from: Level;
  to: Level;
  since: Instant;
  why: Why;
}

/**
 * The changes that told periods amount to, oldest first, up to `seenFrom`, from when on we know ourselves. Between
 * periods, and between the last one and `seenFrom`, nobody knows.
 */
export function toldSteps(periods: readonly ToldPeriod[], seenFrom: Instant): ToldStep[] {
  const steps: ToldStep[] = [];
  let level: Level = 'unknown';
  let end: Instant | null = null;
  const step = (to: Level, since: Instant, period: ToldPeriod | null) => {
    if (to !== level) steps.push({ from: level, to, since, why: whyOf(period) });
    level = to;
  };
  for (const period of periods.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const from: Instant = end !== null && period.from < end ? end : period.from;
    const until = period.until < seenFrom ? period.until : seenFrom;
    if (until <= from) continue;
    if (end !== null && end < from) step('unknown', end, null);
    step(period.level, from, period);
    end = until;
  }
  // Also where no time is between: what was seen here begins at unknown, and each step begins where the one before ended.
  if (end !== null) step('unknown', end, null);
  return steps;
}

function whyOf(period: ToldPeriod | null): Why {
  if (period === null) return { rule: 'no_signal', signals: [] };
  const { level, from, summary = null, evidence = null } = period;
  const told = { source: '', name: 'history', level, state: null, summary, evidence };
  const signal = { ...told, observedAt: from, expiresAt: null, live: true, confidential: false };
  return { rule: level === 'operational' || level === 'notice' ? 'live_signal' : 'worst_signal', signals: [signal] };
}
