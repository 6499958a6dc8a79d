import type { Delivery } from '../channel.ts';
import type { Message } from '../message.ts';

export function message(other: Partial<Message> = {}): Message {
  return {
    type: 'incident.updated',
    language: 'en',
    level: 'major_outage',
    impact: 'Major outage',
    title: 'Mail is slow',
    text: 'We found **the cause**.\n\nSee [the page](https://status.example.org/x).',
    url: 'https://status.example.org/incidents/7?a=1&b=2',
    facts: [{ name: 'Affected', value: 'Mail (EU), Mail (US)' }],
    at: '2026-10-01T10:32:00.000Z',
    data: { incident: { id: '7', title: 'Mail is slow' } },
    thread: 'incident:7',
    unsubscribeUrl: 'https://status.example.org/unsubscribe/abc',
    ...other,
  };
}

export function delivery(other: Partial<Delivery> = {}): Delivery {
  return {
    id: '0199a0b0-7c1e-7000-8000-000000000001',
    attempt: 1,
    at: '2026-10-01T10:33:07.900Z',
    createdAt: '2026-10-01T10:33:00.000Z',
    ...other,
  };
}

/** What titles, names and texts may be made of by those who do not wish us well. */
export const HOSTILE = [
  'Krios\r\nBcc: eve@example.org\r\n\r\n<b>x</b>',
  '<!channel> <!here> <!everyone> <@U012AB3CD> <!subteam^S1|x> <#C1|y>',
  '@channel @here @everyone @all',
  '<https://evil.example|https://status.example.org> [x](https://evil.example) ![y](https://evil.example/y.png)',
  '<script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>"\'><a href="javascript:alert(1)">z</a>',
  '</title></h1><style>*{display:none}</style>&lt;b&gt; &amp;amp;',
  '\u202egnp.exe \u0000\u0007\u001b[31m \ud800 \u2028x',
  '**bold** `code` *x* _y_ ~z~ {{DATE(2026-01-01T00:00:00Z,SHORT)}} <at>all</at>',
  '=?utf-8?q?Bcc:_eve@example.org?=',
  '',
  ' ',
];
