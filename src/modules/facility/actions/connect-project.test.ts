import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type GitlabSimulator, type Project, startGitlabSimulator } from '../../../../simulators/gitlab/index.ts';
import { type ComponentKey, systemClock } from '../../../core/index.ts';
import { deviceKeys } from '../store/device-store.ts';
import { claimProject } from '../store/project-store.ts';
import { type Connection, type ConnectionResult, connectProject, planConnection } from './connect-project.ts';
import { type FacilityWorld, facilityWorld, HOOK_TOKEN, PROJECT, PUBLIC_URL, TOKEN } from './facility-world.cases.ts';
import type { Installation } from './first-badges.ts';
import { holdProject } from './hold-project.ts';

interface Setting {
  simulator: GitlabSimulator;
  project: Project;
  connection: Connection & { hookToken: string };
}

async function setting(): Promise<Setting> {
  const simulator = await startGitlabSimulator({ clock: systemClock });
  after(() => simulator.close());
  const project = simulator.world.addProject({ path: 'lab/desk', id: 301 });
  const { secret: token } = simulator.world.addToken();
  const connection = {
    url: simulator.url,
    token,
    project: 'lab/desk',
    integration: 'lab',
    publicUrl: 'https://status.example.test',
    devices: ['Cryo A', 'Laser 2'],
    badges: true,
    hookToken: 'first-secret',
  };
  return { simulator, project, connection };
}

describe('connectProject', () => {
  it('makes labels, hook and badges of an empty project', async () => {
    const { simulator, project, connection } = await setting();
    await connectProject(connection, systemClock);
    const { world } = simulator;
    assert.deepEqual(
      world.labelsOf(project).map(({ title }) => title),
      ['CRITICAL', 'D:Cryo A', 'D:Laser 2', 'Information', 'Logbook'],
    );
    const [hook] = world.hooks;
    assert.equal(hook?.url, 'https://status.example.test/hooks/gitlab/lab');
    assert.equal(hook.token, 'first-secret');
    assert.ok(
      hook.flags.issues_events &&
        hook.flags.confidential_issues_events &&
        hook.flags.note_events &&
        hook.flags.confidential_note_events,
    );
    assert.ok(!hook.flags.push_events);
    assert.deepEqual(
      world.badgesOf(project).map(({ name }) => name),
      ['signalbox:lab:cryo-a', 'signalbox:lab:laser-2'],
    );
  });

  it('repairs when done again: same hook with the secret we have now, nothing twice', async () => {
    const { simulator, project, connection } = await setting();
    await connectProject(connection, systemClock);
    const second = await connectProject({ ...connection, hookToken: 'second-secret' }, systemClock);
    assert.deepEqual(
      simulator.world.hooks.map(({ token }) => token),
      ['second-secret'],
    );
    assert.equal(simulator.world.labelsOf(project).length, 5);
    assert.equal(simulator.world.badgesOf(project).length, 2);
    assert.deepEqual([second.labels, second.badges], [0, 0]);
  });

  it('keeps a special label that is there in another case', async () => {
    const { simulator, project, connection } = await setting();
    simulator.world.addLabel(project, { title: 'logbook' });
    const plan = await planConnection(connection, systemClock);
    assert.deepEqual(
      plan.labels.map(({ name }) => name),
      ['CRITICAL', 'Information', 'D:Cryo A', 'D:Laser 2'],
    );
  });

  it('takes over the badges of the original', async () => {
    const { simulator, project, connection } = await setting();
    simulator.world.addBadge(project, {
      imageUrl: 'https://flat.badgen.net/badge/D:Cryo A/RUNNING/green?list=|',
      linkUrl: 'https://x.test',
      id: 41,
    });
    await connectProject(connection, systemClock);
    assert.deepEqual(
      simulator.world.badgesOf(project).map(({ id, name }) => [id === 41, name]),
      [
        [true, 'signalbox:lab:cryo-a'],
        [false, 'signalbox:lab:laser-2'],
      ],
    );
  });
});

const AGAIN = {
  token: TOKEN,
  project: 301,
  integration: 'lab',
  publicUrl: PUBLIC_URL,
  devices: [],
  badges: true,
  hookToken: HOOK_TOKEN,
};

/** The lab of a running server: everything read once, its badges as they should be. */
async function configuredLab(options: Parameters<typeof facilityWorld>[0]): Promise<{
  world: FacilityWorld;
  installation: Installation;
  again: (more?: Partial<Connection>) => Promise<ConnectionResult>;
}> {
  const world = await facilityWorld(options);
  await world.reconcile();
  const { context, gitlab, clock } = world;
  const installation: Installation = {
    ...context,
    keys: (source) => deviceKeys(context.db, source),
    hold: (settings) => holdProject(context, settings, { attempts: 40, pauseMs: 25 }),
  };
  const again = (more: Partial<Connection> = {}): Promise<ConnectionResult> =>
    connectProject({ ...AGAIN, url: gitlab.url, ...more }, clock, installation);
  return { world, installation, again };
}

