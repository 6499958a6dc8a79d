import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { after, describe, it } from 'node:test';
import { type GitlabSimulator, type Project, startGitlabSimulator } from '../../../simulators/gitlab/index.ts';
import { type Clock, systemClock, UpstreamError } from '../../core/index.ts';
import { GitLab } from './client.ts';
import type { GitLabCall } from './transport.ts';

const TOKEN = 'glpat-test-maintainer';

interface Setting {
  simulator: GitlabSimulator;
  project: Project;
  gitlab: GitLab;
  pauses: number[];
  calls: GitLabCall[];
}

async function setting(clock: Clock = systemClock): Promise<Setting> {
  const simulator = await startGitlabSimulator({ clock });
  after(() => simulator.close());
  const project = simulator.world.addProject({ path: 'lab/desk', id: 301 });
  simulator.world.addToken({ secret: TOKEN });
  const { gitlab, pauses, calls } = client(simulator.url);
  return { simulator, project, gitlab, pauses, calls };
}

function client(url: string): { gitlab: GitLab; pauses: number[]; calls: GitLabCall[] } {
  const pauses: number[] = [];
  const calls: GitLabCall[] = [];
  const pause = async (ms: number): Promise<void> => void pauses.push(ms);
  const options = { url, token: TOKEN, clock: systemClock, timeoutMs: 500, random: () => 0.5 };
  return { gitlab: new GitLab({ ...options, pause, onCall: (call) => void calls.push(call) }), pauses, calls };
}

/** A server that answers as told, for what no GitLab would do. */
async function server(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const listening = createServer(answer);
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  after(() => {
    listening.closeAllConnections();
    listening.close();
  });
  const address = listening.address();
  assert.ok(address !== null && typeof address !== 'string');
  return `http://127.0.0.1:${address.port}`;
}

const failsWith = (expected: Partial<UpstreamError>) => (error: unknown) => {
  assert.ok(error instanceof UpstreamError, String(error));
  for (const [name, value] of Object.entries(expected)) assert.equal(error[name as keyof UpstreamError], value);
  assert.doesNotMatch(`${error.message} ${error.stack ?? ''} ${JSON.stringify(error)}`, /glpat-/);
  return true;
};

