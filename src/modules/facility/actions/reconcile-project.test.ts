import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ComponentDeclaration, MINUTE, type Signal } from '../../../core/index.ts';
import { findProject } from '../store/project-store.ts';
import { type FacilityWorld, facilityWorld, PROJECT, type Published } from './facility-world.cases.ts';

const signals = (news: Published[]): Signal[] =>
  news.filter(({ type }) => type === 'component.signal_reported').map(({ payload }) => payload as Signal);
const types = (news: Published[]): string[] => news.map(({ type }) => type);
const names = (world: FacilityWorld): (string | null)[] => world.badges().map(({ name }) => name);

describe('reconcileProject', () => {
  it('finds the devices, reports their states and makes their badges', async () => {
    const world = await facilityWorld();
    world.issue('Cooling alarm on Cryo A', ['D:Cryo A', 'CRITICAL']);
    await world.gitlab.hooks.idle();
    world.news();
    assert.ok(await world.reconcile());
    const news = world.news();
    assert.deepEqual(types(news), [
      'component.declared',
      'component.declared',
      'component.signal_reported',
      'component.signal_reported',
      'component.evidence_renewed',
    ]);
    const declared = news[0]?.payload as ComponentDeclaration;
    assert.equal(declared.key, 'facility/cryo-a');
    assert.equal(declared.visibility, 'public');
    assert.equal(declared.group, 'Instrument Desk');
    const [cryo, laser] = signals(news);
    assert.equal(cryo?.level, 'major_outage');
    assert.equal(cryo.state, 'DOWN');
    assert.equal(cryo.summary, '#1 Cooling alarm on Cryo A');
    assert.match(cryo.evidence ?? '', /\/-\/issues\/1$/);
    assert.equal(cryo.source, 'facility/lab/301');
    assert.equal(laser?.state, 'RUNNING');
    assert.deepEqual(names(world), ['signalbox:lab:cryo-a', 'signalbox:lab:laser-2']);
  });

  it('writes and reports nothing but renewed evidence when nothing changed', async () => {
    const world = await facilityWorld();
    await world.reconcile();
    world.news();
    world.gitlab.requests.reset();
    world.clock.pass(61 * MINUTE);
    await world.reconcile();
    assert.deepEqual(types(world.news()), ['component.evidence_renewed']);
    assert.equal(world.gitlab.requests.writes().total, 0);
  });

  it('writes nothing to GitLab when only states change, and reads three lists', async () => {
    const world = await facilityWorld();
    await world.reconcile();
    world.gitlab.requests.reset();
    world.clock.pass(5000);
    world.issue('Alarm', ['D:Cryo A', 'CRITICAL']);
    await world.gitlab.hooks.idle();
    await world.reconcile();
    const paths = world.gitlab.requests.list().map(({ method, path }) => `${method} ${path.split('?')[0]}`);
    assert.deepEqual(
      paths,
      ['labels', 'issues', 'badges'].map((list) => `GET /api/v4/projects/301/${list}`),
    );
  });

  it('edits only the changed badge when addresses follow the content', async () => {
    const world = await facilityWorld({ project: { badges: 'content' } });
    await world.reconcile();
    world.gitlab.requests.reset();
    world.clock.pass(5000);
    world.issue('Alarm', ['D:Cryo A', 'CRITICAL']);
    await world.reconcile();
    assert.deepEqual(world.gitlab.requests.writes().resources['badges'], { POST: 0, PUT: 1, DELETE: 0 });
  });

  it('leaves GitLab alone when badges are off', async () => {
    const world = await facilityWorld({ project: { badges: 'off' } });
    await world.reconcile();
    assert.deepEqual(names(world), []);
    assert.equal(world.gitlab.requests.list({ path: '/api/v4/projects/301/badges' }).length, 0);
  });

  it('withdraws a device whose label is gone and keeps its key for when it returns', async () => {
    const world = await facilityWorld();
    await world.reconcile();
    const label = world.gitlab.world.labels.find(({ title }) => title === 'D:Laser 2');
    assert.ok(label);
    world.gitlab.world.removeLabel(label);
    world.clock.pass(5000);
    world.news();
    await world.reconcile();
    assert.deepEqual(world.news()[0], {
      type: 'component.withdrawn',
      key: 'facility/laser-2',
      payload: { key: 'facility/laser-2' },
    });
    assert.deepEqual(names(world), ['signalbox:lab:cryo-a']);
    world.gitlab.world.addLabel(world.project, { title: 'D:Laser 2', id: label.id });
    world.clock.pass(5000);
    await world.reconcile();
    assert.deepEqual(
      signals(world.news()).map(({ component }) => component),
      ['facility/laser-2'],
    );
  });

  it('keeps the key of a renamed label', async () => {
    const world = await facilityWorld();
    await world.reconcile();
    const label = world.gitlab.world.labels.find(({ title }) => title === 'D:Laser 2');
    assert.ok(label);
    label.title = 'D:Laser III';
    world.news();
    await world.reconcile();
    const declared = world.news().find(({ type }) => type === 'component.declared')?.payload as ComponentDeclaration;
    assert.equal(declared.key, 'facility/laser-2');
    assert.equal(declared.name, 'Laser III');
  });

  it('keeps the states that were read when the badges cannot be written, and says so', async () => {
    const world = await facilityWorld();
    world.gitlab.faults.add({ kind: 'status', status: 403, method: 'POST' });
    await world.reconcile();
    assert.equal(signals(world.news()).length, 2);
    const row = await findProject(world.db, PROJECT);
    assert.match(row?.badge_error ?? '', /403.*Maintainer/);
    assert.equal(row?.error, null);
    const written = world.context.config();
    const unwritten = { ...written, projects: written.projects.map((each) => ({ ...each, badges: 'off' as const })) };
    world.context.config = () => unwritten;
    await world.reconcile();
    assert.equal((await findProject(world.db, PROJECT))?.badge_error, null, 'badges that are off do not fail');
    world.context.config = () => written;
    world.clock.pass(61 * MINUTE);
    await world.reconcile();
    assert.match((await findProject(world.db, PROJECT))?.badge_error ?? '', /403/);
    world.gitlab.faults.clear();
    world.clock.pass(61 * MINUTE);
    await world.reconcile();
    assert.equal((await findProject(world.db, PROJECT))?.badge_error, null);
    assert.equal(world.badges().length, 2);
  });

  it('asks at once where a project is that an event calls by another path', async () => {
    const world = await facilityWorld();
    await world.reconcile();
    world.gitlab.world.moveProject(world.project, 'new-lab/desk');
    world.clock.pass(5000);
    world.issue('Alarm', ['D:Cryo A']);
    await world.gitlab.hooks.idle();
    await world.reconcile();
    assert.match((await findProject(world.db, PROJECT))?.web_url ?? '', /\/new-lab\/desk$/);
    assert.ok(world.gitlab.world.badgesOf(world.project).every(({ linkUrl }) => linkUrl.includes('/new-lab/desk/')));
  });

  it('says since when it is stale when GitLab fails, reads again after growing pauses, and gets well', async () => {
    const world = await facilityWorld();
    await world.reconcile();
    const good = world.clock.now();
    world.gitlab.faults.add({ kind: 'status', status: 502, path: '/api/v4/projects/301/issues' });
    const pauses: number[] = [];
    for (let failure = 0; failure < 5; failure += 1) {
      world.clock.pass(10 * MINUTE);
      await world.reconcile();
      const row = await findProject(world.db, PROJECT);
      assert.equal(row?.stale_since, good);
      pauses.push((Date.parse(row.hold_until ?? '') - Date.parse(world.clock.now())) / MINUTE);
    }
    assert.deepEqual(pauses, [1, 2, 4, 5, 5]);
    assert.match((await findProject(world.db, PROJECT))?.error ?? '', /502/);
    world.gitlab.faults.clear();
    await world.reconcile();
    const row = await findProject(world.db, PROJECT);
    assert.deepEqual([row?.stale_since, row?.error, row?.failures], [null, null, 0]);
  });

  it('obeys Retry-After when it is longer than a call may wait', async () => {
    const world = await facilityWorld();
    world.gitlab.faults.add({ kind: 'status', status: 429, retryAfter: 600 });
    await world.reconcile();
    const row = await findProject(world.db, PROJECT);
    assert.equal(Date.parse(row?.hold_until ?? '') - Date.parse(world.clock.now()), 10 * MINUTE);
  });

  it('lets one run at a time have a project', async () => {
    const world = await facilityWorld();
    const ran = await Promise.all([world.reconcile(), world.reconcile(), world.reconcile()]);
    assert.deepEqual(ran.toSorted(), [false, false, true]);
    assert.equal(world.badges().length, 2);
  });

  it('takes over from a process that died, and the dead one writes nothing more', async () => {
    const world = await facilityWorld();
    const { context, clock, gitlab } = world;
    gitlab.faults.add({ kind: 'latency', ms: 300, path: '/api/v4/projects/301/badges', times: 1 });
    const slow = world.reconcile();
    while (gitlab.requests.list({ path: '/api/v4/projects/301/issues' }).length === 0) await new Promise(setImmediate);
    clock.pass(2 * MINUTE);
    assert.ok(await world.reconcile());
    await slow;
    assert.equal(world.badges().length, 2);
    assert.match(world.log.join(''), /taken this project over/);
    assert.equal((await findProject(context.db, PROJECT))?.error, null);
  });

  it('warns of labels that no device has', async () => {
    const world = await facilityWorld();
    world.issue('Alarm', ['D:Cryo A', 'D:Ghost']);
    const { world: gitlab } = world.gitlab;
    gitlab.labels = gitlab.labels.filter(({ title }) => title !== 'D:Ghost');
    await world.reconcile();
    const row = await findProject(world.db, PROJECT);
    assert.equal(row?.unknown_labels, '["D:Ghost"]');
    assert.equal(world.badges().length, 2);
  });

  it('refuses to read one project for two entries of the configuration', async () => {
    const world = await facilityWorld({
      config: (url) => ({
        integrations: [{ id: 'lab', url, token: 'glpat-test-maintainer' }],
        projects: [
          { integration: 'lab', project: 301 },
          { integration: 'lab', project: 'lab/instrument-desk' },
        ],
      }),
    });
    await world.reconcile();
    await world.reconcile('lab/lab/instrument-desk');
    assert.match(
      (await findProject(world.db, 'lab/lab/instrument-desk'))?.error ?? '',
      /same GitLab project as "lab\/301"/,
    );
  });

  it('never lets a secret into the log', async () => {
    const world = await facilityWorld();
    world.gitlab.faults.add({ kind: 'status', status: 500 });
    await world.reconcile();
    world.gitlab.faults.clear();
    world.gitlab.faults.add({ kind: 'login_page' });
    await world.reconcile();
    assert.ok(world.log.length > 0);
    assert.doesNotMatch(world.log.join(''), /glpat-test-maintainer|s3cr3t-for-tests/);
  });
});
