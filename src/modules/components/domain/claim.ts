import type { Instant, Level } from '../../../core/index.ts';

/** What of a claim has been confirmed, and since when it has been so. */
export interface Confirmed {
  level: Level;
  state: string | null;
  summary: string | null;
  evidence: string | null;
  /** First observation of the run that was confirmed. */
  since: Instant;
  confirmedAt: Instant;
}

/** What one source claims about one component, as the rules see it. */
export interface Claim {
  source: string;
  name: string;
  /** null: nothing was confirmed yet, which proves as little as a claim that never came. */
  confirmed: Confirmed | null;
  /** Newest evidence, renewals included. */
  observedAt: Instant;
  /** End of the newest evidence, renewals included; null: it lives until replaced or withdrawn. */
  expiresAt: Instant | null;
  /** It counts only within [from, until). */
  from: Instant | null;
  until: Instant | null;
  required: boolean;
  /** Its newest or its confirmed form rests on something confidential. */
  confidential: boolean;
  /** When its source last looked at everything and found it still true; says nothing about this claim's own activity. */
  renewedAt: Instant | null;
}

export function isInWindow(claim: Claim, now: Instant): boolean {
  return (claim.from === null || claim.from <= now) && (claim.until === null || now < claim.until);
}

/** Proves something at `now`: confirmed, within its window, and its evidence has not expired. */
export function isLive(claim: Claim, now: Instant): boolean {
  return claim.confirmed !== null && isInWindow(claim, now) && (claim.expiresAt === null || now < claim.expiresAt);
}

/** Every moment at which time alone changes what a claim proves. */
export function boundariesOf(claim: Claim): Instant[] {
  return [claim.expiresAt, claim.from, claim.until].filter((moment) => moment !== null);
}

/** When time alone could next change what the claims prove. */
export function nextBoundary(claims: readonly Claim[], now: Instant): Instant | null {
  let next: Instant | null = null;
  for (const claim of claims) {
    for (const moment of boundariesOf(claim)) {
      if (moment > now && (next === null || moment < next)) next = moment;
    }
  }
  return next;
}
