import {
  ATTENTION_ORDER,
  type ComponentKey,
  compareSeverity,
  type Instant,
  isAtLeast,
  isSeverity,
  type Level,
  type Severity,
  type Status,
  type WhyRule,
  type WhySignal,
} from '../../../core/index.ts';
import { type Claim, isInWindow, isLive } from './claim.ts';

export interface DependencyLevel {
  key: ComponentKey;
  level: Level;
  propagate: 'degraded' | null;
}

export interface Question {
  claims: readonly Claim[];
  dependencies: readonly DependencyLevel[];
  /** Names of signals that must exist, from the configuration; one that never came means unknown. */
  expected?: readonly string[];
  now: Instant;
}

/** The one place where a status is decided: contracts §1, its rules in their order. */
export function decideStatus(question: Question): Status {
  const { dependencies, now } = question;
  const claims = [...question.claims].sort((a, b) => compareText(a.source, b.source) || compareText(a.name, b.name));
  const live = claims.filter((claim) => isLive(claim, now));
  const causedBy = dependencies.filter(({ level }) => isAtLeast(level, 'partial_outage')).map(({ key }) => key);
  const maintained = live.filter((claim) => claim.confirmed?.level === 'maintenance');
  const answer = (level: Level, rule: WhyRule, deciding: readonly Claim[]): Status => ({
    level,
    state: deciding.map((claim) => claim.confirmed?.state ?? null).find((state) => state !== null) ?? null,
    maintenance: maintained.length > 0,
    lastKnown: level === 'unknown' ? lastKnown(claims, now) : null,
    why: { rule, signals: explain(claims, deciding, now) },
    causedBy,
  });

  const worst = worstOf(live);
  if (worst !== null && compareSeverity(worst, 'degraded') >= 0) return answer(worst, 'worst_signal', at(live, worst));
  if (dependencies.some(({ level, propagate }) => propagate !== null && isAtLeast(level, 'partial_outage'))) {
    return answer('degraded', 'dependency', []);
  }
  if (maintained.length > 0) return answer('maintenance', 'maintenance', maintained);
  const missing = claims.filter((claim) => isMissing(claim, now));
  const absent = (question.expected ?? []).some((name) => !claims.some((claim) => claim.name === name));
  if (missing.length > 0 || absent) return { ...answer('unknown', 'missing_required', missing), state: null };
  if (worst !== null) return answer(worst, 'live_signal', at(live, worst));
  return answer('unknown', 'no_signal', []);
}

/** A required claim that should prove something now and does not: expired, unconfirmed, or it says "unknown" itself. */
function isMissing(claim: Claim, now: Instant): boolean {
  if (!claim.required || !isInWindow(claim, now)) return false;
  return !isLive(claim, now) || claim.confirmed?.level === 'unknown';
}

function worstOf(claims: readonly Claim[]): Severity | null {
  let worst: Severity | null = null;
  for (const { confirmed } of claims) {
    if (confirmed === null || !isSeverity(confirmed.level)) continue;
    if (worst === null || compareSeverity(confirmed.level, worst) > 0) worst = confirmed.level;
  }
  return worst;
}

function at(claims: readonly Claim[], level: Level): Claim[] {
  return claims.filter((claim) => claim.confirmed?.level === level);
}

/** What the status would be if the evidence had not run out. */
function lastKnown(claims: readonly Claim[], now: Instant): Status['lastKnown'] {
  const said = claims.filter((claim) => isInWindow(claim, now) && (claim.confirmed?.level ?? 'unknown') !== 'unknown');
  const level = worstOf(said) ?? (said.length > 0 ? 'maintenance' : null);
  if (level === null) return null;
  const newest = at(said, level).reduce((best, claim) => (claim.observedAt > best.observedAt ? claim : best));
  return { level, state: newest.confirmed?.state ?? null, observedAt: newest.observedAt };
}

/** Deciding claims first, then what needs attention, then by name: never by time, which may be confidential. */
function explain(claims: readonly Claim[], deciding: readonly Claim[], now: Instant): WhySignal[] {
  const rank = (claim: Claim) =>
    (deciding.includes(claim) ? 0 : 100) + ATTENTION_ORDER.indexOf(claim.confirmed?.level ?? 'unknown');
  return claims
    .filter((claim) => claim.until === null || now < claim.until)
    .sort((a, b) => rank(a) - rank(b))
    .map((claim) => ({
      source: claim.source,
      name: claim.name,
      level: claim.confirmed?.level ?? 'unknown',
      state: claim.confirmed?.state ?? null,
      summary: claim.confirmed?.summary ?? null,
      evidence: claim.confirmed?.evidence ?? null,
      observedAt: claim.observedAt,
      expiresAt: claim.expiresAt,
      live: isLive(claim, now),
      confidential: claim.confidential,
    }));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
