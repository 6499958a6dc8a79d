import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { anyText, expectedLine, expectedText, HOSTILE } from './hostile.cases.ts';
import { type CalendarEvent, calendar } from './index.ts';

function event(changes: Partial<CalendarEvent> = {}): CalendarEvent {
  return {
    uid: 'maintenance-12@status.example.org',
    start: '2026-12-01T22:00:00.000Z',
    end: '2026-12-02T02:30:00.000Z',
    summary: 'Storage moves',
    description: 'Volumes are read-only.\nNothing is lost.',
    url: 'https://status.example.org/incidents/12?view=all',
    sequence: 3,
    status: 'CONFIRMED',
    stamp: '2026-11-28T10:00:00.000Z',
    modified: '2026-11-28T09:59:59.123Z',
    categories: ['Storage', 'EU-1'],
    ...changes,
  };
}

const write = (events: readonly CalendarEvent[], name = 'Status of Example') =>
  calendar({ name, url: 'https://status.example.org/', events });

const read = (text: string) => new ICAL.Component(ICAL.parse(text) as unknown[]);
const value = (component: ICAL.Component, name: string) => String(component.getFirstPropertyValue(name));
/** Names of all properties, so that one that was smuggled in shows. */
const names = (component: ICAL.Component) => component.getAllProperties().map((property) => property.name);

/** The parser leaves names that begin with X- as they stand; the format says that they are escaped like any text. */
const unescaped = (text: string) => text.replace(/\\(.)/g, (_, mark: string) => (/n/i.test(mark) ? '\n' : mark));

describe('calendar', () => {
  it('has all that calendar programs ask of a subscription', () => {
    const read1 = read(write([]));
    assert.deepEqual(
      read1.getAllProperties().map((property) => [property.name, String(property.getFirstValue())]),
      [
        ['version', '2.0'],
        ['prodid', '-//Signalbox//Signalbox//EN'],
        ['calscale', 'GREGORIAN'],
        ['method', 'PUBLISH'],
        ['name', 'Status of Example'],
        ['x-wr-calname', 'Status of Example'],
        ['url', 'https://status.example.org/'],
        ['refresh-interval', 'PT15M'],
        ['x-published-ttl', 'PT15M'],
      ],
    );
    assert.match(write([]), /^REFRESH-INTERVAL;VALUE=DURATION:PT15M\r$/m);
  });

  it('has events in UTC with what tells a change from a repetition', () => {
    const [one] = read(write([event()])).getAllSubcomponents('vevent');
    assert.ok(one);
    const parsed = new ICAL.Event(one);
    assert.equal(parsed.uid, 'maintenance-12@status.example.org');
    assert.equal(parsed.summary, 'Storage moves');
    assert.equal(parsed.description, 'Volumes are read-only.\nNothing is lost.');
    assert.equal(parsed.startDate.toJSDate().toISOString(), '2026-12-01T22:00:00.000Z');
    assert.equal(parsed.endDate.toJSDate().toISOString(), '2026-12-02T02:30:00.000Z');
    assert.equal(parsed.sequence, 3);
    assert.equal(value(one, 'status'), 'CONFIRMED');
    assert.equal(value(one, 'dtstamp'), '2026-11-28T10:00:00Z');
    assert.equal(value(one, 'last-modified'), '2026-11-28T09:59:59Z');
    assert.equal(value(one, 'url'), 'https://status.example.org/incidents/12?view=all');
    assert.deepEqual(one.getFirstProperty('categories')?.getValues(), ['Storage', 'EU-1']);
  });

  it('has no end while nobody knows it, or where it is not after the start', () => {
    for (const end of [null, '2026-12-01T22:00:00.000Z', '2026-12-01T21:00:00.000Z']) {
      assert.doesNotMatch(write([event({ end })]), /DTEND/);
    }
  });

  it('says TENTATIVE and CANCELLED, and leaves out categories where there are none', () => {
    for (const status of ['TENTATIVE', 'CANCELLED'] as const) {
      assert.match(write([event({ status })]), new RegExp(`^STATUS:${status}\r$`, 'm'));
    }
    assert.doesNotMatch(write([event({ categories: [] })]), /CATEGORIES/);
  });

  it('says years with four digits', () => {
    assert.match(write([event({ end: '9999-12-31T23:59:59.999Z' })]), /^DTEND:99991231T235959Z\r$/m);
    assert.match(write([event({ end: '+010000-01-01T00:00:00.000Z' })]), /^DTEND:99991231T235959Z\r$/m);
  });

  it('is the same bytes for the same events', () => {
    assert.equal(write([event()]), write([event()]));
  });
});

/** Holds for every calendar: lines end in CRLF, have at most 75 octets, and none begins in the middle of a character. */
function assertFolded(text: string): void {
  assert.ok(text.endsWith('END:VCALENDAR\r\n'));
  for (const line of text.slice(0, -2).split('\r\n')) {
    assert.ok(Buffer.byteLength(line) <= 75, `${Buffer.byteLength(line)} octets`);
    assert.doesNotMatch(line, /[\r\n]/);
    assert.equal(line.isWellFormed(), true);
  }
}

describe('hostile text in calendars', () => {
  const expectedNames = names(read(write([event()])).getAllSubcomponents('vevent')[0] as ICAL.Component);

  function assertHeld(hostile: string, description: string): void {
    // The parser takes an escaped backslash before the comma for an escaped comma; so no category ends in one here.
    const changes = { uid: hostile, summary: hostile, description, categories: [`${hostile}.`, 'b'] };
    const text = write([event(changes), event()], hostile);
    assertFolded(text);
    const got = read(text);
    const [one, next, ...more] = got.getAllSubcomponents('vevent');
    assert.ok(one && next);
    assert.deepEqual(more, []);
    const line = expectedLine(hostile);
    assert.equal(unescaped(value(got, 'x-wr-calname')), line);
    assert.deepEqual(names(one), expectedNames);
    assert.deepEqual(one.getAllSubcomponents(), []);
    assert.equal(value(one, 'summary'), line);
    assert.equal(value(one, 'uid'), line);
    assert.equal(value(one, 'description'), expectedText(description));
    assert.deepEqual(one.getFirstProperty('categories')?.getValues(), [expectedLine(`${hostile}.`), 'b']);
    assert.equal(value(next, 'summary'), 'Storage moves');
  }

  for (const [name, text] of Object.entries(HOSTILE)) {
    it(`${name} stays within its value`, () => assertHeld(text, text));
  }

  it('summaries and descriptions come back as they were, whatever they are', () => {
    fc.assert(fc.property(anyText, anyText, assertHeld), { numRuns: 300 });
  });

  it('an address cannot bring a property with it', () => {
    const text = write([event({ url: 'https://a.example/\r\nATTENDEE:mailto:x@y.example' })]);
    assert.doesNotMatch(text, /^ATTENDEE/m);
    assertFolded(text);
  });

  it('folds before a character that would not fit, at every width', () => {
    for (let before = 0; before < 90; before++) assertHeld(`${'x'.repeat(before)}\u{1f6a8}\u00e9\u20ac`, 'a');
  });
});
