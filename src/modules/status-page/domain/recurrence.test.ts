import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { AppError, DAY, HOUR, toInstant, toMs } from '../../../core/index.ts';
import { ruleSentence } from '../web/staff/rule-messages.ts';
import { occurrences, parseRecurrence, type RecurrencePlan } from './recurrence.ts';
import { RuleRefusal } from './recurrence-rule.ts';
import { instantToLocal, localToInstant } from './zoned-time.ts';

const plan = (startLocal: string, changes: Partial<RecurrencePlan> = {}): RecurrencePlan => ({
  zone: 'UTC',
  startLocal,
  durationMinutes: 60,
  exceptions: [],
  ...changes,
});
const ALL = { from: '1970-01-01T00:00:00.000Z', until: '9998-12-31T00:00:00.000Z' };

/** Local dates of the first `most` occurrences. */
const dates = (rule: string, startLocal: string, most = 6, changes: Partial<RecurrencePlan> = {}) =>
  occurrences(parseRecurrence(rule), plan(startLocal, changes), ALL, most)
    .map(({ localDate }) => localDate)
    .join(' ');

describe('parseRecurrence', () => {
  it('reads a rule with or without its name, in any case, parts in any order', () => {
    const rule = parseRecurrence('FREQ=MONTHLY;INTERVAL=2;BYDAY=MO,-1FR,+2TU;BYMONTH=1,12;BYMONTHDAY=1,-1;COUNT=5');
    assert.deepEqual(rule, {
      frequency: 'MONTHLY',
      interval: 2,
      byDay: [
        { weekday: 0, ordinal: null },
        { weekday: 4, ordinal: -1 },
        { weekday: 1, ordinal: 2 },
      ],
      byMonthDay: [1, -1],
      byMonth: [1, 12],
      count: 5,
      until: null,
    });
    const written = ' rrule:count=5;bymonthday=1,-1;bymonth=1,12;byday=mo,-1fr,+2tu;interval=2;freq=monthly; ';
    assert.deepEqual(parseRecurrence(written), rule);
  });

  it('reads an end as a date or as a moment in UTC', () => {
    assert.deepEqual(parseRecurrence('FREQ=DAILY;UNTIL=20271231').until, { kind: 'date', date: '2027-12-31' });
    assert.deepEqual(parseRecurrence('FREQ=DAILY;UNTIL=20271231T225959Z').until, {
      kind: 'moment',
      at: Date.UTC(2027, 11, 31, 22, 59, 59),
    });
  });

  const refused: [string, RegExp][] = [
    ['FREQ=SECONDLY', /FREQ=SECONDLY is not supported\. Remedy: write FREQ=DAILY, WEEKLY, MONTHLY or YEARLY\./],
    ['FREQ=MINUTELY;INTERVAL=1', /FREQ=MINUTELY is not supported/],
    ['FREQ=HOURLY', /FREQ=HOURLY is not supported/],
    ['INTERVAL=2', /FREQ is missing\. Remedy: write FREQ=/],
    ['', /is no part of a rule/],
    ['FREQ', /"FREQ" is no part of a rule\. Remedy: write NAME=VALUE/],
    ['FREQ=DAILY;FREQ=WEEKLY', /FREQ is there twice/],
    ['FREQ=DAILY;BYSECOND=0,1,2', /BYSECOND is not supported\. Remedy: the time of day is that of the start/],
    ['FREQ=DAILY;BYHOUR=1', /BYHOUR is not supported/],
    [
      'FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1',
      /BYSETPOS is not supported\. Remedy: name the day in BYDAY, such as BYDAY=-1FR/,
    ],
    ['FREQ=WEEKLY;WKST=SU', /WKST is not supported\. Remedy: leave it out/],
    ['FREQ=YEARLY;BYWEEKNO=20', /BYWEEKNO is not supported/],
    ['FREQ=YEARLY;BYYEARDAY=1', /BYYEARDAY is not supported/],
    ['FREQ=DAILY;X-FOO=1', /X-FOO is not supported\. Remedy: use only FREQ, INTERVAL/],
    ['FREQ=DAILY;__PROTO__=1', /__PROTO__ is not supported/],
    ['FREQ=DAILY;CONSTRUCTOR=1', /CONSTRUCTOR is not supported\. Remedy: use only/],
    ['FREQ=DAILY;INTERVAL=0', /INTERVAL=0 cannot be\. Remedy: write a whole number from 1 to 999999/],
    ['FREQ=DAILY;INTERVAL=-1', /INTERVAL=-1 cannot be/],
    ['FREQ=DAILY;INTERVAL=1e3', /INTERVAL=1E3 cannot be/],
    ['FREQ=DAILY;INTERVAL=1000000', /INTERVAL=1000000 cannot be/],
    ['FREQ=DAILY;INTERVAL=99999999999999999999', /cannot be/],
    ['FREQ=DAILY;COUNT=0', /COUNT=0 cannot be/],
    ['FREQ=DAILY;COUNT=10001', /COUNT=10001 cannot be\. Remedy: write a whole number from 1 to 10000/],
    ['FREQ=DAILY;COUNT=2;UNTIL=20270101', /both COUNT and UNTIL\. Remedy: keep one/],
    ['FREQ=DAILY;UNTIL=20270230', /UNTIL=20270230 cannot be/],
    ['FREQ=DAILY;UNTIL=20270101T100000', /UNTIL=20270101T100000 cannot be\. Remedy: .* in UTC/],
    ['FREQ=DAILY;UNTIL=20270101T250000Z', /cannot be/],
    ['FREQ=DAILY;UNTIL=', /UNTIL= cannot be/],
    ['FREQ=WEEKLY;BYDAY=', /BYDAY= cannot be/],
    ['FREQ=WEEKLY;BYDAY=XX', /BYDAY=XX cannot be/],
    ['FREQ=WEEKLY;BYDAY=2MO', /BYDAY=2MO has a number, which FREQ=WEEKLY does not count\. Remedy: write BYDAY=MO/],
    ['FREQ=MONTHLY;BYDAY=6MO', /BYDAY=6MO cannot be/],
    ['FREQ=MONTHLY;BYDAY=0MO', /BYDAY=0MO cannot be/],
    ['FREQ=YEARLY;BYDAY=54MO', /BYDAY=54MO cannot be/],
    ['FREQ=YEARLY;BYMONTH=1;BYDAY=6MO', /BYDAY=6MO cannot be/],
    ['FREQ=MONTHLY;BYMONTHDAY=32', /BYMONTHDAY=32 cannot be/],
    ['FREQ=MONTHLY;BYMONTHDAY=0', /BYMONTHDAY=0 cannot be/],
    ['FREQ=WEEKLY;BYMONTHDAY=1', /BYMONTHDAY does not go with FREQ=WEEKLY/],
    ['FREQ=YEARLY;BYMONTH=13', /BYMONTH=13 cannot be/],
    [`FREQ=DAILY;BYDAY=${'MO,'.repeat(1000)}MO`, /too long/],
    ['FREQ=DAILY\r\nATTENDEE:a', /FREQ=DAILY\s+ATTENDEE:A is not supported/],
  ];
  for (const [rule, message] of refused) {
    it(`refuses ${JSON.stringify(rule.slice(0, 50))} by name, with a remedy`, () => {
      assert.throws(
        () => parseRecurrence(rule),
        (error) =>
          error instanceof RuleRefusal &&
          error.code === 'invalid' &&
          message.test(ruleSentence('en', error.mistake)) &&
          /\. Rimedio: .*\.$/s.test(ruleSentence('it', error.mistake)),
      );
    });
  }

  it('refuses any text with an error that can be acted on, and with nothing else', () => {
    const part = fc.constantFrom(
      'FREQ=',
      'DAILY',
      'WEEKLY',
      ';',
      'BYDAY=',
      'MO',
      '-1',
      ',',
      'COUNT=',
      '5',
      'UNTIL=',
      '20270101',
      'T000000Z',
    );
    const text = fc
      .array(fc.oneof(part, fc.string({ maxLength: 3 })), { maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (rule) => {
        try {
          parseRecurrence(rule);
        } catch (error) {
          assert.ok(error instanceof AppError);
        }
      }),
    );
  });
});

