import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Fault, type GitlabSimulator, type Project, startGitlabSimulator } from '../../simulators/gitlab/index.ts';
import { type App, createApp } from '../../src/app/index.ts';
import { systemClock } from '../../src/core/index.ts';
import { connectProject } from '../../src/modules/facility/actions/connect-project.ts';
import {
  type FacilityWorld,
  facilityWorld,
  PROJECT,
  PUBLIC_URL,
} from '../../src/modules/facility/actions/facility-world.cases.ts';
import { reconcileProject } from '../../src/modules/facility/actions/reconcile-project.ts';
import { ReconcileRunner } from '../../src/modules/facility/actions/reconcile-runner.ts';
import { facility } from '../../src/modules/facility/index.ts';
import { stateChanges } from '../../src/modules/facility/store/facility-read.ts';
import { migrations } from '../../src/modules/facility/store/migrations/index.ts';
import { findProject } from '../../src/modules/facility/store/project-store.ts';
import { tables } from '../../src/modules/facility/store/schema.ts';
import { requireConfig } from '../../src/platform/config/index.ts';
import { createLogger } from '../../src/platform/log/index.ts';
import { eachDatabase } from '../support/databases.ts';

/** One test per row of the weaknesses of the original (specification A.9): each fails on the original's behaviour. */

const TOKEN = 'glpat-secret-of-the-lab';
const HOOK_TOKEN = 's3cr3t-for-tests';
const WINDOW_MS = 1000;

interface Running {
  app: App;
  gitlab: GitlabSimulator;
  project: Project;
  url: string;
  log: string[];
}

/** The program on a real socket with a GitLab that sends it webhooks. */
async function running(devices: number): Promise<Running> {
  const gitlab = await startGitlabSimulator({ clock: systemClock });
  const project = gitlab.world.addProject({ path: 'lab/desk', id: 301, visibility: 'public' });
  for (let n = 0; n < devices; n += 1) gitlab.world.addLabel(project, { title: `D:Device ${n}` });
  gitlab.world.addLabel(project, { title: 'CRITICAL' });
  gitlab.world.addToken({ secret: TOKEN });
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-a9-'));
  const log: string[] = [];
  const config = requireConfig({
    env: {},
    folder,
    purpose: 'tool',
    sections: { facility: facility.config },
    values: {
      http: { public_url: 'http://127.0.0.1:8080' },
      database: { url: `sqlite:${join(folder, 'signalbox.sqlite')}` },
      facility: {
        integrations: [{ id: 'lab', url: gitlab.url, token: TOKEN, hook_token: HOOK_TOKEN }],
        projects: [{ integration: 'lab', project: 301, coalesce_window: `${WINDOW_MS / 1000}s` }],
      },
    },
  });
  const logger = createLogger('debug', { write: (line: string) => void log.push(line) });
  const app = await createApp({ config: () => config, clock: systemClock, log: logger, modules: [facility] });
  const { port } = await app.listen('127.0.0.1', 0);
  after(async () => {
    await app.stop();
    await gitlab.close();
    await rm(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  gitlab.world.addHook(project, { url: `${url}/hooks/gitlab/lab`, token: HOOK_TOKEN });
  const setting = { app, gitlab, project, url, log };
  await until(async () => gitlab.world.badgesOf(project).length === devices && (await isSettled(setting)));
  return setting;
}

/** Waits for something that happens by itself, looking at each turn of the event loop. */
async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error('It did not happen within 20 s.');
    await new Promise(setImmediate);
  }
}

async function isSettled({ app }: Running): Promise<boolean> {
  const row = await findProject(app.db, PROJECT);
  return row !== undefined && row.claim === null && row.health_at !== null && row.dirty_seq === row.done_seq;
}

function hookRequest(n: number): RequestInit {
  const at = new Date().toISOString();
  const labels = [{ title: 'D:Device 0' }];
  const attributes = {
    id: 7000 + n,
    iid: 7000 + n,
    title: `Issue ${n}`,
    state: 'opened',
    confidential: false,
    updated_at: at,
    url: '',
  };
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-gitlab-event': 'Issue Hook',
      'x-gitlab-token': HOOK_TOKEN,
      'idempotency-key': `burst ${n}`,
    },
    body: JSON.stringify({
      object_kind: 'issue',
      event_type: 'issue',
      project: { id: 301 },
      object_attributes: attributes,
      labels,
    }),
  };
}

function labelsFor(devices: number): string[] {
  return ['CRITICAL', ...Array.from({ length: devices }, (_, n) => `D:Device ${String(n).padStart(3, '0')}`)];
}

