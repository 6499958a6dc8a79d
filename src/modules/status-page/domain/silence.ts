import { addMs, type ComponentKey, type Instant } from '../../../core/index.ts';

export interface Watched {
  component: ComponentKey;
  /** Since when the incident holds it. */
  from: Instant;
  /** When a monitor last said that it is broken, or was seen to take that back; null: neither was ever so. */
  lastBadAt: Instant | null;
  /** Something says that it is broken, or said so and fell silent without taking it back. */
  isBad: boolean;
}

/** Whether monitors have said nothing bad of any of these for so long (specification §24, REC 19). */
export function isSilent(watched: readonly Watched[], lasting: number, now: Instant): boolean {
  return watched.every(({ from, lastBadAt, isBad }) => {
    const last = lastBadAt !== null && lastBadAt > from ? lastBadAt : from;
    return !isBad && addMs(last, lasting) <= now;
  });
}
