import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ComponentDeclared, ROLES, SignalReported, StatusChanged, type Visibility } from '../../src/core/index.ts';
import { ownAddress } from '../support/databases.ts';
import { signIn } from '../support/people.ts';
import { fill, type Route, withRoutes } from '../support/routes.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { type Asked, addresses, askAll, openStream, placesOf } from '../support/surface.ts';
import { until } from '../support/until.ts';

const POSTGRES = process.env['SIGNALBOX_TEST_POSTGRES'];

/** One word per thing that can give a component away, so that a leak says what leaked. */
const things = {
  public: { key: 'lab/open-door', words: ['OPENNAME', 'OPENSUMMARY', 'OPENGROUP'] },
  members: {
    key: 'lab/shut-door',
    words: ['SHUTNAME', 'SHUTSUMMARY', 'SHUTGROUP', 'shut-door', 'shutlink', 'SHUTWORD'],
  },
  badge: { key: 'lab/ajar-door', words: ['AJARNAME', 'AJARSUMMARY', 'AJARGROUP', 'ajarlink', 'AJARWORD'] },
} as const;
const KEYS = Object.values(things).map(({ key }) => key);

const THOROUGHLY = ['anonymous', 'viewer', 'token signals:write'];

interface Viewer {
  name: string;
  headers: Record<string, string>;
  sees: boolean;
}

