import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SignJWT } from 'jose';
import { ROLES, type Role, toMs } from '../../src/core/index.ts';
import { ownAddress } from '../support/databases.ts';
import { signIn } from '../support/people.ts';
import { type Representation, representationsOf, strangers } from '../support/representations.ts';
import { type Route, withRoutes } from '../support/routes.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { type Circle, fillWithSecrets, KEYS, type Things, WORDS } from '../support/status-page-secrets.ts';
import { TestClock } from '../support/status-page-world.ts';
import { type Asked, askAll, openStream, placesOf } from '../support/surface.ts';
import { until } from '../support/until.ts';

const POSTGRES = process.env['SIGNALBOX_TEST_POSTGRES'];
const LEGACY_SECRET = 'the-secret-key-of-the-dashboard-before';

interface Viewer {
  name: string;
  headers: Record<string, string>;
  /** Sees components for members. */
  member: boolean;
  /** Sees what is not public yet, authors and contacts. */
  writer: boolean;
}

/** The table that everything here is held against. */
function mayKnow({ member, writer }: Viewer, circle: Circle): boolean {
  return { everybody: true, members: member, writers: writer, staff: member && writer, nobody: false }[circle];
}

/** One of each kind of sight. */
const THOROUGHLY = ['anonymous', 'token read', 'token incidents:write', 'creator'];

const WRITERS: readonly Role[] = ['creator', 'operator', 'admin'];

