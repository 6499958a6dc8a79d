import type { Instant, Level, Status, WhySignal } from '../../../core/index.ts';
import { type Claim, isInWindow } from './claim.ts';
import { decideStatus, type Question } from './decide-status.ts';

/**
 * The status as everybody may see it. Where the public claims alone explain the level, it is exactly what they explain;
 * else "a confidential report" stands in front of them. Either way nothing in it depends on a confidential claim but
 * the level and since (contracts §8).
 */
export function publicStatus(question: Question, status: Status, since: Instant): Status {
  const open = question.claims.filter(({ confidential }) => !confidential);
  if (open.length === question.claims.length) return status;
  const explained = decideStatus({ ...question, claims: open });
  if (explained.level === status.level) return { ...explained, maintenance: status.maintenance };
  return {
    ...status,
    state: null,
    lastKnown: status.lastKnown && { level: status.lastKnown.level, state: null, observedAt: since },
    why: { rule: status.why.rule, signals: [confidentialReport(status.level, since), ...explained.why.signals] },
  };
}

/** All that everybody learns of a confidential claim. */
export function confidentialReport(level: Level, since: Instant): WhySignal {
  return {
    source: '',
    name: '',
    level,
    state: null,
    summary: null,
    evidence: null,
    observedAt: since,
    expiresAt: null,
    live: level !== 'unknown',
    confidential: true,
  };
}

/** Time of the newest evidence. Of confidential claims only the times at which their whole source was looked at count for everybody. */
export function evidenceTime(claims: readonly Claim[], now: Instant, seesConfidential: boolean): Instant | null {
  let newest: Instant | null = null;
  for (const claim of claims) {
    if (!isInWindow(claim, now)) continue;
    const time = claim.confidential && !seesConfidential ? claim.renewedAt : claim.observedAt;
    if (time !== null && (newest === null || time > newest)) newest = time;
  }
  return newest;
}
