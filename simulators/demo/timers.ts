import { MINUTE } from '../../src/core/index.ts';

/** After so long each script begins anew. */
export const LOOP_MS = 30 * MINUTE;

/** What the scripts wait with; a test brings its own. */
export interface Timers {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const realTimers: Timers = {
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
