import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DAY } from '../../src/core/index.ts';
import { parseXml } from '../../src/platform/feeds/read-xml.cases.ts';
import { type RunningCommand, signalbox, startCommand } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';
import { cookiesOf, postForm } from '../support/people.ts';
import { until } from '../support/until.ts';

/** What somebody sees who has just cloned the repository: a real process, its terminal and its sockets. */

interface Device {
  key: string;
  name: string;
  group: string;
  state: string;
  level: string;
  issue: { url: string | null } | null;
}

interface Incident {
  id: number;
  title: string;
  status: string;
  impact: number;
  start: string;
  system: boolean;
  components: unknown[];
  updates: { system: boolean }[];
}

interface Demo {
  process: RunningCommand;
  url: string;
  lines: string[];
  password: string;
  /** From its start to the first 200 of /readyz. */
  readyMs: number;
  /** What the board said at that very moment. */
  devicesThen: Device[];
}

const LINES = [
  /^Signalbox: (http:\/\/127\.0\.0\.1:\d+)$/,
  /^GitLab simulator: (http:\/\/127\.0\.0\.1:\d+\S*)$/,
  /^Project: (\d+)$/,
  /^API token for the simulator: (glpat-\S+)$/,
  /^Sign in: admin (\S+)$/,
  /^Monitor token: (sbx_\S+)$/,
  /^Mail that was sent: (http:\/\/127\.0\.0\.1:\d+)$/,
];

