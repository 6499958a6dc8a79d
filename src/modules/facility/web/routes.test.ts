import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { type GitlabSimulator, type Project, startGitlabSimulator } from '../../../../simulators/gitlab/index.ts';
import { startApp, type TestApp } from '../../../../test/support/start-app.ts';
import { until } from '../../../../test/support/until.ts';
import { addMs, system, systemClock } from '../../../core/index.ts';
import { auditEntries } from '../../../platform/audit/index.ts';
import { createUser } from '../../../platform/auth/index.ts';

const HOOK_TOKEN = 's3cr3t-for-tests';
const HOSTILE = '<script>alert(1)</script>';
const SECRET = 'Unpublished reagent spill';

describe('the pages of the facility', () => {
  let gitlab: GitlabSimulator;
  let open: Project;
  let closed: Project;
  let box: TestApp;
  let operator: Visitor;

  before(async () => {
    gitlab = await startGitlabSimulator({ clock: systemClock });
    open = gitlab.world.addProject({ path: 'lab/desk', id: 301, visibility: 'public' });
    closed = gitlab.world.addProject({ path: 'lab/hidden', id: 302, visibility: 'private' });
    for (const title of ['CRITICAL', 'D:Cryo A', 'D:Laser 2', `D:${HOSTILE}`, 'D:=1+1', 'D:__proto__']) {
      gitlab.world.addLabel(open, { title, color: '#009966' });
    }
    gitlab.world.addLabel(closed, { title: 'D:Secret Press', color: '#009966' });
    gitlab.world.openIssue(open, { title: `=HYPERLINK("x") ${HOSTILE}`, labels: ['D:Cryo A', 'CRITICAL'] });
    gitlab.world.openIssue(open, { title: SECRET, labels: ['D:Laser 2'], confidential: true });
    const { secret } = gitlab.world.addToken();
    box = await startApp({
      values: {
        facility: {
          integrations: [{ id: 'lab', url: gitlab.url, token: secret, hook_token: HOOK_TOKEN }],
          projects: [
            { integration: 'lab', project: 301, groups: { '#009966': 'Microscopes' } },
            { integration: 'lab', project: 302, title: 'Hidden desk' },
          ],
        },
      },
    });
    await until('all devices have reported', async () => {
      const rows = await box.app.components.rows(system('test'), { area: 'facility' });
      return rows.length === 6 && rows.every(({ status }) => status.level !== 'unknown');
    });
    await until('they are shown', async () => !(await get('/facility')).includes('>Unknown<'));
    operator = new Visitor(box.url);
    await operator.signIn(
      await createUser(box.app, system('test'), { name: 'olga', role: 'operator', email: undefined }),
    );
  });

  after(async () => {
    await box.stop();
    await gitlab.close();
  });

  const get = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
    (await fetch(box.url + path, { headers })).text();

  it("show each device with its state in the lab's words and its deciding issue", async () => {
    const page = await get('/facility');
    assert.match(page, /Microscopes/);
    assert.match(page, /Cryo A<\/a> <b class="word">DOWN/);
    assert.match(page, /__proto__<\/a> <b class="word">RUNNING/);
    assert.match(page, /href="[^"]*\/-\/issues\/1">#1 =HYPERLINK/);
  });

  it('tell in the metrics of all projects, naming only what visitors may see', async () => {
    const metrics = await get('/metrics');
    assert.match(metrics, /^signalbox_facility_reading_age_seconds\{project="lab\/301"\} /m);
    assert.match(metrics, /^signalbox_facility_stale_projects 0$/m);
    assert.match(metrics, /^signalbox_facility_oldest_reading_age_seconds \d/m);
    assert.doesNotMatch(metrics, /lab\/302|Hidden desk/);
  });

  it('let no name and no title become markup', async () => {
    for (const path of [
      '/facility',
      '/',
      '/components/facility/cryo-a',
      '/badges/facility/script-alert-1-script.svg',
    ]) {
      const body = await get(path);
      assert.ok(!body.includes(HOSTILE), path);
    }
    assert.ok((await get('/facility')).includes('&lt;script&gt;'));
  });

  it('speak Italian', async () => {
    const page = await get('/facility', { 'accept-language': 'it' });
    assert.match(page, /Funzionano 3 strumenti su 5\./);
    assert.match(page, /Una segnalazione riservata/);
  });

  it('tell of a confidential issue that there is one, and nothing else, in any form', async () => {
    const forms = [
      '/facility',
      '/facility?format=csv',
      '/facility?format=csv&view=changes',
      '/api/facility/devices',
      '/',
      '/components/facility/laser-2',
      '/badges/facility/laser-2.svg',
      '/badges/facility/laser-2.json',
      '/api/components/facility/laser-2',
    ];
    for (const path of forms) {
      const body = await get(path);
      assert.ok(!body.includes(SECRET) && !/issues\/2\b|#2\b/.test(body), path);
    }
    assert.match(
      await get('/facility'),
      /Laser 2<\/a> <b class="word">LIMITED<\/b><\/span><span class="why">A confidential report/,
    );
    assert.match(
      await get('/api/facility/devices'),
      /"key":"facility\/laser-2"[^}]*"confidential":true,"issue":null,"lastActivity":null/,
    );
  });

  it('hide the devices of a private project in every form, and show them to members', async () => {
    const forms = [
      '/facility',
      '/facility?format=csv',
      '/facility?format=csv&view=changes',
      '/api/facility/devices',
      '/components/facility/secret-press',
      '/badges/facility/secret-press.svg',
    ];
    for (const path of forms) assert.doesNotMatch(await get(path), /Secret Press|Hidden desk/, path);
    assert.match(await operator.get('/facility'), /Secret Press/);
    assert.equal((await fetch(`${box.url}/facility?project=lab/302`)).status, 404);
    assert.equal((await fetch(`${box.url}/api/facility/devices?project=lab/302`)).status, 404);
    assert.match(
      await get('/api/facility/devices', { authorization: `Bearer ${await box.token('read')}` }),
      /Secret Press/,
    );
  });

  it('give the devices as CSV that no spreadsheet takes for a formula', async () => {
    const answer = await fetch(`${box.url}/facility?format=csv`);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/csv/);
    const lines = (await answer.text()).trim().split('\r\n');
    assert.equal(lines.length, 6);
    assert.ok(
      lines.every((line) => !/(^|,)"?[=+@-]/.test(line)),
      lines.join('\n'),
    );
    assert.ok(lines.some((line) => line.startsWith("facility/1-1,'=1+1,Microscopes,RUNNING,operational,")));
  });

  it('give every change of state as CSV', async () => {
    const lines = (await get('/facility?format=csv&view=changes')).trim().split('\r\n');
    assert.equal(lines[0], 'at,key,from,to,level,issue,issue_url');
    assert.equal(lines.length, 6);
    assert.ok(lines.some((line) => /,facility\/cryo-a,,DOWN,major_outage,#1,http/.test(line)));
  });

  it('give time that nobody watched a row of its own among them', async () => {
    const device = 'facility/laser-2';
    await box.app.db.write(async (tx) => {
      const now = systemClock.now();
      const outage = { from_at: addMs(now, -3), until_at: addMs(now, -1), recorded_at: now, reason: 'stopped' };
      tx.send(tx.for<{ components_outage: typeof outage }>().insertInto('components_outage').values(outage));
    });
    const lines = (await operator.get('/facility?format=csv&view=changes')).trim().split('\r\n');
    const own = lines.filter((line) => line.includes(device)).map((line) => line.split(',').slice(2, 5));
    const state = own.at(-1)?.[1];
    assert.deepEqual(own.slice(0, 2), [
      ['UNKNOWN', state, own[0]?.[2]],
      [state, 'UNKNOWN', 'unknown'],
    ]);
  });

  it('say on the badge when the issue was last worked on, and nothing for a confidential one', async () => {
    assert.match(await get('/badges/facility/cryo-a.svg'), /DOWN \| Updated &lt; 1 h ago/);
    assert.doesNotMatch(await get('/badges/facility/laser-2.svg'), /Updated/);
    assert.doesNotMatch(await get('/badges/facility/proto.svg'), /Updated/);
  });

  describe('for operators', () => {
    it('tell what is wrong, and nobody else', async () => {
      const page = await operator.get('/facility');
      assert.match(page, /GitLab has no webhook that points here/);
      assert.match(page, /The badges show nothing to visitors/);
      assert.doesNotMatch(await get('/facility'), /webhook|Read it now/);
    });

    it('show what would change without changing it', async () => {
      gitlab.world.addLabel(closed, { title: 'D:Brand new' });
      const writes = gitlab.requests.writes().total;
      assert.match(
        await operator.get('/facility/plan?project=lab/302'),
        /Create the badge of brand-new|Change a badge to brand-new/,
      );
      assert.equal(gitlab.requests.writes().total, writes);
    });

    it('read a project again when asked, and write down who asked', async () => {
      const answer = await operator.post('/facility/reconcile', { project: 'lab/302' }, '/facility');
      assert.equal(answer.status, 303);
      await until('the new device is there', async () => (await operator.get('/facility')).includes('Brand new'));
      const entries = await auditEntries(box.app.db, {}, { limit: 50 });
      assert.ok(
        entries.some((entry) => entry.action === 'facility.reconcile_requested' && entry.subject === 'project:lab/302'),
      );
    });

    it('refuse a visitor, a viewer, a foreign site and a form without its token', async () => {
      const post = (headers: Record<string, string>, body = 'project=lab%2F302'): Promise<Response> =>
        fetch(`${box.url}/facility/reconcile`, {
          method: 'POST',
          redirect: 'manual',
          headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
          body,
        });
      assert.notEqual((await post({ 'sec-fetch-site': 'same-origin' })).status, 303);
      assert.equal((await post({ 'sec-fetch-site': 'cross-site', cookie: operator.cookie() })).status, 403);
      assert.equal((await post({ 'sec-fetch-site': 'same-origin', cookie: operator.cookie() })).status, 403);
      const viewer = new Visitor(box.url);
      await viewer.signIn(
        await createUser(box.app, system('test'), { name: 'victor', role: 'viewer', email: undefined }),
      );
      assert.equal((await viewer.post('/facility/reconcile', { project: 'lab/302' }, '/account')).status, 403);
      assert.equal(
        (await fetch(`${box.url}/facility/plan?project=lab/301`, { headers: { cookie: viewer.cookie() } })).status,
        403,
      );
    });

    it('say that a project does not exist', async () => {
      assert.equal((await operator.post('/facility/reconcile', { project: 'lab/999' }, '/facility')).status, 404);
    });
  });

  describe('and its hook', () => {
    const send = (
      headers: Record<string, string>,
      body: string | Buffer<ArrayBuffer>,
      path = '/hooks/gitlab/lab',
    ): Promise<Response> =>
      fetch(box.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
    const right = { 'x-gitlab-token': HOOK_TOKEN };

    it('answer 204 with nothing, 401 to a stranger, 404 for an unknown integration, 400 to nonsense', async () => {
      const pipeline = JSON.stringify({ object_kind: 'pipeline', project: { id: 301 } });
      const answer = await send(right, pipeline);
      assert.deepEqual([answer.status, await answer.text()], [204, '']);
      assert.equal((await send({}, pipeline)).status, 401);
      assert.equal((await send(right, pipeline, '/hooks/gitlab/nobody')).status, 404);
      assert.equal((await send(right, '{}')).status, 400);
    });

    it('refuse a stranger before the body has come', async () => {
      const headers = { 'content-type': 'application/json', 'content-length': '25000000', 'x-gitlab-token': 'guess' };
      const asking = request(`${box.url}/hooks/gitlab/lab`, { method: 'POST', headers });
      asking.on('error', () => undefined);
      asking.flushHeaders();
      const [answer] = (await once(asking, 'response')) as [IncomingMessage];
      asking.destroy();
      assert.equal(answer.statusCode, 401);
    });

    it('refuse more than 25 MB', async () => {
      assert.equal((await send(right, Buffer.alloc(26 * 1024 * 1024, 32))).status, 413);
    });

    it('let a test event of GitLab fill an empty project page', async () => {
      gitlab.world.badges = gitlab.world.badges.filter((badge) => badge.ownerId !== 301);
      const hook = gitlab.world.addHook(open, { url: `${box.url}/hooks/gitlab/lab`, token: HOOK_TOKEN });
      const delivery = await gitlab.hooks.test(hook, 'issues_events');
      assert.equal(typeof delivery === 'string' ? delivery : delivery.responseStatus, 204);
      await until('all badges are back', () => gitlab.world.badgesOf(open).length === 5);
    });
  });

  it("tell a caller of the original's address how to move, and log no part of the path", async () => {
    const answer = await fetch(`${box.url}/update/glpat-old-secret`, { method: 'POST' });
    assert.equal(answer.status, 410);
    assert.match(answer.headers.get('content-type') ?? '', /problem\+json/);
    assert.match(await answer.text(), /revoke the access token/);
    assert.doesNotMatch(box.log.join(''), /glpat-old-secret/);
  });
});

/** A browser that keeps cookies and sends forms with the token of the page they stand on. */
class Visitor {
  readonly #url: string;
  readonly #jar = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
  }

  cookie(): string {
    return [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async get(path: string): Promise<string> {
    return (await this.#send(path, {})).text();
  }

  async post(path: string, fields: Record<string, string>, page: string): Promise<Response> {
    const csrf = /name="csrf" value="([^"]+)"/.exec(await this.get(page))?.[1];
    const body = new URLSearchParams({ ...(csrf === undefined ? {} : { csrf }), ...fields });
    return this.#send(path, { method: 'POST', body, headers: { 'sec-fetch-site': 'same-origin' } });
  }

  async signIn({ name, password }: { name: string; password: string }): Promise<void> {
    await this.post('/login', { name, password }, '/login');
    const next = 'osier lamp tide umbra';
    await this.post('/account/password', { current: password, next, repeat: next }, '/account');
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const headers = {
      ...(init.headers as Record<string, string> | undefined),
      cookie: this.cookie(),
      'accept-language': 'en',
    };
    const answer = await fetch(this.#url + path, { ...init, headers, redirect: 'manual' });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') this.#jar.delete(name);
      else this.#jar.set(name, value);
    }
    return answer;
  }
}
