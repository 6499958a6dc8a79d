import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { HOOK_TOKEN, hookHeaders, issueEvent, type Lab, startLab } from '../support/lab.ts';
import { postForm, signIn } from '../support/people.ts';
import { withRoutes } from '../support/routes.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { addresses, askAll } from '../support/surface.ts';
import { until } from '../support/until.ts';

const TOKEN = 'glpat-EgressSecret-0123456789';

/** A machine of the inner network that nobody configured: whoever asks it, was led there. */
async function listen(
  answer: (request: IncomingMessage) => { status: number; headers: Record<string, string>; body: string },
): Promise<{ server: Server; url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${String(request.headers['private-token'])}`);
    const { status, headers, body } = answer(request);
    response.writeHead(status, headers).end(body);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${port}`, asked };
}

describe('attack 9: a GitLab that leads us to other machines', () => {
  for (const status of [301, 302, 303, 307, 308]) {
    it(`does not follow ${status} to another host, nor hand the token over`, async () => {
      const inner = await listen(() => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '[]' }));
      const gitlab = await listen((request) => ({
        status,
        headers: { location: `${inner.url}${request.url ?? ''}` },
        body: '',
      }));
      const box = await startWith(gitlab.url);
      try {
        await until('it asked', () => gitlab.asked.length > 0);
        await until('it has given up', async () => (await failures(box)) > 0);
        assert.deepEqual(inner.asked, []);
      } finally {
        await box.stop();
        gitlab.server.close();
        inner.server.close();
      }
    });
  }

  it('does not follow the pages of a list to another host or scheme', async () => {
    const inner = await listen(() => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '[]' }));
    const links = [
      `${inner.url}/api/v4/x`,
      'http://169.254.169.254/latest/meta-data',
      'file:///etc/passwd',
      'gopher://127.0.0.1/x',
      `//${new URL(inner.url).host}/x`,
    ];
    for (const next of links) {
      const gitlab = await listen((request) => {
        const isProject = /\/projects\/301$/.test(request.url ?? '');
        const project = {
          id: 301,
          path_with_namespace: 'lab/desk',
          name: 'Desk',
          web_url: 'http://x.test/lab/desk',
          visibility: 'public',
          namespace: { name: 'lab' },
        };
        const headers = { 'content-type': 'application/json', link: `<${next}>; rel="next"`, 'x-next-page': '2' };
        return { status: 200, headers, body: JSON.stringify(isProject ? project : []) };
      });
      const box = await startWith(gitlab.url);
      try {
        await until('it asked', () => gitlab.asked.length > 1);
        await until('it has come to an end', async () => (await failures(box)) > 0 || gitlab.asked.length > 3);
        assert.deepEqual(inner.asked, [], next);
      } finally {
        await box.stop();
        gitlab.server.close();
      }
    }
    inner.server.close();
  });

  async function startWith(url: string): Promise<TestApp> {
    return await startApp({
      values: {
        facility: {
          integrations: [{ id: 'lab', url, token: TOKEN, hook_token: HOOK_TOKEN }],
          projects: [{ integration: 'lab', project: 301 }],
        },
      },
    });
  }

  async function failures(box: TestApp): Promise<number> {
    const tables = box.app.db.for<{ facility_project: { failures: number } }>();
    return (await tables.selectFrom('facility_project').select('failures').executeTakeFirst())?.failures ?? 0;
  }
});

