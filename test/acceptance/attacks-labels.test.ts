import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { type Lab, startLab } from '../support/lab.ts';
import { until } from '../support/until.ts';

const RTL = '\u202egnitirw tfel ot thgir\u202c';
const HOSTILE = [
  'D:<script>alert(1)</script>',
  'D:"><img src=x onerror=alert(2)>',
  "D:'; drop table facility_device; --",
  'D:__proto__',
  'D:constructor',
  'D:toString',
  'D:hasOwnProperty',
  `D:${RTL}`,
  `D:${'x'.repeat(10_000)}`,
  'D:🔬🧊',
  'D:',
  'D:   ',
  'D:\u00a0\u200b',
  'D:Twin',
  'D:TWIN',
  'D:twin',
  'D:=HYPERLINK("http://evil.test","x")',
  'D:+1+1',
  'D:@SUM(A1)',
  'D:-2|cmd',
  'D:\t=1+1',
  'D:../../etc/passwd',
  'D:%2e%2e%2f',
  'D:a\r\nSet-Cookie: evil=1',
  'D:a,b;c"d',
  'D:\u0000nul\u0007bell\u001b[31mred',
  'D:javascript:alert(3)',
  'D:]]>&lt;!--',
  'D:\ud800 lone surrogate',
];

/** What a strict XML parser has against a picture; an empty text when nothing. */
function xmlComplaints(svg: string): string {
  const parser = 'import sys, xml.dom.minidom as m; m.parseString(sys.stdin.buffer.read())';
  const { status, stderr } = spawnSync('python3', ['-c', parser], { input: svg, encoding: 'utf8' });
  return status === 0 ? '' : stderr;
}

interface Device {
  key: string;
  name: string;
  state: string;
}

