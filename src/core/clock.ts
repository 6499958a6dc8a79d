/** A moment as ISO-8601 UTC text with milliseconds, always 24 characters, so that text order is time order. */
export type Instant = string;

/** Where the time comes from. Rules never ask the system; they get an `Instant` or a `Clock`. */
export interface Clock {
  now(): Instant;
}

/** The last moment that was asked for, in both forms: within a millisecond it is asked for many times. */
let [lastMs, lastText] = [0, toInstant(0)];

export const systemClock: Clock = {
  now() {
    const now = Date.now();
    if (now !== lastMs) [lastMs, lastText] = [now, toInstant(now)];
    return lastText;
  },
};

export function toInstant(milliseconds: number): Instant {
  return new Date(milliseconds).toISOString();
}

export function toMs(instant: Instant): number {
  return instant === lastText ? lastMs : Date.parse(instant);
}

export function addMs(instant: Instant, milliseconds: number): Instant {
  return toInstant(toMs(instant) + milliseconds);
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
