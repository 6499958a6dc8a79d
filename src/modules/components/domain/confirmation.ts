import {
  addMs,
  compareSeverity,
  type Instant,
  isAtLeast,
  isSeverity,
  type Level,
  type Severity,
} from '../../../core/index.ts';

/** "n of the last m" observations, or "for at least so long". */
export type ConfirmationRule = { kind: 'count'; n: number; of: number } | { kind: 'lasting'; ms: number };

/** What has to happen before a claim counts; null: it counts at once. */
export interface Confirmation {
  worse: ConfirmationRule | null;
  better: ConfirmationRule | null;
}

export const AT_ONCE: Confirmation = { worse: null, better: null };

export interface Observation {
  observedAt: Instant;
  level: Level;
}

export interface ConfirmedLevel {
  level: Level;
  /** First observation of the run, so that the time it took to be sure is not lost from the history. */
  since: Instant;
  /** When it was sure. What was observed before does not count again for the way back. */
  confirmedAt: Instant;
}

export interface Verdict {
  /** What was confirmed beyond the level in force, in order; mostly nothing or one. */
  steps: readonly ConfirmedLevel[];
  /** When the passing of time alone will confirm the newest observation. */
  dueAt: Instant | null;
}

type Ordered = { observedAt: Instant; level: Severity };
type Direction = 1 | -1;

/** Observations of one signal that a "for at least" rule keeps; a source that changes its mind more often is unsteady. */
const MOST_OBSERVATIONS = 200;

/** How many of the newest observations of a signal a rule needs to be kept. */
export function observationsNeeded({ worse, better }: Confirmation): number {
  const need = (rule: ConfirmationRule | null) => {
    if (rule === null) return 0;
    return rule.kind === 'count' ? rule.of : MOST_OBSERVATIONS;
  };
  return Math.max(need(worse), need(better));
}

/** What is confirmed at `now` after these observations, oldest first. The newest one must itself be a change. */
export function confirm(
  inForce: ConfirmedLevel | null,
  observations: readonly Observation[],
  rules: Confirmation,
  now: Instant,
): Verdict {
  const steps: ConfirmedLevel[] = [];
  let level = inForce;
  for (;;) {
    const { confirmed, dueAt } = confirmOnce(level, observations, rules, now);
    if (confirmed === null) return { steps, dueAt };
    steps.push(confirmed);
    level = confirmed;
  }
}

interface Found {
  confirmed: ConfirmedLevel | null;
  dueAt: Instant | null;
}

const NOTHING: Found = { confirmed: null, dueAt: null };

function confirmOnce(
  inForce: ConfirmedLevel | null,
  observations: readonly Observation[],
  rules: Confirmation,
  now: Instant,
): Found {
  const newest = observations.at(-1);
  if (newest === undefined || newest.level === inForce?.level) return NOTHING;
  const direction = directionOf(inForce, newest.level);
  const rule = direction === 1 ? rules.worse : rules.better;
  if (rule === null || !isSeverity(newest.level)) {
    const { level, observedAt } = newest;
    return { confirmed: { level, since: observedAt, confirmedAt: observedAt }, dueAt: null };
  }
  if (rule.kind === 'lasting') return byTime(runOf(inForce, observations, direction), direction, addMsTo(rule.ms), now);
  return byCount(inForce, observations, rule, direction);
}

function addMsTo(ms: number): (moment: Instant) => Instant {
  return (moment) => addMs(moment, ms);
}

function directionOf(inForce: ConfirmedLevel | null, level: Level): Direction {
  if (inForce === null || !isSeverity(inForce.level) || !isSeverity(level))
    return isAtLeast(level, 'degraded') ? 1 : -1;
  return compareSeverity(level, inForce.level) > 0 ? 1 : -1;
}

/** Further than the level in force, in this direction. */
function isBeyond(level: Severity, inForce: ConfirmedLevel | null, direction: Direction): boolean {
  if (inForce === null || !isSeverity(inForce.level)) return isAtLeast(level, 'degraded') === (direction === 1);
  return compareSeverity(level, inForce.level) * direction > 0;
}

/** As bad as `wanted` or worse when looking for worse, as good or better when looking for better. */
function supports(level: Severity, wanted: Severity, direction: Direction): boolean {
  return compareSeverity(level, wanted) * direction >= 0;
}

function byCount(
  inForce: ConfirmedLevel | null,
  observations: readonly Observation[],
  rule: { n: number; of: number },
  direction: Direction,
): Found {
  // What proved the level in force may go on to prove a worse one, but never the way back.
  const after = (direction === 1 ? inForce?.since : inForce?.confirmedAt) ?? '';
  const window = ordered(observations)
    .filter(({ observedAt }) => observedAt > after)
    .slice(-rule.of);
  const newest = window.at(-1);
  const nth = window.map(({ level }) => level).sort((a, b) => compareSeverity(b, a) * direction)[rule.n - 1];
  if (newest === undefined || nth === undefined) return NOTHING;
  const level = supports(newest.level, nth, direction) ? nth : newest.level;
  const first = window.find((observation) => supports(observation.level, level, direction));
  if (first === undefined || !isBeyond(level, inForce, direction)) return NOTHING;
  return { confirmed: { level, since: first.observedAt, confirmedAt: newest.observedAt }, dueAt: null };
}

/** The newest observations that are all beyond the level in force; each holds until the next, the last until now. */
function runOf(inForce: ConfirmedLevel | null, observations: readonly Observation[], direction: Direction): Ordered[] {
  const run: Ordered[] = [];
  for (const observation of ordered(observations)) {
    const counts = observation.observedAt > (inForce?.since ?? '') && isBeyond(observation.level, inForce, direction);
    if (counts) run.push(observation);
    else run.length = 0;
  }
  return run;
}

function byTime(
  run: readonly Ordered[],
  direction: Direction,
  matures: (moment: Instant) => Instant,
  now: Instant,
): Found {
  const first = run[0];
  if (first === undefined) return NOTHING;
  const dueAt = matures(first.observedAt);
  if (dueAt > now) return { confirmed: null, dueAt };
  let level = first.level;
  for (const observation of run) {
    if (observation.observedAt <= dueAt && !supports(observation.level, level, direction)) level = observation.level;
  }
  return { confirmed: { level, since: first.observedAt, confirmedAt: dueAt }, dueAt: null };
}

/** A level apart from the order (maintenance, unknown) ends every run. */
function ordered(observations: readonly Observation[]): Ordered[] {
  const kept: Ordered[] = [];
  for (const { observedAt, level } of observations) {
    if (isSeverity(level)) kept.push({ observedAt, level });
    else kept.length = 0;
  }
  return kept;
}
