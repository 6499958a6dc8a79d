import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type GitlabSimulator, type Project, startGitlabSimulator } from '../../../../simulators/gitlab/index.ts';
import { systemClock } from '../../../core/index.ts';
import { type Connection, connectProject, planConnection } from './connect-project.ts';

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