const ourBadges = (world: FacilityWorld): string[] =>
  world.badges().flatMap(({ name }) => (name?.startsWith('signalbox:') ? [name] : []));

function assertWhole(world: FacilityWorld, devices: number): void {
  const names = ourBadges(world);
  assert.equal(names.length, devices);
  assert.equal(new Set(names).size, devices, 'no badge is doubled');
}

describe('weakness 1: the token in the address', () => {
  it('is sent in a header to GitLab only, and neither address, log nor hook list holds it', async () => {
    const { gitlab, url, log, project } = await running(2);
    const answer = await fetch(`${url}/update/${TOKEN}`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(answer.status, 410);
    assert.match(await answer.text(), /signalbox import facility/);
    assert.doesNotMatch(JSON.stringify(gitlab.requests.list()) + log.join(''), /glpat-/);
    assert.doesNotMatch(
      JSON.stringify(gitlab.world.hooks.filter((hook) => hook.project === project).map((hook) => hook.url)),
      /glpat-|s3cr3t/,
    );
  });
});

describe('weakness 2: anybody may call the hook', () => {
  it('fires no call to GitLab without the secret', async () => {
    const { gitlab, url } = await running(2);
    const before = gitlab.requests.list().length;
    const { headers, ...request } = hookRequest(1);
    for (const token of [undefined, '', 'wrong', TOKEN]) {
      const { 'x-gitlab-token': _right, ...rest } = headers as Record<string, string>;
      const answer = await fetch(`${url}/hooks/gitlab/lab`, {
        ...request,
        headers: token === undefined ? rest : { ...rest, 'x-gitlab-token': token },
      });
      assert.equal(answer.status, 401);
    }
    assert.equal((await fetch(`${url}/hooks/gitlab/nobody`, { ...request, headers: headers ?? {} })).status, 404);
    assert.equal(gitlab.requests.list().length, before);
  });
});

describe('weakness 3: plain HTTP without verification', () => {
  it('lets GitLab verify our certificate whenever we have one', async () => {
    const world = await facilityWorld();
    const connection = {
      url: world.gitlab.url,
      token: 'glpat-test-maintainer',
      project: 301,
      integration: 'lab',
      devices: [],
      badges: false,
      hookToken: HOOK_TOKEN,
    };
    await connectProject({ ...connection, publicUrl: PUBLIC_URL }, systemClock);
    const made = world.gitlab.world.hooks.find((hook) => hook.url.startsWith('https:'));
    assert.equal(made?.sslVerification, true);
  });
});

describe('weakness 4: the work is done inside the hook', () => {
  it('answers after its own commit, however slow GitLab is', async () => {
    const setting = await running(2);
    const { gitlab, url, app } = setting;
    gitlab.faults.add({ kind: 'hang' });
    const asked = gitlab.requests.list().length;
    const answer = await fetch(`${url}/hooks/gitlab/lab`, hookRequest(1));
    assert.equal(answer.status, 204);
    assert.equal(await answer.text(), '');
    assert.equal(gitlab.requests.list().length, asked, 'GitLab has not answered anything in between');
    const row = await findProject(app.db, PROJECT);
    assert.ok(row && row.dirty_seq > row.done_seq, 'what is left to do is stored');
    gitlab.faults.clear();
  });
});

describe('weakness 5: every event rebuilds everything', () => {
  for (const events of [20, 200]) {
    it(`reads the project once and once per window for ${events} events at once, and writes nothing`, async () => {
      const setting = await running(3);
      const { gitlab, url } = setting;
      gitlab.requests.reset();
      const began = performance.now();
      const answers = await Promise.all(
        Array.from({ length: events }, (_, n) => fetch(`${url}/hooks/gitlab/lab`, hookRequest(n))),
      );
      const windows = Math.ceil((performance.now() - began) / WINDOW_MS);
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [204]);
      await until(() => isSettled(setting));
      const passes = gitlab.requests.list({ path: '/api/v4/projects/301/labels' }).length;
      assert.ok(passes >= 1 && passes <= 1 + windows, `${passes} passes in ${windows} windows`);
      assert.equal(gitlab.requests.writes().total, 0);
    });
  }
});

describe('weakness 6: two workers interleave', () => {
  eachDatabase((open) => {
    it('lets one of several processes have the project, and doubles no badge', async () => {
      const db = await open({ parts: [{ name: 'facility', tables, migrations }] });
      const world = await facilityWorld({ db, labels: labelsFor(10) });
      world.gitlab.faults.add({ kind: 'latency', ms: 5, path: '/api/v4/*' });
      const processes = Array.from({ length: 4 }, () => new ReconcileRunner(world.context));
      for (const process of processes) process.wakeAll();
      await Promise.all(processes.map((process) => process.settled()));
      await Promise.all(processes.map((process) => process.stop()));
      assertWhole(world, 10);
      assert.equal(world.gitlab.requests.writes().resources['badges']?.POST, 10);
    });
  });
});

