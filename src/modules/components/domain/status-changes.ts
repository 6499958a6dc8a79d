import type { Instant, Level, Status } from '../../../core/index.ts';
import { boundariesOf, type Claim } from './claim.ts';
import { type DependencyLevel, decideStatus } from './decide-status.ts';

/** What one claim was and became, oldest first: each version counts from its moment until the next one's. */
export type ClaimHistory = readonly { from: Instant; claim: Claim | null }[];

export interface Situation {
  /** The level in force and since when; `since` null: nothing was ever claimed, so history may begin anywhere. */
  level: Level;
  since: Instant | null;
  /** Up to when the passing of time was looked at already. */
  decidedAt: Instant;
  /** Claims that did not change. */
  claims: readonly Claim[];
  changed: readonly ClaimHistory[];
  dependencies: readonly DependencyLevel[];
  expected: readonly string[];
  now: Instant;
}

export interface StatusChange {
  since: Instant;
  status: Status;
}

/**
 * Every change of level up to now, each at the moment it took place: an expiry at the end of the evidence, a confirmed
 * run at its first observation. The result does not depend on how late or how often anybody looked.
 */
export function statusChanges(situation: Situation): { changes: StatusChange[]; status: Status } {
  const { claims, changed, dependencies, expected, now } = situation;
  const decide = (moment: Instant) =>
    decideStatus({ claims: [...claims, ...inForce(changed, moment)], dependencies, expected, now: moment });
  const changes: StatusChange[] = [];
  let level = situation.level;
  let status = decide(now);
  for (const moment of momentsOf(situation)) {
    status = decide(moment);
    if (status.level === level) continue;
    changes.push({ since: moment, status });
    level = status.level;
  }
  return { changes, status };
}

function inForce(changed: readonly ClaimHistory[], moment: Instant): Claim[] {
  return changed
    .map((versions) => versions.findLast(({ from }) => from <= moment)?.claim ?? null)
    .filter((claim) => claim !== null);
}

/** The moments worth looking at, oldest first, `now` last; never before the status in force began. */
function momentsOf({ claims, changed, since, decidedAt, now }: Situation): Instant[] {
  const floor = since ?? '';
  const steps = changed.flatMap((versions) => versions.map(({ from }) => from)).filter((from) => from !== '');
  const began = steps.reduce((first, from) => (from < first ? from : first), decidedAt);
  const versions = changed.flatMap((history) => history.map(({ claim }) => claim)).filter((claim) => claim !== null);
  const boundaries = [...claims, ...versions]
    .flatMap(boundariesOf)
    .filter((moment) => moment >= began && moment > floor);
  const moments = new Set([...steps.map((from) => (from < floor ? floor : from)), ...boundaries]);
  return [...[...moments].filter((moment) => moment < now).sort(), now];
}