describe('attack 12: secrets in what is written or shown', () => {
  it('stand in no log line, answer, header, metric, audit entry or event, whatever goes wrong', async () => {
    const { started: lab, routes } = await withRoutes(() => startLab());
    const { gitlab, box, project } = lab;
    try {
      const person = await signIn(box, 'admin');
      const api = await box.token('read', 'signals:write');
      const session = person.headers.cookie.split(/[=;]/)[1] ?? '';
      const secrets = [...lab.secrets, person.password, api, session, 'GUESSED-PASSWORD-1'];
      for (const secret of secrets) assert.ok(secret.length > 10);
      await postForm(box, '/login', { name: person.name, password: 'GUESSED-PASSWORD-1' });
      await postForm(box, '/login', { name: 'GUESSED-PASSWORD-1', password: 'GUESSED-PASSWORD-1' });
      await fetch(`${box.url}/update/${lab.secrets[0] ?? ''}`, { method: 'POST', body: '{}' });
      await fetch(`${box.url}/no-such/${api}?token=${api}`, {
        headers: { authorization: `Bearer ${api}x`, referer: `${box.url}/?t=${api}` },
      });
      const body = JSON.stringify(issueEvent({ id: 5, labels: ['D:Krios'] }));
      await fetch(`${box.url}/hooks/gitlab/lab`, {
        method: 'POST',
        headers: hookHeaders({ 'x-gitlab-token': `${HOOK_TOKEN}x` }),
        body,
      });
      for (const fault of [
        { kind: 'status', status: 401 },
        { kind: 'reset' },
        { kind: 'login_page' },
        { kind: 'status', status: 500 },
      ] as const) {
        gitlab.faults.add({ ...fault, times: 3 });
        gitlab.world.openIssue(project, { title: 'Again', labels: ['D:Krios'] });
        await gitlab.hooks.idle();
      }
      gitlab.faults.clear();
      await person.send('/facility/reconcile', { project: 'lab/301' });
      const paths = addresses(routes, ['facility/krios']).filter((path) => !path.includes('?'));
      const answers = [
        ...(await askAll(box.url, paths)),
        ...(await askAll(box.url, paths, { headers: person.headers })),
      ];
      const events = JSON.stringify(
        await box.app.db.for<{ journal_event: { id: string } }>().selectFrom('journal_event').selectAll().execute(),
      );
      const audit = JSON.stringify(
        await box.app.db.for<{ audit_entry: { position: number } }>().selectFrom('audit_entry').selectAll().execute(),
      );
      const written = box.log.join('');
      assert.ok(written.length > 1000 && audit.length > 200 && events.length > 1000);
      for (const secret of secrets) {
        const name = `${secret.slice(0, 6)}…`;
        assert.ok(!written.includes(secret), `${name} is in the log`);
        assert.ok(!audit.includes(secret), `${name} is in the audit log`);
        assert.ok(!events.includes(secret), `${name} is in the journal`);
        for (const answer of answers) {
          const all = answer.body + JSON.stringify([...answer.headers]);
          assert.ok(!all.includes(secret), `${name} is shown by ${answer.path}`);
        }
      }
    } finally {
      await lab[Symbol.asyncDispose]();
    }
  });
});

describe('attack 9: nothing a visitor or a label says makes us call anybody', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab[Symbol.asyncDispose]());

  it('calls nothing for evidence, links and addresses in signals and events', async () => {
    const inner = await listen(() => ({ status: 200, headers: {}, body: '' }));
    const token = await lab.box.token('signals:write', 'components:create');
    const evidence = [
      inner.url,
      'http://127.0.0.1:1/',
      'http://[::1]/',
      'http://2130706433/',
      'http://0x7f.1/',
      'file:///etc/passwd',
      'gopher://x',
      'http://a@b:c@d/',
      'http://x/\r\nHost: y',
    ];
    const signals = evidence.map((address, n) => ({
      component: `lab/e${n}`,
      source: 's',
      name: 'p',
      level: 'degraded',
      evidence: address,
    }));
    const answer = await fetch(`${lab.box.url}/api/signals`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(signals),
    });
    assert.ok(answer.status < 500);
    const event = issueEvent({ id: 6, labels: ['D:Krios', 'CRITICAL'] });
    const body = JSON.stringify({ ...event, project: { id: 301, web_url: inner.url, git_http_url: inner.url } });
    await fetch(`${lab.box.url}/hooks/gitlab/lab`, { method: 'POST', headers: hookHeaders(), body });
    await lab.settled();
    for (const path of ['/', '/facility', '/components/lab/e0', '/components/lab/e5', '/components/lab/e6']) {
      assert.doesNotMatch(await lab.text(path), /href="(file|gopher|javascript):/, path);
    }
    assert.deepEqual(inner.asked, []);
    inner.server.close();
  });
});
