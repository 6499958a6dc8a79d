import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type * as z from 'zod';
import { siteConfig } from './site.ts';
import {
  cronPattern,
  isMailAddress,
  listenAddress,
  networkPlace,
  networkRange,
  timeZone,
  webAddress,
} from './values.ts';

function verdicts(schema: z.ZodType, good: readonly string[], bad: readonly string[]): void {
  for (const text of good)
    it(`takes ${JSON.stringify(text)}`, () => assert.equal(schema.safeParse(text).success, true));
  for (const text of bad) {
    it(`refuses ${JSON.stringify(text.slice(0, 60))} and says what would be right`, () => {
      const issue = schema.safeParse(text).error?.issues[0];
      assert.ok(issue?.code === 'custom');
      assert.match(String(issue.params?.['remedy']), /^Write /);
    });
  }
}

describe('an address to listen on', () => {
  for (const [text, host, port] of [
    ['127.0.0.1:8080', '127.0.0.1', 8080],
    [':8080', '0.0.0.0', 8080],
    ['localhost:0', 'localhost', 0],
    ['[::1]:65535', '::1', 65535],
    ['[::]:80', '::', 80],
  ] as const) {
    it(`is read from ${text}`, () => assert.deepEqual(listenAddress().parse(text), { host, port }));
  }
  verdicts(
    listenAddress(),
    [],
    ['8080', '::1:8080', 'a:65536', 'a:b', 'http://a:1', '', ':', '[x]:1', 'a b:1', 'a:1\n'],
  );
});

describe('a public address', () => {
  it('loses its last slash and keeps its prefix', () => {
    assert.equal(webAddress().parse('https://Status.example.org/'), 'https://status.example.org');
    assert.equal(webAddress().parse('http://a.example:8080/status/'), 'http://a.example:8080/status');
  });
  verdicts(
    webAddress(),
    ['http://127.0.0.1:8080', 'https://[::1]/x/y'],
    [
      'ftp://a',
      'javascript:alert(1)',
      'a.example',
      '/x',
      'https://a/?q',
      'https://a/#f',
      'https://a?',
      'https://u:p@a',
      '',
    ],
  );
  it('gives the site its prefix', () => {
    const site = { title: 'Lab', timezone: 'UTC' };
    assert.deepEqual(siteConfig({ site, http: { public_url: 'https://a.example/x/y' }, demo: true }), {
      ...site,
      publicUrl: 'https://a.example/x/y',
      basePath: '/x/y',
      demo: true,
    });
    assert.equal(siteConfig({ site, http: { public_url: 'https://a.example' }, demo: false }).basePath, '');
  });
});

describe('a time zone', () => {
  verdicts(
    timeZone(),
    ['Europe/Rome', 'UTC', 'America/Argentina/Buenos_Aires'],
    ['Rome', '+01:00', '', 'x'.repeat(9999), 'Europe/Rome\n'],
  );
});

describe('a range of addresses', () => {
  verdicts(
    networkRange(),
    ['10.0.0.0/8', '192.0.2.7', '::1', 'fd00::/8', '0.0.0.0/0'],
    ['10.0.0.0/33', '10.0.0', 'fd00::/129', '10.0.0.0/8/8', 'a.example', '', '10.0.0.0/', '010.1.1.1', '10.0.0.0/-1'],
  );
});

describe('a place in the network', () => {
  verdicts(
    networkPlace(),
    [
      '10.0.0.0/8',
      '::1',
      'localhost',
      'chat.example.org',
      'chat:8065',
      '192.0.2.7:443',
      '[fd00::1]:80',
      'münchen.test',
    ],
    [
      '',
      'a b',
      'http://a',
      'a/b',
      'u@a',
      'a:0',
      'a:65536',
      'a:b',
      '10.1',
      '2130706433',
      '0x7f.1:80',
      '[a]:1',
      'a\r\nb',
    ],
  );
});

describe('a cron pattern', () => {
  verdicts(
    cronPattern(),
    ['30 2 * * *', '0 0 2 * * 1'],
    ['30 2 * *', 'daily', '', '99 * * * *', '0 0 30 2 *', `${'1,'.repeat(500)}1 * * * *`],
  );
});

describe('a mail address', () => {
  for (const text of ['a@b', 'alice.o+x@mail.example.org', "o'neil@example.org"]) {
    it(`takes ${text}`, () => assert.equal(isMailAddress(text), true));
  }
  for (const text of [
    'a@b\r\nBcc: c@d',
    'a@b\n',
    'a@b, c@d',
    'Alice <a@b>',
    '<a@b>',
    'a b@c',
    'a@',
    '@b',
    'a@b@c',
    'a@-b',
    'a@b..c',
    `${'a'.repeat(65)}@b`,
    'à@b',
    '"a"@b',
    'a@[127.0.0.1]',
    'a\u0000@b',
    '',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(isMailAddress(text), false));
  }
});
