import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DAY, HOUR, LEVELS, type Level, MINUTE, SEVERITIES } from '../../../core/index.ts';
import { lastLocalDays } from './local-days.ts';
import { dayCells, type Span, spansOf, uptimeForm, uptimeOf, withOutages } from './timeline.ts';

const at = (text: string) => Date.parse(text);
const anyStep = fc.record({ since: fc.integer({ min: -50, max: 150 }), level: fc.constantFrom(...LEVELS) });
const anySteps = fc.array(anyStep, { maxLength: 30 }).map((steps) => steps.sort((a, b) => a.since - b.since));
const anyOutages = fc
  .uniqueArray(fc.integer({ min: -20, max: 130 }), { maxLength: 10 })
  .map((marks) => marks.sort((a, b) => a - b))
  .map((marks) =>
    marks.flatMap((from, index) =>
      index % 2 === 0 && marks[index + 1] !== undefined ? [{ from, until: marks[index + 1] as number }] : [],
    ),
  );
const WINDOW = { from: 0, until: 100 };

/** The level at one moment, found the slow way. */
function levelAt(steps: { since: number; level: Level }[], moment: number): Level {
  return steps.findLast(({ since }) => since <= moment)?.level ?? 'unknown';
}

describe('spansOf', () => {
  it('says unknown for the time before the first step', () => {
    assert.deepEqual(spansOf([{ since: 40, level: 'operational' }], WINDOW), [
      { from: 0, until: 40, level: 'unknown' },
      { from: 40, until: 100, level: 'operational' },
    ]);
  });

  it("takes the level at the window's begin from what came before it", () => {
    assert.deepEqual(spansOf([{ since: -5, level: 'degraded' }], WINDOW), [{ from: 0, until: 100, level: 'degraded' }]);
  });

  it('agrees with looking up every moment', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const spans = spansOf(steps, WINDOW);
        for (let moment = 0; moment < 100; moment++) {
          const span = spans.find(({ from, until }) => from <= moment && moment < until);
          assert.equal(span?.level, levelAt(steps, moment));
        }
        spans.forEach((span, index) => {
          assert.equal(span.from, spans[index - 1]?.until ?? 0);
          assert.notEqual(span.level, spans[index - 1]?.level);
        });
        assert.equal(spans.at(-1)?.until, 100);
      }),
    );
  });
});

describe('withOutages', () => {
  it('makes up unknown and leaves down and maintenance', () => {
    fc.assert(
      fc.property(
        anySteps,
        anyOutages,
        fc.constantFrom('major_outage', 'partial_outage'),
        (steps, outages, downFrom) => {
          const spans = withOutages(spansOf(steps, WINDOW), outages, downFrom);
          for (let moment = 0; moment < 100; moment++) {
            const level = levelAt(steps, moment);
            const out = outages.some(({ from, until }) => from <= moment && moment < until);
            const isUp =
              (SEVERITIES as readonly Level[]).indexOf(level) !== -1 && !['major_outage', downFrom].includes(level);
            const expected = out && isUp ? 'unknown' : level;
            assert.equal(spans.find(({ from, until }) => from <= moment && moment < until)?.level, expected);
          }
        },
      ),
    );
  });
});

describe('uptimeOf', () => {
  it('partitions the window', () => {
    fc.assert(
      fc.property(anySteps, anyOutages, (steps, outages) => {
        const uptime = uptimeOf(withOutages(spansOf(steps, WINDOW), outages, 'major_outage'), WINDOW, 'major_outage');
        assert.equal(uptime.up + uptime.down + uptime.maintenance + uptime.unknown, 100);
        assert.equal(uptime.window, 100);
        assert.ok(uptime.degraded <= uptime.up);
        assert.equal(uptime.availability, uptime.up + uptime.down === 0 ? null : uptime.up / (uptime.up + uptime.down));
      }),
    );
  });

  it('counts a partial outage as time degraded, or as down where the installation says so', () => {
    const spans: Span[] = [
      { from: 0, until: 60, level: 'operational' },
      { from: 60, until: 100, level: 'partial_outage' },
    ];
    assert.deepEqual(uptimeOf(spans, WINDOW, 'major_outage'), {
      window: 100,
      up: 100,
      down: 0,
      maintenance: 0,
      unknown: 0,
      degraded: 40,
      availability: 1,
      coverage: 1,
    });
    assert.equal(uptimeOf(spans, WINDOW, 'partial_outage').availability, 0.6);
  });
});

