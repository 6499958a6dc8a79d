import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type GitlabSimulator, type Project, startGitlabSimulator } from '../../simulators/gitlab/index.ts';
import { systemClock } from '../../src/core/index.ts';
import { freshAddress } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { until } from '../support/until.ts';

const HOOK_TOKEN = 'a-hook-token-for-tests';
const POSTGRES = process.env['SIGNALBOX_TEST_POSTGRES'];

/** The sentence the product begins with, on each database. */
for (const engine of ['sqlite', 'postgres'] as const) {
  const skip = engine === 'postgres' && POSTGRES === undefined && process.env['CI'] !== 'true';
  describe(`from an issue to the light, on ${engine}`, { skip: skip && 'no PostgreSQL' }, async () => {
    // Here, not in `before`: what is opened there is taken away when that hook ends.
    const databaseUrl = skip ? '' : await freshAddress(engine);
    let gitlab: GitlabSimulator;
    let project: Project;
    let box: TestApp;

    before(async () => {
      gitlab = await startGitlabSimulator({ clock: systemClock });
      gitlab.world.addGroup({ path: 'lab', name: 'Lab' });
      project = gitlab.world.addProject({ path: 'lab/desk', id: 301, visibility: 'public' });
      for (const title of ['CRITICAL', 'Information', 'Logbook', 'D:Krios 1', 'D:Krios 2']) {
        gitlab.world.addLabel(project, { title, color: '#009966' });
      }
      const { secret } = gitlab.world.addToken({ role: 'maintainer', scopes: ['api'], projects: [project] });
      box = await startApp({
        databaseUrl,
        values: {
          facility: {
            integrations: [{ id: 'lab', url: gitlab.url, token: secret, hook_token: HOOK_TOKEN }],
            projects: [{ integration: 'lab', project: 301 }],
          },
        },
      });
      gitlab.world.addHook(project, { url: `${box.url}/hooks/gitlab/lab`, token: HOOK_TOKEN });
      await until('both devices run', async () => (await states())['facility/krios-2'] === 'RUNNING');
    });

    after(async () => {
      await box.stop();
      await gitlab.close();
    });

    async function states(): Promise<Record<string, string | null>> {
      const rows = await box.app.components.rows({ kind: 'anonymous' });
      return Object.fromEntries(rows.map((row) => [row.key, row.status.state]));
    }
    const text = async (path: string) => await (await fetch(box.url + path)).text();

    it('puts one badge per device on the project page, of our own drawing', async () => {
      const badges = await until('two badges', () => (gitlab.world.badges.length === 2 ? gitlab.world.badges : null));
      assert.deepEqual(
        badges.map(({ imageUrl }) => imageUrl),
        [`${box.url}/badges/facility/krios-1.svg`, `${box.url}/badges/facility/krios-2.svg`],
      );
      assert.match(await text('/badges/facility/krios-1.svg'), /RUNNING/);
    });

    it('turns red within a second on page, badge, JSON and stream, and green again when the issue is closed', async () => {
      const stream = await fetch(`${box.url}/api/stream`);
      const reader = stream.body?.getReader();
      assert.ok(reader);
      const opened = performance.now();
      const issue = gitlab.world.openIssue(project, { title: 'Vacuum <leak>', labels: ['D:Krios 1', 'CRITICAL'] });
      await until('the page says DOWN', async () => /DOWN/.test(await text('/facility')), 1000);
      await until('the badge says DOWN', async () => /DOWN/.test(await text('/badges/facility/krios-1.svg')), 1000);
      const took = performance.now() - opened;
      assert.ok(took < 1000, `${Math.round(took)} ms`);
      let told = '';
      while (!told.includes('facility/krios-1')) told += Buffer.from((await reader.read()).value ?? []).toString();
      await reader.cancel();
      const overview = await text('/');
      assert.match(overview, /Vacuum &lt;leak&gt;/);
      assert.doesNotMatch(overview, /<leak>/);
      assert.equal((await states())['facility/krios-2'], 'RUNNING');

      gitlab.world.closeIssue(issue);
      await until('it runs again', async () => (await states())['facility/krios-1'] === 'RUNNING', 1000);
      await until('the page follows', async () => !/DOWN/.test(await text('/badges/facility/krios-1.svg')), 1000);
    });

    it('writes nothing to GitLab for all that', async () => {
      await gitlab.hooks.idle();
      assert.deepEqual(
        gitlab.requests.list().filter(({ method, status }) => method !== 'GET' && method !== 'POST' && status !== null),
        [],
      );
      const posts = gitlab.requests.list().filter(({ method }) => method === 'POST');
      assert.equal(posts.length, 2, 'the two badges of the beginning');
    });

    it('never logs a token, nor a line of level error', () => {
      const lines = box.log.join('');
      assert.ok(lines.length > 0);
      assert.ok(!lines.includes(HOOK_TOKEN) && !lines.includes('glpat-'));
      assert.deepEqual(
        box.log.filter((line) => (JSON.parse(line) as { level: number }).level >= 50),
        [],
      );
    });
  });
}