describe('connectProject of a project that is configured', () => {
  it('leaves badges alone that stand for scoped labels or for another prefix', async () => {
    const labels = ['device::Cryo A', 'device::Laser 2', 'M-Maldi'];
    const { world, again } = await configuredLab({ labels, project: { scope: 'device', prefix: 'M-' } });
    const before = world.badges();
    assert.equal(before.length, 3);
    assert.equal((await again()).badges, 0);
    assert.deepEqual(world.badges(), before);
  });

  it('writes nothing twice when two connect it at once, or the server reads it meanwhile', async () => {
    const { world, again } = await configuredLab({ labels: ['D:Cryo A'] });
    const { gitlab, project, badges } = world;
    world.issue('No vacuum', ['D:Cryo A', 'CRITICAL']);
    gitlab.world.badges.splice(0);
    const devices = ['Laser 2', 'Maldi'];
    const done = await Promise.all([again({ devices }), again({ devices }), world.reconcile()]);
    await world.reconcile();
    assert.deepEqual([done[0].labels, done[1].labels].sort(), [0, 4]);
    assert.deepEqual(
      badges()
        .map(({ name }) => name)
        .sort(),
      ['signalbox:lab:cryo-a', 'signalbox:lab:laser-2', 'signalbox:lab:maldi'],
    );
    const address = `${PUBLIC_URL}/hooks/gitlab/lab`;
    assert.equal(gitlab.world.hooks.filter(({ url }) => url === address).length, 1);
    assert.equal(gitlab.world.labelsOf(project).length, 6);
  });

  it('waits for whoever reads it, and says so when that does not end', async () => {
    const { world, again } = await configuredLab({ labels: ['D:Cryo A'] });
    const by = { by: 'another', now: world.clock.now(), lifeMs: 60_000 };
    assert.ok(await world.db.write((tx) => claimProject(tx, PROJECT, by)));
    await assert.rejects(again({ devices: ['Laser 2'] }), { code: 'conflict', message: /is being read/ });
    assert.equal(world.gitlab.world.labelsOf(world.project).length, 1, 'nothing was begun');
    world.clock.pass(61_000);
    assert.equal((await again({ devices: ['Laser 2'] })).labels, 4, 'a process that died keeps nobody away');
    assert.equal(await world.reconcile(), true, 'and it was given back');
  });

  it('stops before its next write, label or hook, once another process has taken the project over', async () => {
    const { world, installation } = await configuredLab({ labels: ['D:Cryo A'] });
    const { gitlab, project, clock, db } = world;
    const address = `${PUBLIC_URL}/hooks/gitlab/lab`;
    for (const [good, labels] of [
      [2, 3],
      [2, 5],
    ] as const) {
      let renewals = 0;
      const hold: Installation['hold'] = async (settings) => {
        const held = await installation.hold?.(settings);
        assert.ok(held);
        const renew = async () => {
          renewals += 1;
          if (renewals > good) {
            clock.pass(61_000);
            await db.write((tx) => claimProject(tx, PROJECT, { by: 'another', now: clock.now(), lifeMs: 1000 }));
          }
          await held.renew();
        };
        return { ...held, renew };
      };
      const connection = { ...AGAIN, url: gitlab.url, devices: ['Laser 2'] };
      const lost = connectProject(connection, clock, { ...installation, hold });
      await assert.rejects(lost, { code: 'conflict', message: /taken this project over/ });
      assert.equal(gitlab.world.labelsOf(project).length, labels);
      assert.equal(gitlab.world.hooks.filter(({ url }) => url === address).length, 0, 'the hook is a write too');
      clock.pass(2000);
    }
  });

  it('tells what went wrong first, also when the project cannot be given back', async () => {
    const { world, installation } = await configuredLab({ labels: ['D:Cryo A'] });
    const stuck = async () => Promise.reject(new Error('the database is gone'));
    const connect = (renew: () => Promise<void>) =>
      connectProject({ ...AGAIN, url: world.gitlab.url, devices: ['Laser 2'] }, world.clock, {
        ...installation,
        hold: async () => ({ renew, end: stuck }),
      });
    await assert.rejects(
      connect(() => Promise.reject(new RangeError('the first error'))),
      /the first error/,
    );
    await assert.rejects(
      connect(() => Promise.resolve()),
      /the database is gone/,
      'without another error this is the one',
    );
  });

  it('leaves them alone as long as it does not know the keys that the server gave', async () => {
    const { world, installation } = await configuredLab({ labels: ['D:Cryo A'] });
    const [label] = world.gitlab.world.labelsOf(world.project);
    assert.ok(label);
    label.title = 'D:Cryo B';
    const without = { ...installation, keys: async () => ({ known: new Map(), taken: new Set<ComponentKey>() }) };
    const before = world.badges();
    const done = await connectProject({ ...AGAIN, url: world.gitlab.url }, world.clock, without);
    assert.equal(done.badges, 0);
    assert.deepEqual(world.badges(), before);
  });

  it('makes the first badges of a new project by the rules it has been given', async () => {
    const world = await facilityWorld({ labels: ['device::Cryo A', 'D:Laser 2'], project: { scope: 'device' } });
    const { context, gitlab, clock } = world;
    const installation = { ...context, keys: (source: string) => deviceKeys(context.db, source) };
    await connectProject({ ...AGAIN, url: gitlab.url }, clock, installation);
    assert.equal(world.badges().length, 2);
    await world.reconcile();
    assert.equal(world.counts['badge update'], undefined, 'the server has nothing to correct');
  });

  it('makes the label of a device by its rules, and its badge', async () => {
    const { world, again } = await configuredLab({ labels: ['device::Cryo A'], project: { scope: 'device' } });
    assert.deepEqual(await again({ devices: ['Laser 2'] }), { labels: 4, badges: 1 });
    assert.ok(world.gitlab.world.labelsOf(world.project).some(({ title }) => title === 'device::Laser 2'));
    assert.deepEqual(
      world.badges().map(({ name }) => name),
      ['signalbox:lab:cryo-a', 'signalbox:lab:laser-2'],
    );
  });

  it('keeps the badge of a device whose label was renamed', async () => {
    const { world, again } = await configuredLab({ labels: ['D:Cryo A'] });
    const [label] = world.gitlab.world.labelsOf(world.project);
    assert.ok(label);
    label.title = 'D:Cryo B';
    await again();
    const badges = world.gitlab.world.badgesOf(world.project);
    assert.deepEqual(
      badges.map(({ name, imageUrl }) => [name, imageUrl]),
      [['signalbox:lab:cryo-a', `${PUBLIC_URL}/badges/facility/cryo-a.svg`]],
    );
  });

  it('knows it by its path as well, and makes no badges where they are off', async () => {
    const { world, again } = await configuredLab({
      config: (url) => ({
        integrations: [{ id: 'lab', url, token: TOKEN, hook_token: HOOK_TOKEN }],
        projects: [{ integration: 'lab', project: 'Lab/instrument-desk', badges: 'off' }],
      }),
    });
    assert.equal((await again()).badges, 0);
    assert.deepEqual(world.badges(), []);
  });
});

