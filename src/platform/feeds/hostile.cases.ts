import fc from 'fast-check';
import { trustedHtml } from '../html/index.ts';
import type { Feed, FeedEntry } from './feed.ts';

const FIRST_ID = 'tag:status.example.org,2026-01-01:incident/7';

export function entry(changes: Partial<FeedEntry> = {}): FeedEntry {
  return {
    id: FIRST_ID,
    url: 'https://status.example.org/incidents/7?view=all&from=feed',
    title: 'Storage is slow',
    html: trustedHtml('<p>Since <em>10:40</em> &amp; still</p>'),
    text: 'Since 10:40 & still',
    published: '2026-11-27T09:40:00.000Z',
    updated: '2026-11-28T22:05:09.000Z',
    categories: ['Storage', 'EU-1'],
    ...changes,
  };
}

export function feed(changes: Partial<Feed> = {}): Feed {
  return {
    id: 'tag:status.example.org,2026-01-01:feed/all',
    title: 'Status of Example',
    link: 'https://status.example.org/',
    self: 'https://status.example.org/feeds/all.xml',
    description: 'Incidents and maintenances',
    updated: '2026-11-28T22:05:09.000Z',
    language: 'en',
    entries: [entry()],
    ...changes,
  };
}

/** Text that breaks a format when it is written there as it is. */
export const HOSTILE: Readonly<Record<string, string>> = {
  'a script': '<script>alert(1)</script>',
  'an end of CDATA': 'a ]]> <b>c</b> <![CDATA[ d',
  entities: '&amp; &lt;b&gt; &#60; &nope; & &&',
  'an external entity': '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>&b;',
  'line ends': 'a\r\nATTENDEE:mailto:x@y.example\rb\nEND:VEVENT\u2028c\u2029d\u0085e',
  'marks of calendars': String.raw`a;b,c\d\n\N\;"e":f`,
  'emoji at every fold': '\u{1f6a8}'.repeat(60),
  'accents at every fold': `x${'\u00e9'.repeat(90)}`,
  'Hebrew, and a turn of direction': '\u05e9\u05dc\u05d5\u05dd \u202etxt.exe\u2066',
  'NUL and its kin': 'a\u0000b\u0001c\u0008d\u000be\u001ff\u007fg\ufffeh\uffffi',
  'halves of characters': 'a\ud83db\udea8c',
  'quotes and attributes': `" onload="alert(1)' x='`,
  'tabs and many blanks': '\t a \u00a0  b \t',
  nothing: '',
};

/** What may be left of a text: said here again, character by character, to check what the writers do. */
export function expectedText(text: string): string {
  let kept = '';
  for (const character of text.replaceAll('\r\n', '\n')) {
    const code = character.codePointAt(0) ?? 0;
    if (['\r', '\n', '\u0085', '\u2028', '\u2029'].includes(character)) kept += '\n';
    else if (isKept(code)) kept += character;
  }
  return kept;
}

function isKept(code: number): boolean {
  if (code < 0x20) return code === 0x09;
  const forbidden = code === 0x7f || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff;
  const turnsDirection = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return !forbidden && !turnsDirection;
}

export function expectedLine(text: string): string {
  return expectedText(text).replace(/\s+/g, ' ').trim();
}

/** Any text, with more of what matters than chance would bring. */
export const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Object.values(HOSTILE), ' ', '\n', ';', ',', '\\', ':', '\u{1f6a8}'),
      fc.string({ unit: 'binary' }),
    ),
    {
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''));
