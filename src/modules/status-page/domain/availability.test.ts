import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AppError, DAY, HOUR, MINUTE, toInstant, toMs } from '../../../core/index.ts';
import {
  type AvailabilitySpan,
  availabilityOf,
  errorBudget,
  monthsBack,
  type SpanKind,
  type Window,
} from './availability.ts';

const day = (text: string) => `${text.length === 10 ? `${text}T00:00` : text}:00.000Z`;
const span = (from: string, until: string | null, kind: SpanKind = 'down'): AvailabilitySpan => ({
  from: day(from),
  until: until === null ? null : day(until),
  kind,
});
const month = (text: string): Window => ({
  from: day(`${text}-01`),
  until: toInstant(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5)), 1)),
});
const LATER = '2027-01-01T00:00:00.000Z';
const LONG_AGO = '2020-01-01T00:00:00.000Z';

const spent = (text: string, spans: readonly AvailabilitySpan[], now = LATER) =>
  availabilityOf({ window: month(text), now, watchedFrom: LONG_AGO, spans });
const percent = (text: string, spans: readonly AvailabilitySpan[], now = LATER) => {
  const { availability } = spent(text, spans, now);
  return availability === null ? null : Number((availability * 100).toFixed(5));
};

describe('availability of a month', () => {
  const acrossMonths = [span('2025-06-21', '2025-07-02T20:00')];
  const cases: [string, string, readonly AvailabilitySpan[], number][] = [
    ['half of a February is 50', '2026-02', [span('2026-02-10', '2026-02-24')], 50],
    ['June of an outage into July', '2025-06', acrossMonths, 66.66667],
    ['July of an outage from June', '2025-07', acrossMonths, 94.08602],
    ['half of a July', '2025-07', [span('2025-07-01', '2025-07-16T12:00')], 50],
    ['August, half of it', '2025-08', [span('2025-08-16T12:00', '2025-09-16')], 50],
    ['September, the other half', '2025-09', [span('2025-08-16T12:00', '2025-09-16')], 50],
    ['a month without incidents', '2026-02', [], 100],
    ['what only degraded it', '2026-02', [span('2026-02-10', '2026-02-24', 'degraded')], 100],
    ['an outage of another month', '2026-02', [span('2026-03-01', '2026-03-24')], 100],
    ['a span of no length', '2026-02', [span('2026-02-10', '2026-02-10')], 100],
    ['a span that ends before it begins', '2026-02', [span('2026-02-20', '2026-02-10')], 100],
    ['all of a month', '2026-02', [span('2026-01-15', '2026-03-15')], 0],
  ];
  for (const [what, text, spans, expected] of cases) it(what, () => assert.equal(percent(text, spans), expected));
});

describe('availability where the originals were wrong', () => {
  it('an outage over the turn of a month counts in both: they left the earlier one at 100', () => {
    const spans = [span('2026-01-25', '2026-02-05')];
    assert.equal(percent('2026-01', spans), 77.41935);
    assert.equal(percent('2026-02', spans), 85.71429);
  });

  it('an outage of three months lowers all of them: they lowered the last', () => {
    const spans = [span('2026-01-16T12:00', '2026-03-16T12:00')];
    assert.deepEqual(
      ['2026-01', '2026-02', '2026-03', '2026-04'].map((text) => percent(text, spans)),
      [50, 0, 50, 100],
    );
  });

  it('a running outage counts up to now: they counted nothing', () => {
    assert.equal(percent('2026-02', [span('2026-02-10', null)], day('2026-02-19')), 50);
    assert.equal(percent('2026-02', [span('2026-02-10', '2026-02-24')], day('2026-02-19')), 50);
  });

  it('two overlapping outages count once: they counted twice and gave -0.25', () => {
    const spans = [span('2026-02-05', '2026-02-22T12:00'), span('2026-02-05', '2026-02-22T12:00')];
    assert.equal(percent('2026-02', spans), 37.5);
    const staggered = [span('2026-02-10', '2026-02-20'), span('2026-02-15', '2026-02-24')];
    assert.equal(percent('2026-02', staggered), 50);
  });

  it('the running month is divided by the time that is over: one divided by the whole month', () => {
    const spans = [span('2026-02-01', '2026-02-02')];
    assert.equal(percent('2026-02', spans, day('2026-02-05')), 75);
  });

  it('an outage that ends after the months shown counts in those it touches: they ignored it', () => {
    assert.equal(percent('2026-02', [span('2026-02-15', '2026-09-01')]), 50);
  });

  it('a component without incidents is up: one had nothing to say, and its page made 100 of nothing', () => {
    assert.equal(spent('2026-02', []).availability, 1);
    const never = availabilityOf({ window: month('2026-02'), now: LATER, watchedFrom: null, spans: [] });
    assert.deepEqual([never.availability, never.coverage], [null, 0]);
  });
});

