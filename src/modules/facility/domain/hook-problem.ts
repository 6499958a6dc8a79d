import type { Instant } from '../../../core/index.ts';

/** These the hook may have although its deliveries arrive. */
const LASTING: ReadonlySet<string> = new Set(['events', 'unverified']);

/** What is wrong with a hook now: a delivery since the last look proves that it works, but not that it is complete. */
export function hookProblem(hook: {
  problem: string | null;
  lookedAt: Instant | null;
  lastEventAt: Instant | null;
}): string | null {
  const { problem, lookedAt, lastEventAt } = hook;
  if (problem === null || LASTING.has(problem)) return problem;
  return lookedAt !== null && lastEventAt !== null && lastEventAt > lookedAt ? null : problem;
}
