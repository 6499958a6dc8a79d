import type { Instant } from '../../../core/index.ts';

/** Now, or its start if that lies in the past. */
export function firstRowAt(start: Instant, now: Instant): Instant {
  return start < now ? start : now;
}