describe('weakness 7: flicker', () => {
  it('never shows fewer badges than devices, and keeps their ids, while devices come, go and move', async () => {
    const world = await facilityWorld({ labels: labelsFor(12) });
    await world.reconcile();
    const { world: gitlab } = world.gitlab;
    const ids = world.badges().map(({ id }) => id);
    const label = (n: number) => gitlab.labels.find(({ title }) => title === `D:Device ${String(n).padStart(3, '0')}`);
    const changes = [
      () => void gitlab.addLabel(world.project, { title: 'D:AAA first' }),
      () => void Object.assign(label(3) ?? {}, { color: '#cc338b' }),
      () => void Object.assign(label(11) ?? {}, { color: '#000000' }),
      () => void world.issue('Alarm', ['D:Device 005', 'CRITICAL']),
    ];
    for (const change of changes) {
      change();
      world.clock.pass(5000);
      await seeingEachRequest(world, () => assert.ok(ourBadges(world).length >= 12));
    }
    assert.deepEqual(
      world
        .badges()
        .map(({ id }) => id)
        .slice(0, 12),
      ids,
    );
    const gone = label(7);
    assert.ok(gone);
    gitlab.removeLabel(gone);
    world.clock.pass(5000);
    await seeingEachRequest(world, () => assert.ok(ourBadges(world).length >= 12));
    assertWhole(world, 12);
  });
});

/** Runs one reconcile and looks at GitLab after every single request. */
async function seeingEachRequest(world: FacilityWorld, look: () => void): Promise<void> {
  const { requests } = world.gitlab;
  const add = requests.add.bind(requests);
  let seen = 0;
  requests.add = (entry) => {
    add(entry);
    seen += 1;
    look();
  };
  await world.reconcile();
  requests.add = add;
  assert.ok(seen >= 3);
}

describe('weakness 8: destroy before build', () => {
  for (const list of ['labels', 'issues', 'badges']) {
    for (const fault of [
      { kind: 'status', status: 500 },
      { kind: 'reset' },
      { kind: 'login_page' },
      { kind: 'truncate' },
    ] satisfies Fault[]) {
      it(`leaves badges and lights alone when reading ${list} ends in ${fault.kind}`, async () => {
        const world = await facilityWorld({ labels: labelsFor(4) });
        await world.reconcile();
        const before = world.badges();
        world.news();
        world.gitlab.requests.reset();
        world.gitlab.world.addLabel(world.project, { title: 'D:New' });
        world.gitlab.faults.add({ ...fault, path: `/api/v4/projects/301/${list}` });
        await world.reconcile();
        assert.deepEqual(world.badges(), before);
        assert.deepEqual(world.news(), []);
        assert.equal(world.gitlab.requests.writes().total, 0);
      });
    }
  }

  it('survives an issue with a device label that the project does not have', async () => {
    const world = await facilityWorld({ labels: labelsFor(4) });
    world.issue('Alarm', ['D:Device 001', 'D:Ghost']);
    const { world: gitlab } = world.gitlab;
    gitlab.labels = gitlab.labels.filter(({ title }) => title !== 'D:Ghost');
    await world.reconcile();
    assertWhole(world, 4);
    assert.match((await findProject(world.db, PROJECT))?.unknown_labels ?? '', /D:Ghost/);
  });
});

describe('weakness 9: no paging', () => {
  it('shows 150 devices with the states of 250 issues, on 150 badges', async () => {
    const world = await facilityWorld({ labels: labelsFor(150) });
    for (let n = 0; n < 250; n += 1)
      world.issue(`Issue ${n}`, [`D:Device ${String(n % 150).padStart(3, '0')}`, ...(n === 249 ? ['CRITICAL'] : [])]);
    await world.reconcile();
    assertWhole(world, 150);
    world.clock.pass(5000);
    world.gitlab.requests.reset();
    await world.reconcile();
    assert.equal(world.gitlab.requests.writes().total, 0, 'the second hundred is seen, so nothing is made twice');
    const keys = Array.from({ length: 150 }, (_, n) => `facility/device-${String(n).padStart(3, '0')}`);
    const states = await stateChanges(world.db, keys, 1000);
    assert.equal(states.filter(({ to }) => to === 'LIMITED').length, 149);
    assert.deepEqual(
      states.filter(({ to }) => to === 'DOWN').map(({ device }) => device),
      ['facility/device-099'],
    );
  });
});