describe('parts of a window', () => {
  const kinds: SpanKind[] = ['down', 'maintenance', 'unknown', 'degraded'];
  const parts = (spans: readonly AvailabilitySpan[]) => {
    const { up, down, maintenance, unknown, degraded } = spent('2026-02', spans);
    return Object.fromEntries(
      Object.entries({ up, down, maintenance, unknown, degraded }).map(([k, ms]) => [k, ms / DAY]),
    );
  };

  it('are what the stronger span says, where spans overlap', () => {
    const spans = kinds.map((kind, index) => span('2026-02-01', `2026-02-${10 + index * 2}`, kind));
    assert.deepEqual(parts(spans), { up: 15, down: 9, maintenance: 2, unknown: 2, degraded: 2 });
    assert.deepEqual(parts(spans.slice(1)), { up: 15, down: 0, maintenance: 11, unknown: 2, degraded: 2 });
  });

  it('count maintenance and unknown time neither for nor against', () => {
    const { availability, coverage } = spent('2026-02', [
      span('2026-02-01', '2026-02-08', 'maintenance'),
      span('2026-02-08', '2026-02-15', 'unknown'),
      span('2026-02-15', '2026-02-22'),
    ]);
    assert.deepEqual([availability, coverage], [0.5, 0.75]);
  });

  it('are unknown before anybody watched, but for what is on record', () => {
    const window = month('2026-02');
    const watchedFrom = day('2026-02-15');
    const nothing = availabilityOf({ window, now: LATER, watchedFrom, spans: [] });
    assert.deepEqual(
      [nothing.unknown, nothing.up, nothing.availability, nothing.coverage],
      [14 * DAY, 14 * DAY, 1, 0.5],
    );
    const recorded = availabilityOf({ window, now: LATER, watchedFrom, spans: [span('2026-02-01', '2026-02-08')] });
    assert.deepEqual([recorded.unknown, recorded.down], [7 * DAY, 7 * DAY]);
    const future = availabilityOf({ window, now: day('2026-02-10'), watchedFrom, spans: [] });
    assert.deepEqual([future.window, future.unknown, future.availability], [9 * DAY, 9 * DAY, null]);
  });

  it('are none in a window that has not begun', () => {
    const none = availabilityOf({
      window: month('2026-02'),
      now: day('2026-01-15'),
      watchedFrom: null,
      spans: [span('2026-02-01', null)],
    });
    assert.deepEqual(none, {
      window: 0,
      up: 0,
      down: 0,
      maintenance: 0,
      unknown: 0,
      degraded: 0,
      availability: null,
      coverage: 1,
    });
  });
});

describe('parts of any window', () => {
  const START = Date.UTC(2026, 1, 1);
  const minutes = fc.integer({ min: -500, max: 1500 }).map((count) => START + count * MINUTE);
  const anySpan = fc.record({
    from: minutes.map(toInstant),
    until: fc.option(minutes.map(toInstant)),
    kind: fc.constantFrom<SpanKind>('down', 'maintenance', 'unknown', 'degraded'),
  });
  const anySpans = fc.array(anySpan, { maxLength: 12 });
  const window = { from: toInstant(START), until: toInstant(START + 1000 * MINUTE) };
  const anyRest = { now: minutes.map(toInstant), watchedFrom: fc.option(minutes.map(toInstant)) };
  const PARTS = ['window', 'up', 'down', 'maintenance', 'unknown', 'degraded'] as const;

  it('sum up to the time that is over, and are what each minute says', () => {
    fc.assert(
      fc.property(fc.record({ spans: anySpans, ...anyRest }), ({ spans, now, watchedFrom }) => {
        const got = availabilityOf({ window, now, watchedFrom, spans });
        assert.equal(got.up + got.down + got.maintenance + got.unknown, got.window);
        assert.ok(got.degraded <= got.up);
        const counted = { up: 0, down: 0, maintenance: 0, unknown: 0, degraded: 0 };
        for (let at = START; at < Math.min(toMs(window.until), toMs(now)); at += MINUTE) {
          const here = spans.filter(({ from, until }) => toMs(from) <= at && (until === null || at < toMs(until)));
          const has = (kind: SpanKind) => here.some((one) => one.kind === kind);
          const watched = watchedFrom !== null && toMs(watchedFrom) <= at;
          if (has('down')) counted.down += MINUTE;
          else if (has('maintenance')) counted.maintenance += MINUTE;
          else if (has('unknown') || !watched) counted.unknown += MINUTE;
          else {
            counted.up += MINUTE;
            if (has('degraded')) counted.degraded += MINUTE;
          }
        }
        const { up, down, maintenance, unknown, degraded } = got;
        assert.deepEqual({ up, down, maintenance, unknown, degraded }, counted);
      }),
      { numRuns: 300 },
    );
  });

  it('do not depend on the order of the spans, nor on how often one is there', () => {
    const shuffled = anySpans.chain((spans) =>
      fc.tuple(fc.constant(spans), fc.shuffledSubarray([...spans, ...spans], { minLength: spans.length * 2 })),
    );
    fc.assert(
      fc.property(shuffled, fc.record(anyRest), ([spans, others], rest) => {
        assert.deepEqual(
          availabilityOf({ window, spans: others, ...rest }),
          availabilityOf({ window, spans, ...rest }),
        );
      }),
    );
  });

  it('are the sums of the parts of two windows, wherever it is split', () => {
    const split = fc.integer({ min: 0, max: 1000 * MINUTE }).map((ms) => toInstant(START + ms));
    fc.assert(
      fc.property(anySpans, split, fc.record(anyRest), (spans, middle, rest) => {
        const whole = availabilityOf({ window, spans, ...rest });
        const first = availabilityOf({ window: { from: window.from, until: middle }, spans, ...rest });
        const second = availabilityOf({ window: { from: middle, until: window.until }, spans, ...rest });
        for (const part of PARTS) assert.equal(first[part] + second[part], whole[part], part);
      }),
    );
  });

  it('do not change when a span is split in two', () => {
    fc.assert(
      fc.property(anySpans, minutes, fc.record(anyRest), (spans, middle, rest) => {
        const at = toInstant(middle);
        const halves = spans.flatMap((one) => [
          { ...one, until: one.until === null || one.until > at ? at : one.until },
          { ...one, from: one.from < at ? at : one.from },
        ]);
        assert.deepEqual(
          availabilityOf({ window, spans: halves, ...rest }),
          availabilityOf({ window, spans, ...rest }),
        );
      }),
    );
  });
});

