import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { type GitlabSimulator, type Project, startGitlabSimulator } from '../../simulators/gitlab/index.ts';
import { systemClock } from '../../src/core/index.ts';
import { type ChildProgram, startChild } from '../support/child-program.ts';
import { freePort } from '../support/free-port.ts';
import { HOOK_TOKEN } from '../support/lab.ts';
import { until } from '../support/until.ts';

const ROUNDS = 20;
const DEVICES = ['D:Krios', 'D:Talos', 'D:Aquilos'];
const KEYS = ['facility/krios', 'facility/talos', 'facility/aquilos'];

/**
 * Each round something happens in GitLab, and the program dies a little later than in the round before: between intake,
 * commit, decision, reading and writing of badges. GitLab lives on and does not send again what was answered with 2xx.
 */
describe('attack 27: kill -9 at any moment of intake, decision, reading and writing', () => {
  let gitlab: GitlabSimulator;
  let project: Project;
  let folder: string;
  let port: number;
  let secret: string;
  let program: ChildProgram;
  /** Answered with 2xx before the kill. */
  let accepted = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-kill-'));
    port = await freePort();
    gitlab = await startGitlabSimulator({ clock: systemClock });
    gitlab.hooks.autoDisable = false;
    project = gitlab.world.addProject({ path: 'lab/desk', id: 301, visibility: 'public' });
    for (const title of ['CRITICAL', 'Information', ...DEVICES]) gitlab.world.addLabel(project, { title });
    ({ secret } = gitlab.world.addToken({ role: 'maintainer', scopes: ['api'], projects: [project] }));
    gitlab.world.addHook(project, { url: `http://127.0.0.1:${port}/hooks/gitlab/lab`, token: HOOK_TOKEN });
  });
  after(async () => {
    await program.kill();
    await gitlab.close();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async () => {
    const config = `facility:
  integrations: [{ id: lab, url: "${gitlab.url}", token: ${secret}, hook_token: ${HOOK_TOKEN} }]
  projects: [{ integration: lab, project: 301, coalesce_window: 0s, badges: content }]`;
    program = await startChild({ folder, port, config });
  };
  const json = async (path: string) => (await (await fetch(program.url + path)).json()) as Record<string, unknown>;
  const levels = async () =>
    Object.fromEntries(
      await Promise.all(KEYS.map(async (key) => [key, (await json(`/api/components/${key}`))['level']] as const)),
    );

  function query<T>(sql: string): T[] {
    const db = new DatabaseSync(join(folder, 'signalbox.db'), { readOnly: true });
    try {
      return db.prepare(sql).all() as T[];
    } finally {
      db.close();
    }
  }

  it(`loses no accepted event and doubles nothing in ${ROUNDS} deaths`, { timeout: 150_000 }, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await start();
      const device = DEVICES[round % DEVICES.length] ?? '';
      const seen = gitlab.hooks.history.length;
      const asked = gitlab.requests.list().length;
      const down = gitlab.world
        .issuesOf(project)
        .find((issue) => issue.state === 'opened' && issue.labels.some(({ title }) => title === device));
      // A new label, so that a badge has to be made; it goes again in the next round.
      if (round % 4 === 1) gitlab.world.addLabel(project, { title: `D:Round ${round}` });
      if (down) gitlab.world.closeIssue(down);
      else gitlab.world.openIssue(project, { title: `Round ${round}`, labels: [device, 'CRITICAL'] });
      // Even rounds die by how far things have come, odd ones by the clock: between them every step is met.
      if (round % 2 === 0) {
        const requests = asked + Math.floor(round / 2);
        await until(
          'so many requests',
          () => gitlab.requests.list().length >= requests || gitlab.hooks.history.length > seen,
          5000,
        );
      } else await new Promise((resolve) => setTimeout(resolve, round * 4));
      await program.kill();
      await gitlab.hooks.idle();
      accepted += gitlab.hooks.history.slice(seen).filter(({ responseStatus }) => responseStatus === 204).length;
      assertWhole();
    }
    await start();
    const wanted = Object.fromEntries(
      KEYS.map((key, at) => {
        const isDown = gitlab.world
          .issuesOf(project)
          .some(({ state, labels }) => state === 'opened' && labels.some(({ title }) => title === DEVICES[at]));
        return [key, isDown ? 'major_outage' : 'operational'];
      }),
    );
    await until(
      'the board says what GitLab says',
      async () => {
        const shown = JSON.stringify(await levels());
        if (shown !== JSON.stringify(wanted))
          throw new Error(`${shown} is not ${JSON.stringify(wanted)}:\n${program.output().slice(-3000)}`);
        return true;
      },
      20_000,
    );
    const labels = gitlab.world.labelsOf(project).filter(({ title }) => title.startsWith('D:')).length;
    await until('every device has its badge', () => ours().length === labels, 20_000);
    assert.equal(new Set(ours()).size, labels, 'no badge is doubled');
    assertWhole();
    assert.ok(accepted >= 5, `${accepted} deliveries were accepted before a death`);
  });

  const ours = () =>
    gitlab.world.badgesOf(project).flatMap(({ name }) => (name?.startsWith('signalbox:') ? [name] : []));

  /** What must hold at any moment, also on the disk of a dead program. */
  function assertWhole(): void {
    assert.equal(new Set(ours()).size, ours().length, `a badge is doubled: ${ours().join(' ')}`);
    const stored = query<{ n: number }>('select count(*) as n from facility_delivery')[0]?.n ?? 0;
    assert.ok(stored >= accepted, `${accepted} were answered with 2xx, ${stored} are stored`);
    const byComponent = Map.groupBy(
      query<{ component: string; seq: number; from_level: string; to_level: string; since: string }>(
        'select component, seq, from_level, to_level, since from components_transition order by component, seq',
      ),
      ({ component }) => component,
    );
    for (const [component, rows] of byComponent) {
      rows.forEach((row, at) => {
        assert.notEqual(row.from_level, row.to_level, `${component} ${row.seq} changes nothing`);
        const next = rows[at + 1];
        if (next === undefined) return;
        assert.equal(next.seq, row.seq + 1, `${component} has a hole or a double after ${row.seq}`);
        assert.equal(next.from_level, row.to_level, `${component} ${next.seq} does not begin where ${row.seq} ended`);
        assert.ok(next.since >= row.since, `${component} ${next.seq} goes back in time`);
      });
    }
    const dead = query<{ n: number }>('select count(*) as n from journal_dead_letter')[0]?.n;
    assert.equal(dead, 0, 'nothing was given up');
  }
});