describe('dayCells', () => {
  const days = [{ day: '2026-01-01', from: 0, until: DAY }];
  const cell = (spans: Span[]) => dayCells(spans, days, 'major_outage')[0];

  it('shows the worst of the day, however short', () => {
    const spans: Span[] = [
      { from: 0, until: MINUTE, level: 'major_outage' },
      { from: MINUTE, until: DAY, level: 'operational' },
    ];
    assert.equal(cell(spans)?.level, 'major_outage');
    assert.equal(cell(spans)?.uptime.down, MINUTE);
  });

  it('is unknown from half a day on, unless something was worse', () => {
    const half: Span[] = [
      { from: 0, until: DAY / 2, level: 'unknown' },
      { from: DAY / 2, until: DAY, level: 'operational' },
    ];
    assert.equal(cell(half)?.level, 'unknown');
    assert.equal(
      cell(half.map((span) => (span.level === 'unknown' ? span : { ...span, level: 'degraded' })))?.level,
      'degraded',
    );
    const less: Span[] = [
      { from: 0, until: DAY / 2 - 1, level: 'unknown' },
      { from: DAY / 2 - 1, until: DAY, level: 'notice' },
    ];
    assert.equal(cell(less)?.level, 'notice');
  });

  it('adds up to the uptime of the whole window', () => {
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Havana', 'Australia/Lord_Howe');
    const now = at('2026-11-21T12:00:00Z');
    const times = fc.array(
      fc.record({ since: fc.integer({ min: now - 95 * DAY, max: now }), level: fc.constantFrom(...LEVELS) }),
    );
    fc.assert(
      fc.property(zone, times, (timeZone, steps) => {
        const grid = lastLocalDays(timeZone, now, 90);
        const window = { from: grid[0]!.from, until: now };
        const spans = spansOf(
          steps.sort((a, b) => a.since - b.since),
          window,
        );
        const cells = dayCells(spans, grid, 'major_outage');
        const whole = uptimeOf(spans, window, 'major_outage');
        for (const part of ['up', 'down', 'maintenance', 'unknown', 'degraded', 'window'] as const) {
          assert.equal(
            cells.reduce((sum, { uptime }) => sum + uptime[part], 0),
            whole[part],
          );
        }
      }),
      { numRuns: 30 },
    );
  });

  it('draws 1,000 components with 100,000 periods in a moment', () => {
    const now = at('2026-11-21T12:00:00Z');
    const from = now - 90 * DAY;
    const levels: Level[] = ['operational', 'degraded', 'operational', 'major_outage', 'unknown'];
    const steps = Array.from({ length: 100 }, (_, index) => ({
      since: from + index * 21 * HOUR,
      level: levels[index % 5] as Level,
    }));
    const outages = Array.from({ length: 20 }, (_, index) => ({
      from: from + index * 4 * DAY,
      until: from + index * 4 * DAY + HOUR,
    }));
    const draw = () => {
      const grid = lastLocalDays('Europe/Rome', now, 90);
      for (let component = 0; component < 1000; component++) {
        const spans = withOutages(spansOf(steps, { from, until: now }), outages, 'major_outage');
        dayCells(spans, grid, 'major_outage');
        uptimeOf(spans, { from, until: now }, 'major_outage');
      }
    };
    draw();
    const start = process.cpuUsage();
    draw();
    const { user, system } = process.cpuUsage(start);
    // Ten times what it takes when nothing else runs: a slip into squares would take hundreds.
    assert.ok(user + system < 3_000_000, `${(user + system) / 1000} ms of processor time`);
  });
});