describe('weakness 10: answers are not checked', () => {
  const faults: Fault[] = [
    { kind: 'status', status: 429, retryAfter: 1, times: 3 },
    { kind: 'status', status: 503, times: 2 },
    { kind: 'reset', times: 1 },
    { kind: 'hang', times: 1 },
  ];
  for (const fault of faults) {
    it(`gets everything right in one run in spite of ${fault.kind} ${'status' in fault ? fault.status : ''}`, async () => {
      const world = await facilityWorld({ labels: labelsFor(4) });
      world.gitlab.faults.add({ ...fault, skip: 2 });
      await world.reconcile();
      assertWhole(world, 4);
    });
  }

  it('finds the one truth again after being cut at any request, done or not, and doubles nothing', async () => {
    const count = await facilityWorld({ labels: labelsFor(4), project: { badges: 'content' } });
    await count.reconcile();
    const requests = count.gitlab.requests.list().length;
    assert.ok(requests >= 8);
    for (const applied of [false, true]) {
      for (let cut = 0; cut < requests; cut += 1) {
        const world = await facilityWorld({ labels: labelsFor(4), project: { badges: 'content' } });
        world.gitlab.world.addBadge(world.project, {
          imageUrl: 'https://flat.badgen.net/badge/D:Old/DOWN/red',
          linkUrl: 'https://x.test',
        });
        const dying = new AbortController();
        world.gitlab.faults.add({ kind: 'hang', skip: cut, applied });
        const run = reconcileProject(world.context, PROJECT, { by: 'the process that dies', signal: dying.signal });
        await until(() => world.gitlab.requests.list().length > cut);
        dying.abort();
        await run;
        world.gitlab.faults.clear();
        world.clock.pass(120_000);
        await world.reconcile();
        assertWhole(world, 4);
        assert.equal(world.badges().length, 4, 'the badge of the original was taken over');
        await world.gitlab.close();
      }
    }
  });
});

describe('weakness 11: an outside picture service', () => {
  it('links pictures of our own only, and takes over those of the original', async () => {
    const world = await facilityWorld();
    world.gitlab.world.addBadge(world.project, {
      imageUrl: 'https://flat.badgen.net/badge/D:Laser 2/RUNNING/green?list=|',
      linkUrl: 'https://x.test',
      id: 41,
    });
    await world.reconcile();
    const badges = world.gitlab.world.badgesOf(world.project);
    assert.deepEqual(
      badges.map(({ id, imageUrl }) => [id === 41, imageUrl]),
      [
        [true, `${PUBLIC_URL}/badges/facility/cryo-a.svg`],
        [false, `${PUBLIC_URL}/badges/facility/laser-2.svg`],
      ],
    );
  });
});

describe('weakness 12: badges of the group', () => {
  it('never touches badges of the group or of others, however they look', async () => {
    const world = await facilityWorld();
    const { world: gitlab } = world.gitlab;
    const image = 'https://flat.badgen.net/badge/D:Laser 2/RUNNING/green?list=|';
    gitlab.addBadge(world.project.group, { imageUrl: image, linkUrl: 'https://x.test', id: 7 });
    gitlab.addBadge(world.project, {
      imageUrl: 'https://img.test/licence.svg',
      linkUrl: 'https://x.test',
      name: 'Licence',
      id: 8,
    });
    await world.reconcile();
    for (const label of gitlab.labels) if (label.title.startsWith('D:')) gitlab.removeLabel(label);
    world.clock.pass(5000);
    await world.reconcile();
    assert.deepEqual(
      world.badges().map(({ id }) => id),
      [7, 8],
    );
    const touched = world.gitlab.requests
      .list()
      .filter(({ method, path }) => method !== 'GET' && /badges\/[78]$/.test(path));
    assert.deepEqual(touched, []);
  });
});

describe('weakness 13: no history', () => {
  it('keeps every change of state with its time and issue', async () => {
    const world = await facilityWorld();
    await world.reconcile();
    world.clock.pass(60_000);
    const issue = world.issue('Alarm', ['D:Cryo A', 'CRITICAL']);
    await world.gitlab.hooks.idle();
    const down = world.clock.now();
    world.clock.pass(60_000);
    world.gitlab.world.closeIssue(issue);
    await world.gitlab.hooks.idle();
    const changes = await stateChanges(world.db, ['facility/cryo-a'], 10);
    assert.deepEqual(
      changes.map(({ from, to, iid }) => [from, to, iid]),
      [
        ['DOWN', 'RUNNING', null],
        ['RUNNING', 'DOWN', 1],
        [null, 'RUNNING', null],
      ],
    );
    assert.equal(changes[1]?.at, down);
  });
});