describe('connectProject beside another project', () => {
  it('gives a device of the same name a badge of its own', async () => {
    const { world, again } = await configuredLab({ labels: ['D:Cryo A'] });
    const other = world.gitlab.world.addProject({ path: 'lab/other', id: 302 });
    const label = world.gitlab.world.addLabel(other, { title: 'D:Cryo A' });
    await again({ project: 302 });
    assert.deepEqual(
      world.gitlab.world.badgesOf(other).map(({ name }) => name),
      [`signalbox:lab:cryo-a-${label.id}`],
    );
  });

  it('says of a label that is not there yet that its number is going to be in the name', async () => {
    const { world, installation } = await configuredLab({ labels: ['D:Cryo A'] });
    world.gitlab.world.addProject({ path: 'lab/other', id: 302 });
    const asked = { ...AGAIN, url: world.gitlab.url, project: 302, devices: ['Cryo A'] };
    const { badges } = await planConnection(asked, world.clock, installation);
    assert.deepEqual(
      badges.map((step) => step.do === 'create' && step.content.name),
      ['signalbox:lab:cryo-a-<number of its label>'],
    );
  });

  it('changes and deletes nothing of ours when it knows no configuration', async () => {
    const { world } = await configuredLab({ labels: ['device::Cryo A', 'D:Laser 2'], project: { scope: 'device' } });
    const before = world.badges();
    const { simulator: _simulator, connection } = await setting();
    const there = { ...connection, url: world.gitlab.url, token: TOKEN, project: 301, devices: ['Laser 3'] };
    assert.equal((await connectProject(there, world.clock)).badges, 0);
    assert.deepEqual(world.badges(), before);
  });

  it('deletes no badge of the original, whatever its labels say', async () => {
    const { simulator, project, connection } = await setting();
    for (const name of ['Cryo A', 'Laser 2', 'Maldi']) {
      const imageUrl = `https://flat.badgen.net/badge/D:${name}/RUNNING/green?list=|`;
      simulator.world.addBadge(project, { imageUrl, linkUrl: 'https://x.test' });
    }
    await connectProject(connection, systemClock);
    assert.equal(simulator.world.badgesOf(project).length, 3);
  });
});

describe('planConnection', () => {
  it('writes nothing', async () => {
    const { simulator, connection } = await setting();
    const plan = await planConnection(connection, systemClock);
    assert.equal(plan.labels.length, 5);
    assert.equal(plan.badges.length, 2);
    assert.equal(simulator.requests.writes().total, 0);
  });

  it('warns of a token that may too little or ends soon', async () => {
    const { simulator, connection } = await setting();
    const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    const { secret: token } = simulator.world.addToken({ scopes: ['read_api'], role: 'reporter', expiresAt: soon });
    const { warnings } = await planConnection({ ...connection, token }, systemClock);
    assert.deepEqual(
      warnings.map((warning) => /Maintainer|scope "api"|ends on/.exec(warning)?.[0]),
      ['Maintainer', 'scope "api"', 'ends on'],
    );
  });

  it('says that the project does not exist', async () => {
    const { connection } = await setting();
    await assert.rejects(planConnection({ ...connection, project: 999 }, systemClock), {
      reason: 'client',
      status: 404,
    });
  });
});