describe('lastLocalDays', () => {
  const hours = (zone: string, now: string, day: string) => {
    const found = lastLocalDays(zone, at(now), 40).find((one) => one.day === day);
    return found && (found.until - found.from) / HOUR;
  };

  it('gives 23 and 25 hours to the days on which clocks change', () => {
    assert.equal(hours('Europe/Rome', '2026-04-05T12:00:00Z', '2026-03-29'), 23);
    assert.equal(hours('Europe/Rome', '2026-11-05T12:00:00Z', '2026-10-25'), 25);
    assert.equal(hours('Europe/Rome', '2026-11-05T12:00:00Z', '2026-10-24'), 24);
    assert.equal(hours('Australia/Lord_Howe', '2026-04-10T12:00:00Z', '2026-04-05'), 24.5);
  });

  it('begins a day without midnight at its first moment', () => {
    // In Cairo clocks go from 24:00 to 01:00 on the last Friday of April.
    const day = lastLocalDays('Africa/Cairo', at('2026-05-05T12:00:00Z'), 40).find((one) => one.day === '2026-04-24');
    assert.equal(day?.from, at('2026-04-23T22:00:00Z'));
    assert.equal(day && (day.until - day.from) / HOUR, 23);
  });

  it('begins a day whose midnight comes twice at the first one', () => {
    const day = lastLocalDays('America/Havana', at('2026-11-05T12:00:00Z'), 10).find((one) => one.day === '2026-11-01');
    assert.equal(day?.from, at('2026-11-01T04:00:00Z'));
    assert.equal(day && (day.until - day.from) / HOUR, 25);
  });

  it('leaves out a day that a zone skipped', () => {
    const days = lastLocalDays('Pacific/Apia', at('2012-01-02T00:00:00Z'), 5).map(({ day }) => day);
    assert.ok(!days.includes('2011-12-30'));
    assert.ok(days.includes('2011-12-29') && days.includes('2011-12-31'));
  });

  it('covers the time without gaps in any zone, and ends now', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const moments = fc.integer({ min: at('2015-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') });
    fc.assert(
      fc.property(zones, moments, (zone, now) => {
        const days = lastLocalDays(zone, now, 10);
        assert.equal(days.at(-1)?.until, now);
        days.slice(1).forEach((day, index) => assert.equal(day.from, days[index]?.until));
        for (const { day, from } of days) {
          assert.equal(new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(from), day);
          assert.notEqual(
            new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(from - 1),
            day,
          );
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('uptimeForm', () => {
  const uptime = (up: number, down: number, unknown: number) =>
    uptimeOf(
      spansOf(
        [
          { since: 0, level: 'operational' },
          { since: up, level: 'major_outage' },
          { since: up + down, level: 'unknown' },
        ],
        { from: 0, until: up + down + unknown },
      ),
      { from: 0, until: up + down + unknown },
      'major_outage',
    );

  it('gives a percentage only when nearly everything was watched', () => {
    assert.deepEqual(uptimeForm(uptime(90 * DAY, 0, 0)), { form: 'plain', percent: 100 });
    assert.deepEqual(uptimeForm(uptime(87 * DAY, 0, 3 * DAY)), { form: 'watched', percent: null });
    assert.deepEqual(uptimeForm(uptime(0, 0, DAY)), { form: 'unwatched', percent: null });
  });

  it('never rounds up to 100, nor says it while anything is unknown', () => {
    assert.deepEqual(uptimeForm(uptime(90 * DAY, 1, 0)), { form: 'plain', percent: 99.99 });
    assert.deepEqual(uptimeForm(uptime(90 * DAY, 0, HOUR)), { form: 'plain', percent: 99.99 });
  });
});