describe('script/start without a configuration', () => {
  let folder = '';
  let demo: Demo;
  const started: RunningCommand[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-demo-'));
    demo = await start(join(folder, 'not/yet/there'));
  });
  after(async () => {
    for (const each of started) each.signal('SIGKILL');
    await Promise.all(started.map((each) => each.ended));
    await rm(folder, { recursive: true, force: true });
  });

  function launch(data: string, port: number): RunningCommand {
    const launched = startCommand('script/start', [], { PORT: String(port), SIGNALBOX_DATA: data });
    started.push(launched);
    return launched;
  }

  async function start(data: string): Promise<Demo> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const from = performance.now();
    const child = launch(data, port);
    await until(`the demo is ready; it said: ${child.stderr()}`, async () => (await fetch(`${url}/readyz`)).ok, 60_000);
    const readyMs = performance.now() - from;
    const devicesThen = await devicesAt(url);
    await until('it has printed how to sign in', () => /^Mail that was sent:.*\n/m.test(child.stdout()));
    const lines = child.stdout().trimEnd().split('\n');
    return { process: child, url, lines, password: LINES[4]?.exec(lines[4] ?? '')?.[1] ?? '', readyMs, devicesThen };
  }

  const devicesAt = async (url: string): Promise<Device[]> =>
    ((await (await fetch(`${url}/api/facility/devices`)).json()) as { devices: Device[] }).devices;

  async function mayRead(url: string, path: string, password: string): Promise<boolean> {
    const signedIn = await postForm({ url }, '/login', { name: 'admin', password });
    const page = await fetch(url + path, { headers: { cookie: cookiesOf(signedIn) }, redirect: 'manual' });
    return page.status === 200;
  }

  it('prints where it is and how to sign in: seven lines, in this order, and nothing else', () => {
    assert.equal(demo.lines.length, LINES.length, demo.lines.join('\n'));
    for (const [index, pattern] of LINES.entries()) assert.match(demo.lines[index] ?? '', pattern);
    assert.equal(LINES[0]?.exec(demo.lines[0] ?? '')?.[1], demo.url);
    assert.equal(demo.process.stderr(), '');
  });

  it('is ready only when every device of the seeded world is on the board, soon after it was started', (t) => {
    t.diagnostic(`ready after ${Math.round(demo.readyMs)} ms`);
    // Five seconds on a quiet machine; the bound is for one that much else runs on.
    assert.ok(demo.readyMs < 40_000, `${Math.round(demo.readyMs)} ms`);
    assert.equal(demo.devicesThen.length, 22);
    assert.deepEqual(
      demo.devicesThen.filter(({ level }) => level === 'unknown'),
      [],
    );
  });

  it('shows 22 devices in four groups, in all four states of a light', () => {
    const different = (of: (device: Device) => string) => [...new Set(demo.devicesThen.map(of))].sort();
    assert.equal(different(({ group }) => group).length, 4);
    assert.deepEqual(
      different(({ state }) => state),
      ['DOWN', 'LIMITED', 'RUNNING', 'RUNNING | INFO'],
    );
  });

  it('has 90 days of history, in which two outages of its own are unknown for every device', async () => {
    let changes = 0;
    for (const { key } of [demo.devicesThen[0], demo.devicesThen.at(-1)].flatMap((device) => device ?? [])) {
      const history = (await (await fetch(`${demo.url}/api/components/${key}/history`)).json()) as {
        from: string;
        periods: { from: string; until: string | null; level: string }[];
        transitions: unknown[];
      };
      changes += history.transitions.length;
      const unwatched = history.periods.filter(({ level }) => level === 'unknown');
      assert.equal(unwatched.length, 2, JSON.stringify(unwatched));
      assert.equal(history.periods[0]?.from, history.from);
      assert.ok(Date.now() - Date.parse(history.from) >= 90 * DAY - 1000);
      const page = await (await fetch(`${demo.url}/components/${key}`)).text();
      assert.match(page, /watched/);
    }
    assert.ok(changes >= 4, `${changes} changes`);
  });

  const incidentsAt = async (query: string): Promise<Incident[]> =>
    ((await (await fetch(`${demo.url}/api/incidents?${query}`)).json()) as { data: Incident[] }).data;

  it('shows an open incident that is being fixed, and a maintenance in the days to come', async () => {
    const [open] = await incidentsAt('type=incident&state=open&impact=2');
    assert.equal(open?.status, 'fixing');
    assert.equal(open.components.length, 2);
    assert.equal(open.updates.filter(({ system }) => !system).length, 3);
    const planned = (await incidentsAt('type=maintenance&status=planned')).filter(({ start }) => {
      const ahead = Date.parse(start) - Date.now();
      return ahead > DAY && ahead < 4 * DAY;
    });
    assert.equal(planned.length, 1);
    const overview = await (await fetch(demo.url)).text();
    for (const { title } of [open, ...planned]) assert.ok(overview.includes(title), title);
    const page = await (await fetch(`${demo.url}/incidents/${open.id}`)).text();
    assert.match(page, /<b>Fixing<\/b>/i);
    const machine = await incidentsAt('type=incident&state=open&impact=1');
    assert.deepEqual(
      machine.map(({ system, impact }) => [system, impact]),
      [[true, 1]],
    );
    assert.equal((await incidentsAt('type=info&state=open')).length, 1);
  });

  it('has a year of history and twelve months of availability for each service', async () => {
    const history = await (await fetch(`${demo.url}/history`)).text();
    assert.ok(Number(/(\d+) entries/.exec(history)?.[1]) >= 60);
    const year = await incidentsAt(`type=incident&until=${new Date(Date.now() - 330 * DAY).toISOString()}`);
    assert.ok(year.length >= 2, 'incidents eleven months ago');
    const csv = await (await fetch(`${demo.url}/availability?format=csv`)).text();
    const rows = csv
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','));
    const services = Map.groupBy(rows, ([key]) => key);
    assert.equal(services.size, 45);
    for (const [key, months] of services) {
      assert.equal(months.length, 12, key);
      for (const [, , , , month, availability, coverage] of months) {
        assert.ok(Number(availability) > 98 && Number(availability) <= 100, `${key} ${month}: ${availability} %`);
        assert.ok(Number(coverage) > 99, `${key} ${month}: ${coverage} % watched`);
      }
    }
    assert.ok(rows.filter(([, , , , , availability]) => Number(availability) < 100).length >= 5, 'something was down');
  });

  it('has feeds that a reader takes', async () => {
    const json = (await (await fetch(`${demo.url}/feeds/all.json`)).json()) as { items: unknown[] };
    assert.ok(json.items.length >= 10);
    const { incidents } = (await (await fetch(`${demo.url}/api/v2/incidents.json`)).json()) as { incidents: unknown[] };
    assert.ok(incidents.length >= 10);
    assert.match(await (await fetch(`${demo.url}/feeds/all.ics`)).text(), /^BEGIN:VCALENDAR\r\n[^]*BEGIN:VEVENT/);
    for (const format of ['rss', 'atom']) {
      const feed = await (await fetch(`${demo.url}/feeds/all.${format}`)).text();
      assert.ok(parseXml(feed));
      assert.match(feed, /Some volumes in the north cannot be reached/);
    }
  });

  it('gives a token with which a monitor may report', async () => {
    const token = LINES[5]?.exec(demo.lines[5] ?? '')?.[1] ?? '';
    const report = {
      name: 'Kubernetes',
      impact: 3,
      text: 'Reported by hand',
      attributes: [{ name: 'region', value: 'South' }],
    };
    const answer = await fetch(`${demo.url}/api/v1/component_status`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(report),
    });
    assert.equal(answer.status, 201);
    assert.deepEqual(
      (await incidentsAt('state=open&impact=3')).map(({ title }) => title),
      ['Reported by hand'],
    );
  });

  it('shows the mail that it would send: a visitor subscribes, and confirms by the link in it', async () => {
    const mails = LINES[6]?.exec(demo.lines[6] ?? '')?.[1] ?? '';
    assert.match(await (await fetch(mails)).text(), /There is no mail yet/);
    const asked = await postForm(demo, '/subscribe', { kind: 'email', target: 'ada@example.org' });
    assert.equal(asked.status, 303, await asked.text());
    const link = await until('the mail is there', async () => {
      const page = await (await fetch(mails)).text();
      return /<a href="([^"]*\/subscriptions\/confirm\/[^"]*)">/.exec(page)?.[1];
    });
    assert.ok(link.startsWith(demo.url), link);
    assert.match(await (await fetch(link)).text(), />Confirm<\/button>/);
    const confirmed = await postForm(demo, link.slice(demo.url.length), {});
    assert.match(await confirmed.text(), /You are subscribed/);
  });

  it('signs the printed account in as an administrator', async () => {
    assert.equal(await mayRead(demo.url, '/admin/users', demo.password), true);
    assert.equal(await mayRead(demo.url, '/admin/users', `${demo.password}x`), false);
  });

  it('gives a token that the simulator takes', async () => {
    const simulator = new URL(LINES[1]?.exec(demo.lines[1] ?? '')?.[1] ?? '').origin;
    const token = LINES[3]?.exec(demo.lines[3] ?? '')?.[1] ?? '';
    const project = `${simulator}/api/v4/projects/${LINES[2]?.exec(demo.lines[2] ?? '')?.[1]}`;
    const labels = await fetch(`${project}/labels?per_page=100`, { headers: { 'private-token': token } });
    assert.equal(labels.status, 200);
    const titles = ((await labels.json()) as { name: string }[]).map(({ name }) => name);
    assert.equal(titles.filter((title) => title.startsWith('D:')).length, 22);
  });

  it('turns the light of an open page when the issue is closed in the simulator', async () => {
    const device = (await devicesAt(demo.url)).find(({ state, issue }) => state === 'DOWN' && issue?.url);
    assert.ok(device?.issue?.url, 'a device is down because of an issue that everybody may see');
    const listening = new AbortController();
    const stream = await fetch(`${demo.url}/api/stream`, { signal: listening.signal });
    assert.ok(stream.body);
    const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
    let told = (await reader.read()).value ?? '';

    const issuePage = await (await fetch(device.issue.url)).text();
    const action = /<form[^>]*method="post"[^>]*action="([^"]+\/close)"/.exec(issuePage)?.[1];
    assert.ok(action, 'the page has a form that closes the issue');
    const closed = await fetch(new URL(action, device.issue.url), { method: 'POST', redirect: 'manual' });
    assert.equal(closed.status, 303);

    const cut = setTimeout(() => listening.abort(), 5000);
    while (!told.includes(`"key":"${device.key}"`)) told += (await reader.read()).value ?? '';
    clearTimeout(cut);
    listening.abort();
    const now = (await devicesAt(demo.url)).find(({ key }) => key === device.key);
    assert.notEqual(now?.state, 'DOWN');
    assert.doesNotMatch(await (await fetch(`${demo.url}/badges/${device.key}.svg`)).text(), /DOWN/);
  });

  it('says precisely that its port is taken, and ends with 2', async () => {
    const second = launch(join(folder, 'second'), Number(new URL(demo.url).port));
    const { code, stdout, stderr } = await second.ended;
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, new RegExp(`^signalbox demo: Port ${new URL(demo.url).port} is taken.*PORT=\\d+ `));
  });

  it('ends within ten seconds of SIGTERM with everything it started, an open page notwithstanding', async () => {
    const stream = await fetch(`${demo.url}/api/stream`);
    const from = performance.now();
    demo.process.signal('SIGTERM');
    const { code, stdout, stderr } = await demo.process.ended;
    assert.equal(code, 0, stderr);
    assert.ok(performance.now() - from < 10_000);
    assert.equal(stdout.trimEnd().split('\n').length, LINES.length);
    await stream.body?.cancel().catch(() => undefined);
    const simulator = LINES[1]?.exec(demo.lines[1] ?? '')?.[1] ?? '';
    await assert.rejects(fetch(simulator), /fetch failed/);
    await assert.rejects(fetch(`${demo.url}/livez`), /fetch failed/);
  });

  it('starts again on the same folder with the same password', async () => {
    const again = await start(join(folder, 'not/yet/there'));
    assert.equal(again.lines[4], demo.lines[4]);
    assert.equal(again.devicesThen.length, 22);
    assert.equal(await mayRead(again.url, '/admin/users', demo.password), true);
    again.process.signal('SIGTERM');
    assert.equal((await again.process.ended).code, 0);
  });

  it('is never taken for a real installation, nor one for a demo', async () => {
    const address = `http://127.0.0.1:${await freePort()}`;
    const named = { SIGNALBOX_DATA: join(folder, 'not/yet/there'), SIGNALBOX__HTTP__PUBLIC_URL: address };
    const served = await signalbox(['serve'], named);
    assert.deepEqual([served.code, served.stdout], [2, '']);
    assert.match(served.stderr, /^signalbox serve: The folder \S+ holds the data of the demo\./);

    const real = join(folder, 'real');
    assert.equal((await signalbox(['migrate', 'up'], { SIGNALBOX_DATA: real })).code, 0);
    const refused = await launch(real, await freePort()).ended;
    assert.deepEqual([refused.code, refused.stdout], [2, '']);
    assert.match(refused.stderr, /^signalbox demo: The folder \S+ holds an installation that is not a demo/);
  });
});