describe('monthsBack', () => {
  it('gives whole months, the current one first, that touch each other', () => {
    const months = monthsBack('2026-02-15T12:00:00.000Z', 12);
    assert.equal(months.length, 12);
    assert.deepEqual(months.slice(0, 3), [
      { month: '2026-02', from: '2026-02-01T00:00:00.000Z', until: '2026-03-01T00:00:00.000Z' },
      { month: '2026-01', from: '2026-01-01T00:00:00.000Z', until: '2026-02-01T00:00:00.000Z' },
      { month: '2025-12', from: '2025-12-01T00:00:00.000Z', until: '2026-01-01T00:00:00.000Z' },
    ]);
    assert.equal(months.at(-1)?.month, '2025-03');
    for (const [index, { from }] of months.slice(0, -1).entries()) assert.equal(months[index + 1]?.until, from);
  });

  it('begins them where the zone does, summer time included', () => {
    assert.deepEqual(monthsBack('2026-03-31T22:30:00.000Z', 2, 'Europe/Rome'), [
      { month: '2026-04', from: '2026-03-31T22:00:00.000Z', until: '2026-04-30T22:00:00.000Z' },
      { month: '2026-03', from: '2026-02-28T23:00:00.000Z', until: '2026-03-31T22:00:00.000Z' },
    ]);
    const [november] = monthsBack('2026-11-10T00:00:00.000Z', 1, 'America/New_York');
    assert.ok(november);
    assert.equal((toMs(november.until) - toMs(november.from)) / HOUR, 30 * 24 + 1);
  });

  it('gives none for none', () => assert.deepEqual(monthsBack(LATER, 0), []));
});

describe('errorBudget', () => {
  const february = month('2026-02');

  it('allows its share of the month, and says what is left of it', () => {
    const outage = [span('2026-02-03T10:00', '2026-02-03T10:30')];
    assert.deepEqual(errorBudget(99.9, february, spent('2026-02', outage)), {
      allowed: 40.32 * MINUTE,
      used: 30 * MINUTE,
      left: 40.32 * MINUTE - 30 * MINUTE,
    });
    assert.equal(errorBudget(99.9, february, spent('2026-02', outage, day('2026-02-04'))).allowed, 40.32 * MINUTE);
  });

  it('gives none for time in maintenance or unknown', () => {
    const half = [span('2026-02-01', '2026-02-08', 'maintenance'), span('2026-02-08', '2026-02-15', 'unknown')];
    assert.equal(errorBudget(99, february, spent('2026-02', half)).allowed, 14 * DAY * 0.01);
  });

  it('is missed exactly where the availability of the whole window is below the target', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 40_000 }), (permille, minutesDown) => {
        const end = toInstant(toMs(february.from) + minutesDown * MINUTE);
        const uptime = spent('2026-02', [{ from: february.from, until: end, kind: 'down' }]);
        const { left } = errorBudget(permille / 10, february, uptime);
        assert.equal(left < 0, uptime.down * 1000 > (1000 - permille) * (uptime.up + uptime.down));
      }),
    );
  });

  it('refuses targets that are none', () => {
    for (const target of [0, -1, 100.1, Number.NaN]) {
      assert.throws(() => errorBudget(target, february, spent('2026-02', [])), AppError);
    }
    assert.equal(errorBudget(100, february, spent('2026-02', [])).allowed, 0);
  });
});
