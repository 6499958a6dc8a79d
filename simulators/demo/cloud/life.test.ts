import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { modules } from '../../../src/app/index.ts';
import { addMs, HOUR, type Instant, systemClock } from '../../../src/core/index.ts';
import { requireConfig } from '../../../src/platform/config/index.ts';
import { startApp, type TestApp } from '../../../test/support/start-app.ts';
import { GitlabWorld } from '../../gitlab/world.ts';
import { seedPast } from '../seed-past.ts';
import { LOOP_MS, type Timers } from '../timers.ts';
import { seedDemoWorld } from '../world.ts';
import { forgetStories } from './forget-stories.ts';
import { LIFE_MAINTENANCES, LIFE_STORIES } from './life.data.ts';
import { runCloudLife } from './life.ts';
import { lifeScript } from './life-script.ts';
import { PRESENT } from './maintenances.data.ts';
import { StatusPageClient } from './status-page-client.ts';

interface Listed {
  id: number;
  type: string;
  title: string;
  status: string;
  start: Instant;
  end: Instant | null;
}

const TOLD = [...LIFE_STORIES, ...LIFE_MAINTENANCES].map(({ title }) => title);

/** The seeded program with a clock that goes only from step to step. */
describe('the life of the cloud', () => {
  let folder = '';
  let app: TestApp;
  let client: StatusPageClient;
  const clock = { at: '', now: () => clock.at };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-life-'));
    const now = systemClock.now();
    const sections = Object.fromEntries(modules.map((module) => [module.name, module.config]));
    const values = { http: { public_url: 'http://127.0.0.1:1' } };
    const config = requireConfig({ env: { SIGNALBOX_DATA: folder }, sections, values });
    const { standing } = seedDemoWorld(new GitlabWorld({ now: () => now }, 'http://gitlab.test'));
    await seedPast({ config, now, seed: 1, projectUrl: 'http://gitlab.test', standing });
    clock.at = addMs(now, 10_000);
    app = await startApp({ folder, clock });
    const tokens = { monitor: await app.token('signals:write'), desk: await app.token('incidents:write') };
    client = new StatusPageClient({ url: app.url, ...tokens });
  });
  after(async () => {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function listed(query: string): Promise<Listed[]> {
    return ((await (await fetch(`${app.url}/api/incidents?${query}`)).json()) as { data: Listed[] }).data;
  }

  const openTitles = async () => (await listed('state=open')).map(({ type, title }) => `${type} ${title}`).sort();

  /** Plays so many steps by firing the next timer; after each one everything it led to has happened. */
  async function play(loops: number, look: () => Promise<void>): Promise<void> {
    let next: { callback: () => void; due: number } | null = null;
    let planned = Promise.withResolvers<null>();
    const timers: Timers = {
      setTimeout: (callback, milliseconds) => {
        next = { callback, due: Date.parse(clock.at) + milliseconds };
        planned.resolve(null);
      },
      clearTimeout: () => undefined,
    };
    const failures: unknown[] = [];
    const failed = (error: unknown) => failures.push(error);
    const running = runCloudLife({ client, clock, forget: () => forgetStories(app.app), failed, timers });
    const startAt = clock.at;
    const steps = Array.from({ length: loops }, (_, loop) => lifeScript(loop)).flat();
    for (const _ of steps) {
      await planned.promise;
      planned = Promise.withResolvers<null>();
      const { callback, due } = next as unknown as { callback: () => void; due: number };
      clock.at = new Date(due).toISOString();
      callback();
      await planned.promise;
      await app.app.jobs.runDue();
      await app.app.journal.drain();
      await look();
    }
    clock.at = addMs(startAt, loops * LOOP_MS);
    await running.stop();
    assert.deepEqual(failures, []);
  }

  it('always has an incident open, shows much, and ends each loop where it began', async () => {
    const begun = await openTitles();
    const seen = new Set<string>();
    await play(3, async () => {
      const open = await listed('state=open');
      assert.ok(open.some(({ title, status }) => title === PRESENT.outage.title && status === 'fixing'));
      for (const { title, status } of open) if (TOLD.includes(title)) seen.add(`${title}: ${status}`);
    });
    assert.deepEqual(await openTitles(), begun);
    for (const { title } of LIFE_STORIES) {
      for (const status of ['detected', 'analysing']) assert.ok(seen.has(`${title}: ${status}`), `${title}: ${status}`);
    }
    for (const { title } of LIFE_MAINTENANCES) {
      for (const status of ['planned', 'in_progress'])
        assert.ok(seen.has(`${title}: ${status}`), `${title}: ${status}`);
      assert.deepEqual(
        (await listed(`q=${encodeURIComponent(title)}`)).map(({ status }) => status),
        ['completed'],
      );
    }
  });

  it('puts right what a visitor ended', async () => {
    const begun = await openTitles();
    const standing = await client.open(PRESENT.outage.title);
    assert.ok(standing);
    await client.update(standing.id, { status: 'resolved', text: 'A visitor says so.' });
    await play(1, async () => undefined);
    assert.deepEqual(await openTitles(), begun);
  });

  it('forgets what it told after some hours, and only that', async () => {
    const count = async () => {
      const answer = await fetch(`${app.url}/api/incidents?limit=10`);
      return ((await answer.json()) as { pagination: { totalRecords: number } }).pagination.totalRecords;
    };
    const told = (await Promise.all(TOLD.map((title) => listed(`q=${encodeURIComponent(title)}`)))).flat();
    assert.ok(told.length >= TOLD.length);
    const before = await count();
    clock.at = addMs(clock.at, 7 * HOUR);
    await forgetStories(app.app);
    assert.equal(await count(), before - told.length);
  });
});