async function viewersOf(box: TestApp, clock: TestClock): Promise<Viewer[]> {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const token = async (...scopes: Parameters<TestApp['token']>) => bearer(await box.token(...scopes));
  const legacy = await new SignJWT({ stackmon: 'dashboard' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(Math.floor(toMs(clock.now()) / 1000) + 100_000)
    .sign(new TextEncoder().encode(LEGACY_SECRET));
  const blind = { member: false, writer: false };
  const viewers: Viewer[] = [
    { name: 'anonymous', headers: {}, ...blind },
    { name: 'a cookie of nobody', headers: { cookie: `signalbox_session=${'A'.repeat(43)}` }, ...blind },
    { name: 'token signals:write', headers: await token('signals:write', 'components:create'), ...blind },
    { name: 'legacy token', headers: bearer(legacy), ...blind },
    { name: 'token read', headers: await token('read'), member: true, writer: false },
    { name: 'token incidents:write', headers: await token('incidents:write'), member: false, writer: true },
    { name: 'token both', headers: await token('incidents:write', 'read'), member: true, writer: true },
  ];
  for (const role of ROLES) {
    const { headers } = await signIn(box, role);
    viewers.push({ name: role, headers: { ...headers }, member: true, writer: WRITERS.includes(role) });
  }
  return viewers;
}

for (const engine of ['sqlite', 'postgres'] as const) {
  const skip = engine === 'postgres' && POSTGRES === undefined && process.env['CI'] !== 'true' && 'no PostgreSQL';
  describe(`attacks 16, 17 and 25: who reads what of the status page in which form, on ${engine}`, { skip }, () => {
    const clock = new TestClock();
    let box: TestApp;
    let cleanup: () => Promise<void>;
    let routes: readonly Route[];
    let things: Things;
    let viewers: Viewer[];
    let asked: Representation[];
    const answers = new Map<string, Asked[]>();

    before(async () => {
      const { url: databaseUrl, remove } = await ownAddress(engine);
      cleanup = remove;
      const values = {
        auth: { legacy_tokens: { secret: LEGACY_SECRET, payload_key: 'stackmon' } },
      };
      ({ started: box, routes } = await withRoutes(() => startApp({ databaseUrl, clock, values, scheduled: false })));
      things = await fillWithSecrets(box, clock);
      viewers = await viewersOf(box, clock);
      asked = representationsOf({
        keys: [...Object.values(KEYS), 'status-page/never-was'],
        incidents: [...Object.values(things), 999_999],
        regions: ['Openregion', 'SHUTREGION'],
        categories: ['Opencategory', 'SHUTCATEGORY'],
      });
      for (const { name, headers } of viewers) {
        // The others are asked without every variant of a query: it is the same code.
        const isThorough = THOROUGHLY.includes(name);
        const paths = asked.flatMap(({ address }) => (isThorough || !address.includes('?') ? [address] : []));
        const languages = name === 'anonymous' ? (['en', 'it'] as const) : (['en'] as const);
        answers.set(name, await askAll(box.url, paths, { headers, languages }));
      }
    });
    after(async () => {
      await box.stop();
      await cleanup();
    });

    const of = (viewer: Viewer) => answers.get(viewer.name) ?? [];

    it('has a row for every route that the program serves', () => {
      assert.deepEqual(strangers(routes), []);
      assert.ok(asked.length > 220, String(asked.length));
    });

    it('tells nobody, in no form, a word that is not for them', () => {
      for (const viewer of viewers) {
        for (const [word, circle] of WORDS) {
          if (mayKnow(viewer, circle)) continue;
          // What was asked for by a name may stand in the answer that there is no such thing.
          const told = placesOf(word, of(viewer)).filter((place) => !place.includes(word));
          // The audit log is for administrators and names who did what.
          const leaks = told.filter((place) => !(viewer.name === 'admin' && place.startsWith('/admin/audit')));
          assert.deepEqual(leaks, [], `${word} for ${viewer.name}`);
        }
      }
    });

    it('tells everybody, in every form it is meant to stand in, what is for them', () => {
      const routeOf = new Map(asked.map(({ route, address }) => [address, route]));
      for (const viewer of viewers) {
        for (const [word, circle, where] of WORDS) {
          if (!mayKnow(viewer, circle)) continue;
          const found = of(viewer).filter(({ body }) => body.includes(word));
          const routesOfIt = new Set(found.map(({ path }) => routeOf.get(path)));
          for (const route of where) assert.ok(routesOfIt.has(route), `${word} for ${viewer.name} at ${route}`);
        }
      }
    });

    it('answers for what is hidden as for what never was: same status, same bytes', () => {
      for (const viewer of viewers) {
        const hidden = HIDDEN.filter(([, circle]) => !mayKnow(viewer, circle)).map(([name]) => things[name] ?? 0);
        for (const route of ['/incidents/', '/api/incidents/']) {
          const answer = (id: number) => {
            const found = of(viewer).find(({ path }) => path === `${route}${id}`);
            return `${String(found?.status)} ${found?.type ?? ''} ${bare(found?.body ?? '', id)}`;
          };
          for (const id of hidden) {
            assert.ok(answer(id) === answer(999_999), `${route}${id} for ${viewer.name}: ${answer(id).slice(0, 300)}`);
          }
        }
      }
    });

    it('finds by its words only what the seeker may see', async () => {
      for (const viewer of viewers.filter(({ name }) => THOROUGHLY.includes(name))) {
        for (const [word, circle] of WORDS.filter(([one]) => /TITLE$|SAID$|ABOUT$/.test(one))) {
          const { headers } = viewer;
          const found = await fetch(`${box.url}/api/incidents?q=${word.toLowerCase()}`, { headers });
          const { pagination } = (await found.json()) as { pagination: { totalRecords: number } };
          if (!mayKnow(viewer, circle)) assert.equal(pagination.totalRecords, 0, `${word} for ${viewer.name}`);
          else if (/TITLE$/.test(word)) assert.ok(pagination.totalRecords > 0, `${word} for ${viewer.name}`);
          const page = await (await fetch(`${box.url}/history?q=${word}`, { headers })).text();
          if (!mayKnow(viewer, circle)) assert.match(page, /data-live="count">0 /, `${word} for ${viewer.name}`);
        }
      }
    });

    it('tells versions, authors and contacts to writers alone', () => {
      for (const viewer of viewers) {
        const answer = of(viewer).find(({ path }) => path === `/api/incidents/${things['planned']}`);
        const incident = JSON.parse(answer?.body ?? '{}') as Record<string, unknown>;
        for (const field of ['version', 'author', 'contactEmail']) {
          assert.equal(Object.hasOwn(incident, field), viewer.writer, `${field} for ${viewer.name}`);
        }
        assert.equal(answer?.headers.get('etag') === `"v${String(incident['version'])}"`, viewer.writer, viewer.name);
      }
    });

    it('names no number of an incident to those who may not see it', () => {
      const secret = HIDDEN.map(([name, circle]) => [things[name] ?? 0, circle] as const);
      for (const viewer of viewers) {
        for (const { path, body } of of(viewer)) {
          for (const [id, circle] of secret) {
            // What was asked for by its number may say the number.
            if (mayKnow(viewer, circle) || new RegExp(`/${id}(/|$)`).test(path)) continue;
            const named = new RegExp(`/incidents/${id}(?!\\d)|"(incident|mergedInto|movedTo)":${id}(?!\\d)`);
            assert.ok(!named.test(body), `${path} names ${id} to ${viewer.name}`);
          }
        }
      }
    });

    it('lets live pages hear of what is public, also of what they missed', async () => {
      const open = await Promise.all(
        viewers.map(async (viewer) => ({
          viewer,
          stream: await openStream(box.url, { ...viewer.headers, 'last-event-id': '0' }),
        })),
      );
      try {
        for (const { viewer, stream } of open) {
          await until(`${viewer.name} hears`, () => stream.told().includes('OPENNAME'));
          await until(`${viewer.name} heard all`, () => !viewer.member || stream.told().includes('SHUTNAME'));
          for (const [word, circle] of WORDS) {
            if (!mayKnow(viewer, circle)) assert.ok(!stream.told().includes(word), `${word} for ${viewer.name}`);
          }
        }
      } finally {
        await Promise.all(open.map(({ stream }) => stream.close()));
      }
    });

    it('writes down none of it in its log', () => {
      const secrets = WORDS.filter(([, circle]) => circle !== 'everybody').map(([word]) => word);
      // Addresses that were asked for are logged, and these name some of the words themselves.
      const lines = box.log.filter((line) => !/"url":"[^"]*(SHUT|\?q=|openmail)/.test(line));
      for (const word of secrets) assert.deepEqual(lines.filter((line) => line.includes(word)).slice(0, 1), [], word);
    });
  });
}

/** Things that some may not even know to exist. */
const HIDDEN: readonly [thing: string, circle: Circle][] = [
  ['members', 'members'],
  ['split', 'members'],
  ['merged', 'members'],
  ['gone', 'members'],
  ['memberWork', 'members'],
  ['memberPending', 'staff'],
  ['pending', 'writers'],
  ['reviewed', 'writers'],
  ['quiet', 'writers'],
];

/** Without what differs between any two answers, and without the number that was asked for. */
function bare(text: string, id: number): string {
  return text
    .replaceAll(new RegExp(`(incidents?(?:/|%2F| ))${id}(?!\\d)`, 'g'), '$1ID')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(-\w+)?/g, 'REQUEST')
    .replaceAll(/name="csrf" value="[^"]*"/g, 'CSRF');
}
