import { DAY, type Instant, MINUTE, toInstant } from '../../../src/core/index.ts';
import type { Hook } from '../model.ts';

/** From the 4th failure in a row a hook rests, from the 40th it is given up. */
const REST_FROM = 4;
const GIVE_UP_FROM = 40;

export type AlertStatus = 'executable' | 'temporarily_disabled' | 'disabled';

export function alertStatus(hook: Hook, now: Instant): AlertStatus {
  if (hook.recentFailures >= GIVE_UP_FROM) return 'disabled';
  const resting = hook.recentFailures >= REST_FROM && hook.disabledUntil !== null && hook.disabledUntil >= now;
  return resting ? 'temporarily_disabled' : 'executable';
}

/** A failure of a hook that already rests counts no further: many deliveries under way at once fail as one. */
export function noteFailure(hook: Hook, now: Instant): void {
  if (alertStatus(hook, now) !== 'executable') return;
  hook.recentFailures += 1;
  if (hook.recentFailures < REST_FROM) return;
  const rest = Math.min(MINUTE * 2 ** (hook.recentFailures - REST_FROM), DAY);
  hook.disabledUntil = toInstant(Date.parse(now) + rest);
}

export function noteSuccess(hook: Hook): void {
  hook.recentFailures = 0;
  hook.disabledUntil = null;
}
