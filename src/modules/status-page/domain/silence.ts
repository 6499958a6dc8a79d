import { addMs, type ComponentKey, type Instant } from '../../../core/index.ts';

export interface Watched {
  component: ComponentKey;
  /** Since when the incident holds it. */
  from: Instant;
  /** When a monitor last said that it is broken; null: none ever did. */
  reportedAt: Instant | null;
  /** Some signal says now that it is broken. */
  isBad: boolean;
}

/** Whether monitors have said nothing bad of any of these for so long (specification §24, REC 19). */
export function isSilent(watched: readonly Watched[], lasting: number, now: Instant): boolean {
  return watched.every(({ from, reportedAt, isBad }) => {
    const last = reportedAt !== null && reportedAt > from ? reportedAt : from;
    return !isBad && addMs(last, lasting) <= now;
  });
}
