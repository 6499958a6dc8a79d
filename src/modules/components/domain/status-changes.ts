import type { Instant, Level, Status } from '../../../core/index.ts';
import { boundariesOf, type Claim } from './claim.ts';
import { type DependencyLevel, decideStatus, type Question } from './decide-status.ts';
import { publicStatus } from './public-status.ts';

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
  /** Further moments at which something else may have changed the level, such as a dependency. */
  moments?: readonly Instant[];
  now: Instant;
}

export interface StatusChange {
  since: Instant;
  status: Status;
  /** The same as everybody may see it. */
  everybody: Status;
}

/**
 * Every change of level up to now, each at the moment it took place: an expiry at the end of the evidence, a confirmed
 * run at its first observation. The result does not depend on how late or how often anybody looked.
 */
export function statusChanges(situation: Situation): { changes: StatusChange[]; status: Status } {
  const floor = situation.since ?? '';
  const changes: StatusChange[] = [];
  let level = situation.level;
  let status: Status | undefined;
  for (const moment of momentsOf(situation)) {
    const question = questionAt(situation, moment);
    status = decideStatus(question);
    if (status.level === level) continue;
    // Clocks that went back: what is observed now still follows what was in force.
    const since = moment < floor ? floor : moment;
    changes.push({ since, status, everybody: publicStatus(question, status, since) });
    level = status.level;
  }
  return { changes, status: status ?? decideStatus(questionAt(situation, situation.now)) };
}

/** What there was to decide at one moment, by what is known now. */
export function questionAt({ claims, changed, dependencies, expected }: Situation, moment: Instant): Question {
  return { claims: [...claims, ...inForce(changed, moment)], dependencies, expected, now: moment };
}

function inForce(changed: readonly ClaimHistory[], moment: Instant): Claim[] {
  return changed
    .map((versions) => versions.findLast(({ from }) => from <= moment)?.claim ?? null)
    .filter((claim) => claim !== null);
}

/** The moments worth looking at, oldest first, `now` last; never before the status in force began. */
function momentsOf({ claims, changed, moments, since, decidedAt, now }: Situation): Instant[] {
  const floor = since ?? '';
  const versionsFrom = changed.flatMap((versions) => versions.map(({ from }) => from)).filter((from) => from !== '');
  const steps = [...versionsFrom, ...(moments ?? [])];
  const began = steps.reduce((first, from) => (from < first ? from : first), decidedAt);
  const versions = changed.flatMap((history) => history.map(({ claim }) => claim)).filter((claim) => claim !== null);
  const boundaries = [...claims, ...versions]
    .flatMap(boundariesOf)
    .filter((moment) => moment >= began && moment > floor);
  const all = new Set([...steps.map((from) => (from < floor ? floor : from)), ...boundaries]);
  return [...[...all].filter((moment) => moment < now).sort(), now];
}