describe('GitLab', () => {
  it('reads all pages of labels, issues and badges, beyond the hundred of one page', async () => {
    const { simulator, project, gitlab } = await setting();
    for (let n = 0; n < 250; n += 1) {
      simulator.world.addLabel(project, { title: `D:${n}` });
      simulator.world.openIssue(project, { title: `Issue ${n}`, labels: [`D:${n}`] });
      simulator.world.addBadge(project, { imageUrl: 'https://x.test/a.svg', linkUrl: 'https://x.test' });
    }
    assert.equal((await gitlab.labels(301)).length, 250);
    assert.equal((await gitlab.openIssues(301)).length, 250);
    assert.equal((await gitlab.badges(301)).length, 250);
    assert.ok(simulator.requests.list().every(({ path }) => path.includes('per_page=100')));
  });

  it('asks for open issues with labels only', async () => {
    const { simulator, project, gitlab } = await setting();
    simulator.world.openIssue(project, { title: 'plain' });
    simulator.world.closeIssue(simulator.world.openIssue(project, { title: 'closed', labels: ['D:A'] }));
    simulator.world.openIssue(project, { title: 'open', labels: ['D:A'], confidential: true });
    assert.deepEqual(
      (await gitlab.openIssues(301)).map(({ title, labels, confidential }) => [title, labels, confidential]),
      [['open', ['D:A'], true]],
    );
  });

  it('finds a project by its path, also after it has moved', async () => {
    const { simulator, project, gitlab } = await setting();
    assert.equal((await gitlab.project('lab/desk')).id, 301);
    simulator.world.moveProject(project, 'bench');
    assert.equal((await gitlab.project('lab/desk')).path_with_namespace, 'lab/bench');
  });

  it('creates, changes and deletes badges, and takes a badge that is gone for deleted', async () => {
    const { simulator, project, gitlab } = await setting();
    const content = { name: 'n', imageUrl: 'https://x.test/a.svg', linkUrl: 'https://x.test' };
    const { id } = await gitlab.createBadge(301, content);
    await gitlab.updateBadge(301, id, { ...content, name: 'm' });
    assert.equal(simulator.world.badgesOf(project)[0]?.name, 'm');
    await gitlab.deleteBadge(301, id);
    await gitlab.deleteBadge(301, id);
    assert.equal(simulator.world.badgesOf(project).length, 0);
  });

  it('sends the token in a header and nowhere else', async () => {
    const { simulator, gitlab } = await setting();
    await gitlab.project(301);
    await gitlab.createLabel(301, { name: 'D:A', color: '#009966', description: '' });
    assert.doesNotMatch(JSON.stringify(simulator.requests.list()), /glpat-/);
  });

  it("tells the token's end and the hooks", async () => {
    const { simulator, project, gitlab } = await setting();
    const hook = simulator.world.addHook(project, { url: 'http://127.0.0.1:1/hooks/gitlab/lab' });
    assert.match((await gitlab.tokenSelf()).expires_at ?? '', /^\d{4}-\d{2}-\d{2}$/);
    assert.deepEqual(
      (await gitlab.hooks(301)).map(({ id, alert_status: status }) => [id, status]),
      [[hook.id, 'executable']],
    );
    assert.deepEqual(await gitlab.hookEvents(301, hook.id), []);
    const made = await gitlab.createHook(301, {
      url: 'http://127.0.0.1:1/x',
      token: 'secret-of-hook',
      sslVerification: true,
    });
    assert.equal(simulator.world.hooks.find(({ id }) => id === made.id)?.token, 'secret-of-hook');
  });

  describe('when GitLab fails', () => {
    it('tries again after 429 and obeys Retry-After, POST too', async () => {
      const { simulator, gitlab, pauses } = await setting();
      simulator.faults.add({ kind: 'status', status: 429, retryAfter: 7, times: 1 });
      await gitlab.createBadge(301, { name: 'n', imageUrl: 'https://x.test/a.svg', linkUrl: 'https://x.test' });
      assert.equal(pauses[0], 7000);
      assert.equal(simulator.world.badges.length, 1);
    });

    it('leaves a long pause to its caller, and keeps it for the next call too', async () => {
      const { simulator, gitlab, pauses } = await setting();
      simulator.faults.add({ kind: 'status', status: 429, retryAfter: 600, times: 1 });
      await assert.rejects(gitlab.labels(301), failsWith({ reason: 'rate_limited', retryAfter: 600, retry: true }));
      const asked = simulator.requests.list().length;
      await assert.rejects(gitlab.labels(301), failsWith({ reason: 'rate_limited' }));
      assert.equal(simulator.requests.list().length, asked);
      assert.deepEqual(pauses, []);
    });

    it('tries GET, PUT and DELETE again after 5xx and cut connections, with growing pauses', async () => {
      const { simulator, gitlab, pauses, calls } = await setting();
      simulator.faults.add({ kind: 'status', status: 502, times: 2 });
      simulator.faults.add({ kind: 'reset', times: 1 });
      await gitlab.project(301);
      assert.deepEqual(pauses, [500, 1000, 2000]);
      assert.deepEqual(
        calls.map(({ outcome }) => outcome),
        ['server', 'server', 'unreachable', 'ok'],
      );
    });

    it('does not repeat a POST of which it cannot know whether it was done', async () => {
      const { simulator, gitlab } = await setting();
      simulator.faults.add({ kind: 'status', status: 502, applied: true, method: 'POST' });
      await assert.rejects(
        gitlab.createLabel(301, { name: 'D:A', color: '#009966', description: '' }),
        failsWith({ reason: 'server', status: 502 }),
      );
      assert.equal(simulator.requests.list({ method: 'POST' }).length, 1);
    });

    it('gives up after three more attempts', async () => {
      const { simulator, gitlab } = await setting();
      simulator.faults.add({ kind: 'status', status: 500 });
      await assert.rejects(gitlab.labels(301), failsWith({ reason: 'server', retry: true }));
      assert.equal(simulator.requests.list().length, 4);
    });

    it('ends a request that hangs', async () => {
      const { simulator, gitlab } = await setting();
      simulator.faults.add({ kind: 'hang', method: 'POST' });
      await assert.rejects(gitlab.testHook(301, 1), failsWith({ reason: 'timeout', retry: true }));
    });

    it('does not try again what the token may not do, and says what it needs', async () => {
      const { simulator, gitlab } = await setting();
      simulator.faults.add({ kind: 'status', status: 403 });
      await assert.rejects(gitlab.labels(301), failsWith({ reason: 'auth', status: 403, retry: false }));
      assert.equal(simulator.requests.list().length, 1);
      const unknown = new GitLab({ url: simulator.url, token: 'glpat-nobody', clock: systemClock });
      simulator.faults.clear();
      await assert.rejects(unknown.labels(301), failsWith({ reason: 'auth', status: 401 }));
    });

    it('recognises a sign-in page that comes with 200', async () => {
      const { simulator, gitlab } = await setting();
      simulator.faults.add({ kind: 'login_page' });
      await assert.rejects(
        gitlab.labels(301),
        (error) => failsWith({ reason: 'auth', retry: false })(error) && /web page/.test(String(error)),
      );
    });

    it('fails on half an answer and on one that does not look as documented', async () => {
      const { simulator, gitlab } = await setting();
      simulator.faults.add({ kind: 'truncate' });
      await assert.rejects(gitlab.labels(301), failsWith({ reason: 'unreachable' }));
      const odd = client(await server((_request, response) => response.end('{"labels":[]}')));
      await assert.rejects(odd.gitlab.labels(301), failsWith({ reason: 'server', retry: false }));
    });

    it('never follows paging or a redirect to another host', async () => {
      let stolen = 0;
      const thief = await server((_request, response) => {
        stolen += 1;
        response.end('[]');
      });
      const link = client(
        await server((_request, response) => response.setHeader('link', `<${thief}/api/v4/x>; rel="next"`).end('[]')),
      );
      await assert.rejects(
        link.gitlab.labels(301),
        (error) => failsWith({ reason: 'client' })(error) && /external_url/.test(String(error)),
      );
      const redirect = client(
        await server((_request, response) => response.writeHead(302, { location: `${thief}/api/v4/x` }).end()),
      );
      await assert.rejects(redirect.gitlab.labels(301), failsWith({ reason: 'client' }));
      assert.equal(stolen, 0);
    });

    it('does not page for ever', async () => {
      let pages = 0;
      const url = await server((request, response) => {
        pages += 1;
        response
          .setHeader('link', `<http://${request.headers.host}/api/v4/projects/301/labels?page=${pages}>; rel="next"`)
          .end('[]');
      });
      await assert.rejects(client(url).gitlab.labels(301), failsWith({ reason: 'client' }));
      assert.equal(pages, 500);
    });

    it('reads a list again when it changed under the pages', async () => {
      const { simulator, project, gitlab } = await setting();
      const issues = Array.from({ length: 150 }, (_, n) =>
        simulator.world.openIssue(project, { title: `${n}`, labels: ['D:A'] }),
      );
      simulator.faults.add({ kind: 'latency', ms: 100, path: '/api/v4/projects/301/issues', times: 2 });
      const reading = gitlab.openIssues(301);
      while (simulator.requests.list({ path: '/api/v4/projects/301/issues' }).length < 1)
        await new Promise(setImmediate);
      const [first] = issues;
      assert.ok(first);
      simulator.world.closeIssue(first);
      assert.equal((await reading).length, 149);
    });

    it('keeps still when GitLab says nothing is left of the limit', async () => {
      const { simulator, gitlab } = await setting();
      simulator.rateLimit.limit = 1;
      simulator.rateLimit.periodMs = 600_000;
      await gitlab.project(301);
      await assert.rejects(gitlab.project(301), failsWith({ reason: 'rate_limited', retry: true }));
      assert.equal(simulator.requests.list().length, 1);
    });

    it('lets no words of GitLab carry the token or a line break', async () => {
      const url = await server((_request, response) =>
        response.writeHead(400).end(JSON.stringify({ message: `bad\r\ntoken ${TOKEN}` })),
      );
      await assert.rejects(
        client(url).gitlab.labels(301),
        (error) => failsWith({ reason: 'client' })(error) && !/[\r\n]/.test((error as Error).message),
      );
    });
  });
});