for (const engine of ['sqlite', 'postgres'] as const) {
  const skip = engine === 'postgres' && POSTGRES === undefined && process.env['CI'] !== 'true';
  describe(`attacks 16, 17 and 25: who sees what in which form, on ${engine}`, {
    skip: skip && 'no PostgreSQL',
  }, () => {
    let box: TestApp;
    let cleanup: () => Promise<void>;
    let routes: readonly Route[];
    const viewers: Viewer[] = [];
    const answers = new Map<string, Asked[]>();

    before(async () => {
      const { url: databaseUrl, remove } = await ownAddress(engine);
      cleanup = remove;
      ({ started: box, routes } = await withRoutes(() => startApp({ databaseUrl })));
      await declare(box, { ...things.public, visibility: 'public', prefix: 'OPEN' });
      await declare(box, { ...things.members, visibility: 'members', prefix: 'SHUT' });
      await declare(box, { ...things.badge, visibility: 'members', prefix: 'AJAR', publicBadge: true });
      await box.app.journal.drain();
      viewers.push({ name: 'anonymous', headers: {}, sees: false });
      for (const role of ROLES) {
        viewers.push({ name: role, headers: { ...(await signIn(box, role)).headers }, sees: true });
      }
      const token = async (...scopes: Parameters<TestApp['token']>) => ({
        authorization: `Bearer ${await box.token(...scopes)}`,
      });
      viewers.push({ name: 'token read', headers: await token('read'), sees: true });
      viewers.push({ name: 'token signals:write', headers: await token('signals:write'), sees: false });
      viewers.push({ name: 'token incidents:write', headers: await token('incidents:write'), sees: false });
      viewers.push({ name: 'token create', headers: await token('signals:write', 'components:create'), sees: false });
      viewers.push({
        name: 'a cookie of nobody',
        headers: { cookie: `signalbox_session=${'A'.repeat(43)}` },
        sees: false,
      });
      const paths = addresses(routes, KEYS, ['?q=door', '?q=shut', '?area=lab']);
      for (const { name, headers } of viewers) {
        // Half of the viewers are asked without every variant of a query: it is the same code.
        const asked = THOROUGHLY.includes(name) ? paths : paths.filter((path) => !path.includes('?'));
        answers.set(
          name,
          await askAll(box.url, asked, { headers, languages: name === 'anonymous' ? ['en', 'it'] : ['en'] }),
        );
      }
    });
    after(async () => {
      await box.stop();
      await cleanup();
    });

    const of = (name: string) => answers.get(name) ?? [];
    const body = (name: string, path: string) => of(name).find((answer) => answer.path === path)?.body ?? '';

    it('asks enough: every GET route in every form for every viewer', () => {
      assert.equal(viewers.length, 11);
      for (const { name } of viewers)
        assert.ok(of(name).length > (THOROUGHLY.includes(name) ? 150 : 30), `${name}: ${of(name).length}`);
      for (const { path } of routes.filter(({ method }) => method === 'GET' && !/stream/.test(method))) {
        if (path === '/api/stream') continue;
        const [start = ''] = path.split(/[:*]/);
        assert.ok(
          of('anonymous').some((answer) => answer.path.startsWith(start)),
          path,
        );
      }
    });

    it('shows what is public to everybody, in every form', () => {
      for (const { name } of viewers) {
        for (const path of [
          '/',
          '/components/lab/open-door',
          '/api/components',
          '/api/components/lab/open-door',
          '/badges/lab/open-door.svg',
        ]) {
          assert.ok(body(name, path).includes('OPENNAME'), `${path} for ${name}`);
        }
      }
    });

    it('shows what is for members to members: page, list, search, history, badge', () => {
      for (const { name } of viewers.filter(({ sees }) => sees)) {
        for (const path of [
          '/',
          '/components/lab/shut-door',
          '/api/components',
          '/api/components/lab/shut-door',
          '/badges/lab/shut-door.svg',
          '/badges/lab/shut-door/uptime-30d.svg',
        ]) {
          assert.ok(body(name, path).includes('SHUTNAME'), `${path} for ${name}`);
        }
        assert.match(body(name, '/api/components/lab/shut-door/history'), /SHUTSUMMARY/, name);
      }
    });

    it('shows nothing of it to anybody else, in no form: no name, no group, no sentence, no link', () => {
      for (const { name } of viewers.filter(({ sees }) => !sees)) {
        for (const word of [...things.members.words, ...things.badge.words]) {
          const told = placesOf(word, of(name)).filter((place) => !place.includes(word));
          assert.deepEqual(told, [], `${word} for ${name}`);
        }
      }
    });

    it('answers for it as for something that never was: same status, same bytes', async () => {
      const shapes = addresses(routes, ['lab/shut-door']).filter((path) => path.includes('shut-door'));
      const never = shapes.map((path) => path.replaceAll('shut-door', 'nono-door'));
      for (const { name, headers } of viewers.filter(({ sees }) => !sees)) {
        const real = await askAll(box.url, shapes, { headers, languages: ['en'] });
        const none = await askAll(box.url, never, { headers, languages: ['en'] });
        const plain = (asked: Asked[]) => asked.map(({ status, type, body: text }) => [status, type, bare(text)]);
        assert.deepEqual(plain(real), plain(none), name);
      }
    });

    it('gives a badge that may be public the level alone', () => {
      for (const { name } of viewers.filter(({ sees }) => !sees)) {
        assert.match(body(name, '/badges/lab/ajar-door.svg'), /[Mm]ajor outage/, name);
        assert.match(body(name, '/badges/lab/shut-door.svg'), /no such component/, name);
        assert.match(body(name, '/badges/lab/shut-door.json'), /"isError":true/, name);
      }
    });

    it('keeps it out of the metrics, which have no viewer', () => {
      for (const { name } of viewers) {
        assert.doesNotMatch(body(name, '/metrics'), /shut|SHUT|ajar|AJAR/);
        assert.match(body(name, '/metrics'), /open-door/);
      }
    });

    it('counts it for members only', () => {
      const total = (name: string) => (JSON.parse(body(name, '/api/components')) as { total: number }).total;
      for (const { name, sees } of viewers) assert.equal(total(name), sees ? 3 : 1, name);
    });

    it('is not widened by any header, query or body', async () => {
      const claims: Record<string, string> = {
        'x-user': 'admin',
        'x-role': 'admin',
        'x-forwarded-user': 'admin',
        'x-remote-user': 'admin',
        'remote-user': 'admin',
        'x-original-url': '/api/components/lab/shut-door',
        'x-http-method-override': 'POST',
        'x-signalbox-after': '99999999',
        'x-api-key': 'admin',
      };
      const queries = [
        'actor=system',
        'role=admin',
        'viewer=admin',
        'visibility=members',
        'visibility[]=members',
        'all=1',
        'scope=read',
        'token=x',
        'user=admin',
        '__proto__[role]=admin',
        'constructor.role=admin',
        'area=lab&visibility=members',
      ];
      const shown = ['/', '/facility', '/api/components', '/api/components/lab/shut-door', '/components/lab/shut-door'];
      const paths = shown.flatMap((path) => queries.map((query) => `${path}?${query}`));
      const told = [
        ...(await askAll(box.url, paths, { languages: ['en'] })),
        ...(await askAll(box.url, shown, { headers: claims })),
      ];
      assert.deepEqual(placesOf('SHUTNAME', told), []);
      const sent = await fetch(`${box.url}/api/components`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"actor":{"kind":"system"}}',
      });
      assert.ok(sent.status === 404 || sent.status === 405, String(sent.status));
    });

    it('tells live pages what their reader may know, also what they missed', async () => {
      const open = await Promise.all(
        viewers.map(async (viewer) => ({
          ...viewer,
          stream: await openStream(box.url, { ...viewer.headers, 'last-event-id': '0' }),
        })),
      );
      const { journal, db } = box.app;
      await db.write(async (tx) => {
        for (const { key, words, visibility } of [
          { ...things.members, visibility: 'members' as const },
          { ...things.public, visibility: 'public' as const },
        ]) {
          const payload = {
            key,
            name: `${words[0]} LIVE`,
            visibility,
            from: 'operational',
            to: 'degraded',
            state: null,
            since: '2026-01-01T00:00:00.000Z',
          } as const;
          await journal.publish(tx, StatusChanged, { key, payload });
        }
      });
      try {
        for (const { name, sees, stream } of open) {
          await until(`${name} hears`, () => stream.told().includes('OPENNAME LIVE'));
          assert.equal(stream.told().includes('SHUTNAME'), sees, name);
          assert.equal(stream.told().includes('shut-door'), sees, name);
        }
      } finally {
        await Promise.all(open.map(({ stream }) => stream.close()));
      }
    });

    it('lets a token do what its scopes say and nothing else, also in a batch', async () => {
      const post = async (scopes: Parameters<TestApp['token']>, signals: unknown) => {
        const headers = { authorization: `Bearer ${await box.token(...scopes)}`, 'content-type': 'application/json' };
        return await fetch(`${box.url}/api/signals`, { method: 'POST', headers, body: JSON.stringify(signals) });
      };
      const signal = (component: string) => ({ component, source: 'x', name: 'probe', level: 'operational' });
      assert.equal((await post(['read'], signal('lab/open-door'))).status, 403);
      assert.equal((await post(['components:create'], signal('lab/new'))).status, 403);
      assert.equal((await post(['signals:write'], signal('lab/new'))).status, 404);
      const batch = await post(['signals:write'], [signal('lab/open-door'), signal('lab/new'), signal('lab/newer')]);
      const { results } = (await batch.json()) as { results: { status: number }[] };
      assert.deepEqual(
        results.map(({ status }) => status),
        [200, 404, 404],
      );
      assert.equal((await fetch(`${box.url}/api/components/lab/new`)).status, 404);
    });

    it('opens pages of operators and administrators to nobody below them', async () => {
      const pages = routes.filter(
        ({ method, path }) => method === 'GET' && /^\/(admin|facility\/plan|account)/.test(path),
      );
      assert.ok(pages.length >= 7);
      for (const { path } of pages) {
        for (const { name, headers } of viewers) {
          const answer = await fetch(box.url + fill(path, {}), { headers, redirect: 'manual' });
          const { status } = answer;
          const ofOperators = path.startsWith('/facility') || path === '/admin/templates';
          const least = ofOperators
            ? ['operator', 'admin']
            : path.startsWith('/admin')
              ? ['admin']
              : path === '/account'
                ? [...ROLES]
                : ['operator', 'admin'];
          // Strangers are led to sign in, not on.
          const leadsOn = answer.headers.get('location')?.endsWith('/admin/users') === true;
          const opens = status === 200 || status === 404 || leadsOn;
          assert.equal(opens, least.includes(name), `${path} for ${name}: ${status}`);
        }
      }
    });
  });
}

