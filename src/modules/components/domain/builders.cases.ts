import fc from 'fast-check';
import { addMs, type Instant, LEVELS, type Level, MINUTE } from '../../../core/index.ts';
import type { Claim } from './claim.ts';

export const NOON: Instant = '2026-11-21T12:00:00.000Z';

export function minutes(count: number): Instant {
  return addMs(NOON, count * MINUTE);
}

/** A claim of a level since an hour, as good as new; `rest` says what is different. */
export function claim(level: Level | null, rest: Partial<Claim> = {}): Claim {
  const since = minutes(-60);
  return {
    source: 'test',
    name: 'state',
    confirmed:
      level === null
        ? null
        : { level, state: level.toUpperCase(), summary: null, evidence: null, since, confirmedAt: since },
    observedAt: minutes(-1),
    expiresAt: minutes(10),
    from: null,
    until: null,
    required: true,
    confidential: false,
    renewedAt: null,
    ...rest,
  };
}

const moment = fc.integer({ min: -30, max: 30 }).map(minutes);

export const anyLevel = fc.constantFrom(...LEVELS);

/** Any claim with times around noon. */
export const anyClaim: fc.Arbitrary<Claim> = fc.record({
  source: fc.constantFrom('a', 'b', 'c'),
  name: fc.constantFrom('x', 'y', 'z'),
  confirmed: fc.option(
    fc.record({
      level: anyLevel,
      state: fc.option(fc.string()),
      summary: fc.option(fc.string()),
      evidence: fc.option(fc.webUrl()),
      since: moment,
      confirmedAt: moment,
    }),
    { freq: 8 },
  ),
  observedAt: moment,
  expiresAt: fc.option(moment),
  from: fc.option(moment, { freq: 1 }),
  until: fc.option(moment, { freq: 1 }),
  required: fc.boolean(),
  confidential: fc.boolean(),
  renewedAt: fc.option(moment),
});