describe('attack 5 (and 13, 34): labels with hostile names, from GitLab to every page', () => {
  let lab: Lab;
  let devices: Device[];

  before(async () => {
    lab = await startLab({ labels: HOSTILE, configured: { groups: { '#009966': '<b>group</b>' } } });
    const { gitlab, project } = lab;
    gitlab.world.openIssue(project, {
      title: '=cmd|"/c calc"!A1 <script>alert(4)</script>',
      labels: ['CRITICAL', ...HOSTILE.slice(0, 12)],
    });
    await lab.settled();
    await until('devices are down', async () => (await lab.text('/api/facility/devices')).includes('DOWN'));
    ({ devices } = JSON.parse(await lab.text('/api/facility/devices')) as { devices: Device[] });
  });
  after(() => lab[Symbol.asyncDispose]());

  it('make one device each, with keys that fit into addresses and never collide', () => {
    assert.equal(devices.length, HOSTILE.length);
    assert.equal(new Set(devices.map(({ key }) => key)).size, HOSTILE.length);
    for (const { key } of devices) assert.match(key, /^facility\/[a-z0-9][a-z0-9._-]{0,99}$/);
    assert.equal(devices.filter(({ state }) => state === 'DOWN').length, 12);
    assert.equal(({} as Record<string, unknown>)['alert'], undefined);
  });

  it('become no markup on the board, the overview and their own pages, in either language', async () => {
    const paths = ['/', '/facility', '/?q=%3Cscript%3E', ...devices.map(({ key }) => `/components/${key}`)];
    const validator = new HtmlValidate({
      root: true,
      rules: { 'close-order': 'error', 'attr-quotes': 'off', 'no-dup-attr': 'error' },
    });
    for (const path of paths) {
      const html = await lab.text(path, { headers: { 'accept-language': path.length % 2 === 0 ? 'it' : 'en' } });
      assert.doesNotMatch(
        html,
        /<script(?![^>]* src="\/assets\/)|<img src=x|onerror=alert\(2\)>|href="javascript:|<b>group/,
        path,
      );
      assert.doesNotMatch(html, /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/, path);
      assert.ok(html.isWellFormed(), path);
      const report = await validator.validateString(html);
      assert.deepEqual(
        report.results.flatMap(({ messages }) => messages.map(({ message }) => message)),
        [],
        path,
      );
    }
  });

  it('keep a name of 10,000 characters from filling the board, and directions from leaking out of their element', async () => {
    const board = await lab.text('/facility');
    assert.ok(!board.includes('x'.repeat(2000)));
    const overview = await lab.text('/');
    assert.ok(!overview.includes('x'.repeat(2000)));
    const opened = board.match(/[\u202a-\u202e\u2066-\u2069]/g) ?? [];
    if (opened.length > 0) assert.match(board, /<bdi>|dir="auto"|unicode-bidi/, 'overrides are isolated');
  });

  it('make badges that are well-formed XML without anything that runs', async () => {
    const pictures: string[] = [];
    for (const { key } of devices) {
      const answer = await fetch(`${lab.box.url}/badges/${key}.svg`);
      assert.equal(answer.status, 200, key);
      assert.equal(answer.headers.get('set-cookie'), null);
      pictures.push(await answer.text(), await lab.text(`/badges/${key}/uptime-30d.svg`));
    }
    for (const svg of pictures) {
      assert.doesNotMatch(svg, /<script|<foreignObject|<image|javascript:.*href|on\w+="/i);
      assert.ok(svg.length < 5000, `${svg.length} bytes`);
    }
    const all = `<all>${pictures.join('')}</all>`;
    assert.equal(xmlComplaints(all), '');
  });

  it('are data in JSON, also __proto__', async () => {
    const names = devices.map(({ name }) => name);
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '<script>alert(1)</script>']) {
      assert.ok(names.includes(name), name);
    }
    for (const { key } of devices) {
      const badge = JSON.parse(await lab.text(`/badges/${key}.json`)) as { label: string; isError?: boolean };
      assert.equal(badge.isError ?? false, false, key);
      const one = JSON.parse(await lab.text(`/api/components/${key}`)) as { name: string };
      assert.equal(typeof one.name, 'string');
    }
  });

  it('start no formula and no new line in any CSV', async () => {
    const files = ['/facility?format=csv', '/facility?format=csv&view=changes'];
    files.push(...devices.map(({ key }) => `/api/components/${key}/history?format=csv`));
    for (const file of files) {
      const csv = await lab.text(file);
      for (const cell of cells(csv)) assert.doesNotMatch(cell, /^\s*[=+@|%\t]|^-(?!\d+(\.\d+)?$)/, `${file}: ${cell}`);
      const widths = new Set(rows(csv).map((row) => row.length));
      assert.equal(widths.size, 1, `${file} has rows of ${[...widths].join(' and ')} cells`);
    }
  });

  it('stand in GitLab badges behind their label number or key, in addresses that stay ours', () => {
    const badges = lab.gitlab.world.badgesOf(lab.project);
    assert.equal(badges.length, HOSTILE.length);
    for (const { imageUrl, linkUrl } of badges) {
      assert.ok(imageUrl.startsWith(`${lab.box.url}/badges/facility/`), imageUrl);
      assert.equal(new URL(imageUrl).origin, new URL(lab.box.url).origin);
      assert.equal(new URL(linkUrl).origin, new URL(lab.gitlab.url).origin);
      assert.doesNotMatch(linkUrl + imageUrl, /[\s<>"'\u0000-\u001f]/);
    }
  });

  it('keep twins apart that differ in case only: each has its own light', async () => {
    const { gitlab, project } = lab;
    const issue = gitlab.world.openIssue(project, { title: 'One twin', labels: ['D:TWIN', 'CRITICAL'] });
    await lab.settled();
    await until('one of three is down', async () => {
      const { devices: now } = JSON.parse(await lab.text('/api/facility/devices')) as { devices: Device[] };
      const states = Object.fromEntries(
        now.filter(({ name }) => /^twin$/i.test(name)).map(({ name, state }) => [name, state]),
      );
      return states['TWIN'] === 'DOWN' && states['Twin'] === 'RUNNING' && states['twin'] === 'RUNNING';
    });
    gitlab.world.closeIssue(issue);
    await lab.settled();
  });

  it('leave nothing in the log but one line per entry, without raw control characters', () => {
    for (const line of lab.box.log) {
      assert.equal(line.trimEnd().split('\n').length, 1);
      assert.doesNotMatch(line.trimEnd(), /[\u0000-\u001f]/);
    }
  });
});

/** Reads CSV as RFC 4180 says. */
function rows(csv: string): string[][] {
  const found: string[][] = [];
  let row: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  for (const [, quoted, plain, end] of csv.matchAll(pattern)) {
    if (end === '' && row.length === 0 && (quoted ?? plain ?? '') === '') break;
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    found.push(row);
    row = [];
    if (end === '') break;
  }
  return found;
}

function cells(csv: string): string[] {
  return rows(csv).flat();
}
