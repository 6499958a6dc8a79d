import { HOUR, MINUTE, SECOND } from '../../../core/index.ts';
import type { Fault } from '../channel.ts';

/** Wait before each attempt, the first included: ten attempts in three days. */
const WAITS = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

const JITTER = 0.1;
const LONGEST_WAIT = 24 * HOUR;

export interface Failure {
  /** False: the same again will fail again. */
  retry: boolean;
  /** Seconds that the other side asked us to wait. */
  retryAfter?: number | undefined;
  fault: Fault;
}

export type NextStep =
  | { step: 'retry'; afterMs: number }
  /** `disable`: the target gets nothing more, and its owner is told by another way. */
  | { step: 'give_up'; disable: boolean };

/** What follows the failure of attempt number `attempt` (1 is the first). `random` is in [0, 1). */
export function afterFailure(failure: Failure, attempt: number, random: () => number): NextStep {
  const wait = WAITS[attempt];
  if (!failure.retry || wait === undefined) return { step: 'give_up', disable: failure.fault === 'target' };
  const spread = 1 + JITTER * (2 * random() - 1);
  const asked = (failure.retryAfter ?? 0) * SECOND;
  // Later than asked, never sooner; and not at the same moment as everybody else who was asked the same.
  const patient = Math.min(asked * (1 + JITTER * random()), LONGEST_WAIT);
  return { step: 'retry', afterMs: Math.round(Math.max(wait * spread, patient)) };
}
