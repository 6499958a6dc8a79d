import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { type Actor, ANONYMOUS } from '../../core/index.ts';
import { html } from '../html/index.ts';
import type { Page, Visit } from '../http/index.ts';
import { LANGUAGES } from '../i18n/index.ts';
import type { NavigationEntry } from '../module/index.ts';
import { asset, designAssets } from './assets.ts';
import { designPage } from './design-page.ts';
import { layout, staleNotice } from './layout.ts';

const site = { title: 'Signalbox', publicUrl: 'http://x/s', basePath: '/s', timezone: 'Europe/Rome', demo: true };
const asOf = '2026-11-21T09:54:00.000Z';
const alice: Actor = { kind: 'user', id: '1', name: 'Alice <b>', role: 'admin' };

function visit(change: Partial<Visit> = {}): Visit {
  return {
    actor: ANONYMOUS,
    language: 'en',
    path: '/',
    query: new URLSearchParams(),
    params: {},
    requestId: 'r',
    ip: '::1',
    absolute: (path) => site.publicUrl + path,
    link: (path) => site.basePath + path,
    csrf: html``,
    cookies: {},
    theme: 'auto',
    kiosk: false,
    notice: null,
    ...change,
  };
}

const navigation: NavigationEntry[] = [
  { path: '/', label: () => 'Overview', visible: () => true, wall: true },
  { path: '/history', label: () => 'History', visible: () => true },
  { path: '/admin', label: () => 'Only for Alice', visible: (actor) => actor.kind === 'user', wall: true },
];

function documentOf(change: Partial<Visit> = {}, page: Partial<Page> = {}): string {
  const main = html`<h1>Title</h1>`;
  return layout({ visit: visit(change), page: { title: 'Title', main, ...page }, asOf, site, navigation }).toString();
}

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:a11y'],
    elements: ['html5'],
    // The wall screen without script looks again every minute; nobody works on it.
    rules: { 'meta-refresh': 'off' },
  }),
);

async function assertValid(markup: string): Promise<void> {
  const report = await validator.validateString(markup);
  const messages = report.results.flatMap((result) => result.messages.map((each) => `${each.line}: ${each.message}`));
  assert.deepEqual(messages, []);
}

describe('layout', () => {
  it('is valid HTML for everybody', async () => {
    await assertValid(documentOf());
    await assertValid(documentOf({ actor: alice, csrf: html`<input type="hidden" name="csrf" value="x">` }));
    await assertValid(documentOf({ kiosk: true, theme: 'dark', language: 'it', notice: 'Saved' }));
  });

  it('keeps to the content security policy', () => {
    for (const markup of [documentOf({ actor: alice }), documentOf({ kiosk: true })]) {
      assert.doesNotMatch(markup, /<style|\sstyle=|\son\w+=|<script(?! type="module" src=)|(src|href)="(https?:)?\/\//);
    }
  });

  it('puts the prefix before every path of ours', () => {
    const paths = [...documentOf({ actor: alice }).matchAll(/(?:href|src|action)="(\/[^"]*)"/g)].map(
      ([, path]) => path,
    );
    assert.ok(paths.length > 5);
    assert.deepEqual(
      paths.filter((path) => path?.startsWith('/s/') !== true),
      [],
    );
  });

  it('shows navigation to those it is for, and where they are', () => {
    assert.doesNotMatch(documentOf(), /Only for Alice/);
    const markup = documentOf({ actor: alice }, { nav: '/admin' });
    assert.match(markup, /<a href="\/s\/admin" aria-current="page">Only for Alice<\/a>/);
  });

  it('escapes names, searches and notices', () => {
    const query = new URLSearchParams({ q: '"><script>' });
    const markup = documentOf({ actor: alice, query, notice: '<i>', path: '/"x' });
    assert.doesNotMatch(markup, /<script>|Alice <b>|<i>|"x"/);
    assert.match(markup, /Alice &lt;b&gt;/);
  });

  it('offers sign-in with the way back, and sign-out as a form', () => {
    const query = new URLSearchParams({ q: 'k' });
    assert.match(documentOf({ path: '/facility', query }), /href="\/s\/login\?returnTo=%2Ffacility%3Fq%3Dk"/);
    assert.match(documentOf({ actor: alice }), /<form class="account" method="post" action="\/s\/logout">/);
  });

  it('says that it is a demo only in the demo', () => {
    assert.match(documentOf(), /class="demo"/);
    const page = { title: 'Title', main: html`` };
    const real = layout({ visit: visit(), page, asOf, site: { ...site, demo: false }, navigation }).toString();
    assert.doesNotMatch(real, /class="demo"/);
  });

  it('is the same bytes for two visitors of one language', () => {
    assert.equal(documentOf({ requestId: 'a', ip: '::1' }), documentOf({ requestId: 'b', ip: '::2' }));
  });

  it('has a place for the notice of a stale page', () => {
    const notice = staleNotice(visit(), asOf, site).toString();
    const stale = documentOf().replace('<!--stale-->', () => notice);
    assert.match(stale, /The database does not answer.*<time datetime="2026-11-21T09:54:00.000Z">/s);
  });

  it('goes through the pages that show everybody the present on a wall screen, and has no navigation there', () => {
    const markup = documentOf({ actor: alice, kiosk: true });
    assert.match(markup, /data-pages="\/s\/"/);
    assert.doesNotMatch(markup, /<nav/);
  });
});

describe('designPage', () => {
  for (const language of LANGUAGES) {
    it(`is valid HTML in ${language}`, async () => {
      const page = designPage(visit({ language, path: '/design' }));
      await assertValid(layout({ visit: visit({ language }), page, asOf, site, navigation }).toString());
    });
  }
});

describe('assets', () => {
  it('have a name that changes with their content and load nothing', () => {
    assert.equal(designAssets().length, 3);
    for (const { path, content, type } of designAssets()) {
      assert.match(path, /^\/assets\/\w+\.[0-9a-f]{12}\.\w+$/);
      assert.match(type, /^(text\/(css|javascript); charset=utf-8|image\/svg\+xml)$/);
      assert.doesNotMatch(String(content), /@import|url\(["']?(?!['"]?#)|https?:\/\/(?!www\.w3\.org)/);
    }
    assert.ok(designAssets().some(({ path }) => path === asset('app.css')));
  });

  it('stay small', () => {
    const bytes = designAssets().reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
    assert.ok(bytes < 64_000, `${bytes} bytes`);
  });
});