describe('occurrences by the calendar', () => {
  const cases: [string, string, string, string][] = [
    ['every day', 'FREQ=DAILY;COUNT=3', '2026-02-27T10:00', '2026-02-27 2026-02-28 2026-03-01'],
    ['every third day', 'FREQ=DAILY;INTERVAL=3;COUNT=3', '2026-02-27T10:00', '2026-02-27 2026-03-02 2026-03-05'],
    ['days of work', 'FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=3', '2026-11-27T10:00', '2026-11-27 2026-11-30 2026-12-01'],
    ['every day of one month', 'FREQ=DAILY;BYMONTH=1;COUNT=2', '2026-01-31T10:00', '2026-01-31 2027-01-01'],
    [
      'every week on the day of the start',
      'FREQ=WEEKLY;COUNT=3',
      '2026-11-28T10:00',
      '2026-11-28 2026-12-05 2026-12-12',
    ],
    [
      'every second week, counted from its Monday',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;COUNT=4',
      '2026-11-25T10:00',
      '2026-11-29 2026-12-07 2026-12-13 2026-12-21',
    ],
    [
      'the last Friday of the month',
      'FREQ=MONTHLY;BYDAY=-1FR;COUNT=4',
      '2026-01-30T10:00',
      '2026-01-30 2026-02-27 2026-03-27 2026-04-24',
    ],
    ['the second Tuesday', 'FREQ=MONTHLY;BYDAY=2TU;COUNT=3', '2026-09-01T10:00', '2026-09-08 2026-10-13 2026-11-10'],
    [
      'the fifth Monday, where there is one',
      'FREQ=MONTHLY;BYDAY=5MO;COUNT=3',
      '2026-01-01T10:00',
      '2026-03-30 2026-06-29 2026-08-31',
    ],
    [
      'the 31st, where there is one',
      'FREQ=MONTHLY;COUNT=4',
      '2026-01-31T10:00',
      '2026-01-31 2026-03-31 2026-05-31 2026-07-31',
    ],
    [
      'the last day of the month',
      'FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3',
      '2028-01-31T10:00',
      '2028-01-31 2028-02-29 2028-03-31',
    ],
    [
      'every quarter',
      'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1;COUNT=3',
      '2026-10-01T10:00',
      '2026-10-01 2027-01-01 2027-04-01',
    ],
    [
      'Friday the 13th',
      'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3',
      '2026-01-01T10:00',
      '2026-02-13 2026-03-13 2026-11-13',
    ],
    ['every year', 'FREQ=YEARLY;COUNT=2', '2026-11-28T10:00', '2026-11-28 2027-11-28'],
    [
      'the 29th of February, where there is one',
      'FREQ=YEARLY;COUNT=3',
      '2028-02-29T10:00',
      '2028-02-29 2032-02-29 2036-02-29',
    ],
    [
      'the 29th of February across 2100, which has none',
      'FREQ=YEARLY;COUNT=2',
      '2096-02-29T10:00',
      '2096-02-29 2104-02-29',
    ],
    ['a day of some months', 'FREQ=YEARLY;BYMONTH=1,7;COUNT=3', '2026-07-15T10:00', '2026-07-15 2027-01-15 2027-07-15'],
    ['a Sunday of a month', 'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;COUNT=2', '2026-03-29T10:00', '2026-03-29 2027-03-28'],
    ['a Monday of the year', 'FREQ=YEARLY;BYDAY=20MO;COUNT=3', '1997-05-19T10:00', '1997-05-19 1998-05-18 1999-05-17'],
    ['the last Monday of the year', 'FREQ=YEARLY;BYDAY=-1MO;COUNT=2', '2026-01-01T10:00', '2026-12-28 2027-12-27'],
    [
      'the first of every month, said by the year',
      'FREQ=YEARLY;BYMONTHDAY=1;COUNT=3',
      '2026-11-02T10:00',
      '2026-12-01 2027-01-01 2027-02-01',
    ],
    ['an end that is a date, inclusive', 'FREQ=DAILY;UNTIL=20261130', '2026-11-29T23:00', '2026-11-29 2026-11-30'],
    ['an end in UTC, inclusive', 'FREQ=DAILY;UNTIL=20261130T230000Z', '2026-11-29T23:00', '2026-11-29 2026-11-30'],
    ['an end in UTC, a second early', 'FREQ=DAILY;UNTIL=20261130T225959Z', '2026-11-29T23:00', '2026-11-29'],
    ['an end before the start', 'FREQ=DAILY;UNTIL=20250101', '2026-11-29T23:00', ''],
    ['a day that never comes', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2026-01-01T10:00', ''],
  ];
  for (const [what, rule, start, expected] of cases) it(what, () => assert.equal(dates(rule, start), expected));

  it('leaves out exceptions, which count all the same', () => {
    const exceptions = ['2026-12-25', '2026-12-26', '1999-01-01'];
    assert.equal(dates('FREQ=DAILY;COUNT=4', '2026-12-24T10:00', 9, { exceptions }), '2026-12-24 2026-12-27');
  });
});

describe('occurrences by the clock', () => {
  const inZone = (rule: string, zone: string, startLocal: string) =>
    occurrences(parseRecurrence(rule), plan(startLocal, { zone }), ALL);

  it('keeps the time on the wall when summer begins and ends', () => {
    assert.deepEqual(
      inZone('FREQ=DAILY;COUNT=3', 'Europe/Rome', '2026-03-28T22:00').map(({ start }) => start),
      ['2026-03-28T21:00:00.000Z', '2026-03-29T20:00:00.000Z', '2026-03-30T20:00:00.000Z'],
    );
    assert.deepEqual(
      inZone('FREQ=DAILY;COUNT=3', 'America/New_York', '2026-10-31T22:00').map(({ start }) => start),
      ['2026-11-01T02:00:00.000Z', '2026-11-02T03:00:00.000Z', '2026-11-03T03:00:00.000Z'],
    );
  });

  it('moves a time that is skipped forward, for that day only', () => {
    assert.deepEqual(inZone('FREQ=DAILY;COUNT=3', 'Europe/Rome', '2026-03-28T02:30'), [
      { start: '2026-03-28T01:30:00.000Z', end: '2026-03-28T02:30:00.000Z', localDate: '2026-03-28' },
      { start: '2026-03-29T01:30:00.000Z', end: '2026-03-29T02:30:00.000Z', localDate: '2026-03-29' },
      { start: '2026-03-30T00:30:00.000Z', end: '2026-03-30T01:30:00.000Z', localDate: '2026-03-30' },
    ]);
    assert.equal(
      inZone('FREQ=DAILY;COUNT=1', 'America/New_York', '2026-03-08T02:30')[0]?.start,
      '2026-03-08T07:30:00.000Z',
    );
  });

  it('takes the first of a time that comes twice', () => {
    const starts = inZone('FREQ=WEEKLY;COUNT=2', 'Europe/Rome', '2026-10-25T02:30').map(({ start }) => start);
    assert.deepEqual(starts, ['2026-10-25T00:30:00.000Z', '2026-11-01T01:30:00.000Z']);
    assert.equal(
      inZone('FREQ=DAILY;COUNT=1', 'America/New_York', '2026-11-01T01:30')[0]?.start,
      '2026-11-01T05:30:00.000Z',
    );
  });

  it('says the local date, where UTC is a day away', () => {
    const [one] = inZone('FREQ=MONTHLY;BYMONTHDAY=1;COUNT=1', 'Pacific/Kiritimati', '2026-12-01T02:00');
    assert.deepEqual([one?.localDate, one?.start], ['2026-12-01', '2026-11-30T12:00:00.000Z']);
  });

  it('compares an end in UTC with the moment and not with the wall', () => {
    const count = (until: string) => inZone(`FREQ=DAILY;UNTIL=${until}`, 'Europe/Rome', '2026-07-01T00:30').length;
    assert.equal(count('20260701T223000Z'), 2);
    assert.equal(count('20260701T222959Z'), 1);
    assert.equal(count('20260630T223000Z'), 1);
    assert.equal(count('20260630T222959Z'), 0);
  });

  it('has one start where a zone skipped a day', () => {
    const starts = inZone('FREQ=DAILY;COUNT=3', 'Pacific/Apia', '2011-12-29T10:00').map(({ start }) => start);
    assert.deepEqual(starts, ['2011-12-29T20:00:00.000Z', '2011-12-30T20:00:00.000Z']);
  });

  it('finds what overlaps the window, also what began before it', () => {
    const rule = parseRecurrence('FREQ=DAILY');
    const long = plan('2026-01-01T20:00', { durationMinutes: 3 * 24 * 60 });
    const found = occurrences(rule, long, { from: '2026-05-10T21:00:00.000Z', until: '2026-05-11T20:00:00.000Z' });
    assert.deepEqual(
      found.map(({ localDate }) => localDate),
      ['2026-05-08', '2026-05-09', '2026-05-10'],
    );
    const edge = { from: '2026-05-10T21:00:00.000Z', until: '2026-05-11T20:00:00.001Z' };
    assert.equal(occurrences(rule, plan('2026-01-01T20:00'), edge).length, 1);
    assert.deepEqual(occurrences(rule, long, { from: edge.until, until: edge.from }), []);
  });

  it('refuses durations that are none', () => {
    for (const durationMinutes of [0, -1, 1.5, Number.NaN, Infinity, 44_641]) {
      assert.throws(() => dates('FREQ=DAILY', '2026-01-01T10:00', 1, { durationMinutes }), AppError);
    }
  });

  it('refuses zones that are none and starts that no calendar has', () => {
    assert.throws(() => dates('FREQ=DAILY', '2026-01-01T10:00', 1, { zone: 'Mars/Base' }), AppError);
    assert.throws(() => dates('FREQ=DAILY', '2026-02-30T10:00', 1), AppError);
    assert.throws(() => dates('FREQ=DAILY', '9999-01-01T10:00', 1), AppError);
  });
});

describe('bounds of recurrence', () => {
  const bombs: [string, string][] = [
    ['FREQ=DAILY', '1970-01-01T00:00'],
    ['FREQ=DAILY;INTERVAL=999999', '1970-01-01T00:00'],
    ['FREQ=WEEKLY;INTERVAL=999999', '1970-01-01T00:00'],
    ['FREQ=MONTHLY;INTERVAL=999999', '1970-01-01T00:00'],
    ['FREQ=YEARLY;INTERVAL=999999', '1970-01-01T00:00'],
    ['FREQ=DAILY;COUNT=10000;INTERVAL=999999', '1970-01-01T00:00'],
    ['FREQ=YEARLY;COUNT=10000', '1970-01-01T00:00'],
    ['FREQ=DAILY;COUNT=10000;BYMONTH=2;BYMONTHDAY=30', '1970-01-01T00:00'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '1970-01-01T00:00'],
    ['FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30', '1970-01-01T00:00'],
    ['FREQ=WEEKLY;BYMONTH=2;BYDAY=MO;COUNT=10000', '1970-01-01T00:00'],
    ['FREQ=DAILY', '9998-12-31T23:59'],
    ['FREQ=YEARLY', '9998-12-31T23:59'],
    ['FREQ=DAILY;UNTIL=99991231T235959Z', '9998-12-01T00:00'],
  ];
  const windows = [
    ALL,
    { from: '9000-01-01T00:00:00.000Z', until: '9999-12-31T23:59:59.999Z' },
    { from: '2026-01-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z' },
  ];
  for (const [rule, start] of bombs) {
    it(`${rule} from ${start} costs little, whatever the window`, () => {
      const before = process.cpuUsage();
      for (const window of windows) {
        const found = occurrences(
          parseRecurrence(rule),
          plan(start, { zone: 'Europe/Rome', durationMinutes: 44_640 }),
          window,
        );
        assert.ok(found.length <= 400);
        for (const { end } of found) assert.equal(end.length, 24);
      }
      const { user, system } = process.cpuUsage(before);
      assert.ok(user + system < 1_500_000, `${(user + system) / 1000} ms`);
    });
  }

  it('finds what is far from the start', () => {
    const window = { from: '2926-01-01T00:00:00.000Z', until: '2926-01-03T00:00:00.000Z' };
    assert.equal(occurrences(parseRecurrence('FREQ=DAILY'), plan('1970-01-01T10:00'), window).length, 2);
    const yearly = { from: '9996-01-01T00:00:00.000Z', until: '9998-12-31T00:00:00.000Z' };
    assert.deepEqual(
      occurrences(parseRecurrence('FREQ=YEARLY'), plan('2028-02-29T10:00'), yearly).map(({ localDate }) => localDate),
      ['9996-02-29'],
    );
  });

  it('gives at most as many as were asked for, the first ones', () => {
    assert.equal(occurrences(parseRecurrence('FREQ=DAILY'), plan('2026-01-01T10:00'), ALL).length, 400);
    assert.equal(dates('FREQ=DAILY', '2026-01-01T10:00', 2), '2026-01-01 2026-01-02');
    assert.equal(dates('FREQ=DAILY', '2026-01-01T10:00', 0), '');
  });
});

describe('occurrences against counting the days', () => {
  /** Looks at each day from the start, with no arithmetic of periods. */
  function naive(rule: { weekly: boolean; interval: number; weekdays: readonly number[] }, one: RecurrencePlan) {
    const { weekly, interval, weekdays } = rule;
    const first = toMs(`${one.startLocal.slice(0, 10)}T00:00:00.000Z`);
    const monday = first - ((new Date(first).getUTCDay() + 6) % 7) * DAY;
    return Array.from({ length: 170 }, (_, index) => first + index * DAY)
      .filter((day) => {
        const step = weekly ? Math.floor((day - monday) / (7 * DAY)) : (day - first) / DAY;
        return step % interval === 0 && weekdays.includes((new Date(day).getUTCDay() + 6) % 7);
      })
      .map((day) => toInstant(day).slice(0, 10))
      .filter((date) => !one.exceptions.includes(date))
      .map((date) => ({ localDate: date, start: localToInstant(`${date}T${one.startLocal.slice(11)}`, one.zone) }));
  }

  const NAMES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

  it('finds the same for DAILY and WEEKLY in every window', () => {
    const given = fc.record({
      weekly: fc.boolean(),
      interval: fc.integer({ min: 1, max: 5 }),
      weekdays: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 }),
      zone: fc.constantFrom('Europe/Rome', 'America/New_York', 'UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'),
      start: fc.integer({ min: 0, max: 700 }),
      minute: fc.integer({ min: 0, max: 1439 }),
      left: fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 5 }),
      fromHours: fc.integer({ min: -100, max: 2400 }),
      hours: fc.integer({ min: 1, max: 1400 }),
      durationMinutes: fc.integer({ min: 1, max: 4000 }),
    });
    fc.assert(
      fc.property(
        given,
        ({ weekly, interval, weekdays, zone, start, minute, left, fromHours, hours, durationMinutes }) => {
          const begin = Date.UTC(2026, 0, 1) + start * DAY;
          const one = plan(toInstant(begin + minute * 60_000).slice(0, 16), {
            zone,
            durationMinutes,
            exceptions: left.map((days) => toInstant(begin + days * DAY).slice(0, 10)),
          });
          const window = {
            from: toInstant(begin + fromHours * HOUR),
            until: toInstant(begin + (fromHours + hours) * HOUR),
          };
          const byDay = weekdays.map((weekday) => NAMES[weekday]).join(',');
          const rule = parseRecurrence(`FREQ=${weekly ? 'WEEKLY' : 'DAILY'};INTERVAL=${interval};BYDAY=${byDay}`);
          const expected = naive({ weekly, interval, weekdays }, one).filter(
            (each) => each.start < window.until && toMs(each.start) + durationMinutes * 60_000 > toMs(window.from),
          );
          assert.deepEqual(
            occurrences(rule, one, window).map((found) => ({ localDate: found.localDate, start: found.start })),
            expected,
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('finds the same for MONTHLY and YEARLY as the program that people subscribe with', () => {
    const day = fc
      .tuple(fc.constantFrom('', '1', '2', '3', '4', '-1', '-2', '-3', '-4'), fc.constantFrom(...NAMES))
      .map(([ordinal, name]) => `BYDAY=${ordinal}${name}`);
    const date = fc.constantFrom(1, 5, 13, 28, 29, 30, 31, -1).map((number) => `BYMONTHDAY=${number}`);
    const month = fc.integer({ min: 1, max: 12 }).map((number) => `BYMONTH=${number}`);
    const rule = fc
      .tuple(
        fc.integer({ min: 1, max: 6 }),
        fc.oneof(
          fc.oneof(day, date).map((part) => `FREQ=MONTHLY;${part}`),
          fc.tuple(month, day).map((parts) => `FREQ=YEARLY;${parts.join(';')}`),
          day.map((part) => `FREQ=YEARLY;${part}`),
        ),
      )
      .map(([interval, text]) => `${text};INTERVAL=${interval}`);
    fc.assert(
      fc.property(rule, fc.integer({ min: 0, max: 3000 }), (text, days) => {
        // The other one expects its start to be a day of the rule.
        const start = dates(text, toInstant(Date.UTC(2020, 0, 1) + days * DAY).slice(0, 16), 1);
        const theirs = ICAL.Recur.fromString(text).iterator(ICAL.Time.fromString(`${start}T10:00:00`, undefined));
        const expected = Array.from({ length: 8 }, () => theirs.next().toString().slice(0, 10));
        assert.equal(dates(text, `${start}T10:00`, 8), expected.join(' '));
      }),
      { numRuns: 300 },
    );
  });

  it('shows the same time on every wall, but where that time is skipped', () => {
    for (const zone of ['Europe/Rome', 'America/New_York', 'Australia/Lord_Howe']) {
      for (const time of ['00:00', '02:30', '12:00']) {
        const year = { from: '2026-01-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z' };
        const found = occurrences(parseRecurrence('FREQ=DAILY'), plan(`2025-12-01T${time}`, { zone }), year);
        const moved = found.filter(({ start, localDate }) => instantToLocal(start, zone) !== `${localDate}T${time}`);
        assert.ok(found.length >= 365 && moved.length <= 1);
        for (const { start, localDate } of moved) {
          assert.ok(toMs(start) - toMs(localToInstant(`${localDate}T00:00`, zone)) < 4 * HOUR);
        }
      }
    }
  });
});