async function declare(
  box: TestApp,
  of: { key: string; visibility: Visibility; prefix: string; publicBadge?: boolean },
): Promise<void> {
  const { key, visibility, prefix, publicBadge = false } = of;
  const { journal, clock, db } = box.app;
  await db.write(async (tx) => {
    await journal.publish(tx, ComponentDeclared, {
      key,
      payload: {
        key,
        name: `${prefix}NAME`,
        kind: 'door',
        group: `${prefix}GROUP`,
        visibility,
        publicBadge,
        link: `https://lab.test/${prefix.toLowerCase()}link`,
      },
    });
    await journal.publish(tx, SignalReported, {
      key,
      payload: {
        component: key,
        source: 'test',
        name: 'door',
        level: 'major_outage',
        state: `${prefix}WORD`,
        summary: `${prefix}SUMMARY`,
        evidence: `https://lab.test/${prefix.toLowerCase()}link`,
        observedAt: clock.now(),
      },
    });
  });
}

/** Without what differs between any two answers, and without the name that was asked for. */
function bare(text: string): string {
  return text
    .replaceAll(/(shut|nono)-door/g, 'DOOR')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(-\w+)?/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'MOMENT')
    .replaceAll(/>[^<>]*\d\d:\d\d(:\d\d)?[^<>]*<\/time>/g, '>TIME</time>');
}
