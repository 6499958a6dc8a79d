import { randomUUID } from 'node:crypto';
import {
  type GitlabSimulator,
  type Issue,
  type LoggedRequest,
  type Project,
  startGitlabSimulator,
} from '../simulators/gitlab/index.ts';
import { systemClock } from '../src/core/index.ts';
import { until } from '../test/support/until.ts';
import { followStream } from './support/event-stream.ts';
import { load } from './support/load.ts';
import { type Program, startProgram } from './support/program.ts';
import { printTable, type Row, syncTime } from './support/table.ts';

/**
 * A lab of 50 devices with 200 open issues in a GitLab that speaks its real protocol, in this process; the program in
 * one of its own. What was sent to GitLab is taken from the simulator's log, never from the program.
 */

const DEVICES = 50;
const ISSUES = 200;
const ROUNDS = 7;
const SLOW_CALL_MS = 20;
const BURST = 20;
const PAYLOAD_BYTES = 100_000;
const RUN_MS = 5000;
const TOKEN = 'glpat-bench-maintainer';
const HOOK_TOKEN = 'hook-token-of-the-bench';
/** The product's own window between two readings, and a little more. */
const QUIET_MS = 2300;

interface Lab {
  gitlab: GitlabSimulator;
  project: Project;
  box: Program;
  /** The fewest badges of ours that any request found, since the last call. */
  fewestBadges(): number;
}

const rows: Row[] = [];
await using gitlab = await startGitlabSimulator({ clock: systemClock });
const project = fillLab(gitlab);
await using box = await startProgram({ config: facilityYaml(gitlab.url) });
const lab: Lab = { gitlab, project, box, fewestBadges: watchBadges(gitlab, project) };
gitlab.world.addHook(project, { url: `${box.url}/hooks/gitlab/lab`, token: HOOK_TOKEN });
await until('every device has its badge', () => gitlab.world.badgesOf(project).length === DEVICES);
await becomesQuiet(lab);
lab.fewestBadges();
await oneWebhook(lab, 0);
await oneWebhook(lab, SLOW_CALL_MS);
await burst(lab);
await newDevice(lab);
await hookAnswers(lab);
printTable('Facility', rows);
process.exitCode = rows.every(({ reached }) => reached) ? 0 : 1;

function fillLab({ world }: GitlabSimulator): Project {
  const made = world.addProject({ path: 'lab/desk', id: 301, visibility: 'public' });
  for (const title of ['CRITICAL', 'Information', 'Logbook']) world.addLabel(made, { title });
  for (let n = 0; n < DEVICES; n++) world.addLabel(made, { title: label(n), color: n < 25 ? '#009966' : '#cc338b' });
  for (let n = 0; n < ISSUES; n++) {
    const special = n % 4 === 0 ? ['Information'] : n % 4 === 1 ? ['Logbook'] : [];
    world.openIssue(made, { title: `Issue ${n}`, labels: [label(n % DEVICES), ...special] });
  }
  world.addToken({ secret: TOKEN });
  return made;
}

function label(device: number): string {
  return `D:Device ${String(device).padStart(2, '0')}`;
}

function keyOf(device: number): string {
  return `facility/device-${String(device).padStart(2, '0')}`;
}

function facilityYaml(url: string): string {
  const integration = `{ id: lab, url: "${url}", token: "${TOKEN}", hook_token: "${HOOK_TOKEN}" }`;
  return `facility: { integrations: [${integration}], projects: [{ integration: lab, project: 301 }] }`;
}

function watchBadges({ world, requests }: GitlabSimulator, watched: Project): () => number {
  let fewest = Number.POSITIVE_INFINITY;
  const add = requests.add.bind(requests);
  requests.add = (entry) => {
    add(entry);
    fewest = Math.min(fewest, world.badgesOf(watched).filter(({ name }) => name?.startsWith('signalbox:')).length);
  };
  return () => {
    const seen = fewest;
    fewest = Number.POSITIVE_INFINITY;
    return seen;
  };
}

/** One issue becomes critical: from the change in GitLab to the light, and to the end of the reading that confirms it. */
async function oneWebhook(on: Lab, callMs: number): Promise<void> {
  const [lights, ends, alone]: [number[], number[], number[]] = [[], [], []];
  let calls: LoggedRequest[] = [];
  if (callMs > 0) on.gitlab.faults.add({ kind: 'latency', ms: callMs });
  on.fewestBadges();
  for (let round = 0; round < ROUNDS; round++) {
    await becomesQuiet(on);
    on.gitlab.requests.reset();
    const [light, end] = await change(on, round + 2);
    lights.push(light);
    ends.push(end);
    calls = on.gitlab.requests.list({ path: '/api/v4/' });
    alone.push(await readsAlone(on, calls));
  }
  on.gitlab.faults.clear();
  const writes = calls.filter(({ method }) => method !== 'GET').length;
  const [light, end, reads] = [median(lights), median(ends), median(alone)];
  const speed = callMs > 0 ? `; ${callMs} ms per call` : '';
  rows.push({
    work: `one webhook, ${DEVICES} devices, ${ISSUES} issues${speed}`,
    figure: `${calls.length - writes} reads, ${writes} writes; light ${ms(light)}, all ${ms(end)}; ≥ ${on.fewestBadges()} badges`,
    yardstick: `the reads alone: ${necessaryReads()}, ${ms(reads)}`,
    bar: 'the reads, 0 writes, light < 1 s',
    reached: calls.length === necessaryReads() && writes === 0 && light < 1000,
  });
}

/** Milliseconds until a browser that listens has fetched the new light, and until the reading has ended. */
async function change(on: Lab, device: number): Promise<[number, number]> {
  using stream = await followStream(on.box.url);
  const issue = openIssueOf(on, device);
  const isCritical = issue.labels.some(({ title }) => title === 'CRITICAL');
  const readings = await readingsDone(on.box);
  const told = stream.next(({ data }) => data.includes(keyOf(device)));
  const from = performance.now();
  on.gitlab.world.editIssue(issue, isCritical ? { removeLabels: ['CRITICAL'] } : { addLabels: ['CRITICAL'] });
  const light = told.then(async ({ id }) => {
    const badge = await textOf(on.box, `/badges/${keyOf(device)}.svg`, { 'x-signalbox-after': id });
    if (!badge.includes(isCritical ? 'LIMITED' : 'DOWN')) throw new Error('The light is still the old one.');
    return performance.now() - from;
  });
  const end = until('the reading has ended', async () => (await readingsDone(on.box)) > readings);
  return [await light, await end.then(() => performance.now() - from)];
}

/** Labels, issues and badges, 100 of each per page. */
function necessaryReads(): number {
  return [DEVICES + 3, ISSUES, DEVICES].reduce((sum, count) => sum + Math.ceil(count / 100), 0);
}

/** The same pages, fetched one after another by a client that does nothing with them. */
async function readsAlone(on: Lab, calls: readonly LoggedRequest[]): Promise<number> {
  const from = performance.now();
  for (const { path } of calls.filter(({ method }) => method === 'GET')) {
    const answer = await fetch(on.gitlab.url + path, { headers: { 'private-token': TOKEN } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    await answer.json();
  }
  return performance.now() - from;
}

/** Twenty people act at the same moment, each on an issue of a device of their own. */
async function burst(on: Lab): Promise<void> {
  await becomesQuiet(on);
  on.gitlab.requests.reset();
  on.fewestBadges();
  using stream = await followStream(on.box.url);
  const from = performance.now();
  for (let device = 20; device < 20 + BURST; device++) {
    on.gitlab.world.editIssue(openIssueOf(on, device), { addLabels: ['CRITICAL'] });
  }
  const red = new Set<string>();
  await stream.next(({ type, data }) => {
    if (type === 'component.status_changed' && data.includes('"DOWN"')) red.add(data);
    return red.size === BURST;
  });
  const lights = performance.now() - from;
  await becomesQuiet(on);
  const calls = on.gitlab.requests.list({ path: '/api/v4/' });
  const passes = calls.filter(({ path }) => path.includes('/labels')).length;
  const wrong = await wrongStates(on);
  const fewest = on.fewestBadges();
  rows.push({
    work: `${BURST} webhooks at once, a device each`,
    figure: `${passes} passes, ${calls.length} calls; all lights ${ms(lights)}; ≥ ${fewest} badges; ${wrong} states wrong`,
    yardstick: `one pass: ${necessaryReads()} reads`,
    bar: `≤ 2 passes, ≥ ${DEVICES} badges, 0 wrong`,
    reached: passes <= 2 && fewest >= DEVICES && wrong === 0 && calls.length <= 2 * necessaryReads(),
  });
}

/** The one thing that must be written: a new device, and an event that makes us look. */
async function newDevice(on: Lab): Promise<void> {
  await becomesQuiet(on);
  on.gitlab.requests.reset();
  on.fewestBadges();
  on.gitlab.world.addLabel(on.project, { title: 'D:New device', color: '#eeeeee' });
  on.gitlab.world.comment(openIssueOf(on, 1), 'A new device has come.');
  await until('it has a badge', () => on.gitlab.world.badgesOf(on.project).length === DEVICES + 1);
  await becomesQuiet(on);
  const writes = on.gitlab.requests.writes().total;
  const fewest = on.fewestBadges();
  rows.push({
    work: 'a device is added',
    figure: `${writes} write; ≥ ${fewest} badges`,
    yardstick: '1 badge is missing',
    bar: `1 write, ≥ ${DEVICES} badges`,
    reached: writes === 1 && fewest >= DEVICES,
  });
}

async function hookAnswers(on: Lab): Promise<void> {
  await becomesQuiet(on);
  const issue = openIssueOf(on, 0);
  const url = `${on.box.url}/hooks/gitlab/lab`;
  let number = 0;
  for (const [what, title] of [
    ['its text changed', () => issue.title],
    ['its title changed', () => `Edited ${number} times`],
  ] as const) {
    const request = () => hookRequest(on, { ...issue, title: title() }, number++);
    await load({ url, connections: BURST, durationMs: 1000, request });
    const run = await load({ url, connections: BURST, durationMs: RUN_MS, request });
    const sync = await syncTime(on.box.folder);
    const others = Object.keys(run.statuses).filter((status) => status !== '204');
    const wrong = others.length > 0 ? `, answers ${others.join(' ')}` : '';
    rows.push({
      work: `hook answered, ${BURST} at once, ${PAYLOAD_BYTES / 1000} kB each: ${what}`,
      figure: `p50 ${run.p50.toFixed(0)}, p99 ${run.p99.toFixed(0)} ms, ${run.perSecond.toFixed(0)}/s${wrong}`,
      yardstick: `one sync of this disk ${sync.toFixed(2)} ms`,
      bar: 'p99 < 50 ms',
      reached: run.p99 < 50 && others.length === 0,
    });
  }
}

function hookRequest(on: Lab, issue: Issue, number: number): string {
  const body = JSON.stringify({
    object_kind: 'issue',
    event_type: 'issue',
    project: { id: on.project.id, path_with_namespace: 'lab/desk' },
    object_attributes: {
      id: issue.id,
      iid: issue.iid,
      title: issue.title,
      state: 'opened',
      confidential: false,
      updated_at: systemClock.now(),
      url: `${on.gitlab.url}/lab/desk/-/issues/${issue.iid}`,
      description: String(number).padEnd(PAYLOAD_BYTES - 600, 'x'),
    },
    labels: issue.labels.map(({ title }) => ({ title })),
  });
  return [
    'POST /hooks/gitlab/lab HTTP/1.1',
    `Host: ${new URL(on.box.url).host}`,
    'Content-Type: application/json',
    'X-Gitlab-Event: Issue Hook',
    `X-Gitlab-Token: ${HOOK_TOKEN}`,
    `Idempotency-Key: ${randomUUID()}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** An issue that makes a device LIMITED, so that CRITICAL makes a difference. */
function openIssueOf(on: Lab, device: number): Issue {
  const plain = on.gitlab.world.issuesOf(on.project).find((issue) => {
    const titles = issue.labels.map(({ title }) => title);
    return titles.includes(label(device)) && !titles.includes('Information') && !titles.includes('Logbook');
  });
  if (!plain) throw new Error(`Device ${device} has no plain issue.`);
  return plain;
}

/** How many devices the board shows in another state than the open issues of GitLab say. */
async function wrongStates(on: Lab): Promise<number> {
  const { devices } = JSON.parse(await textOf(on.box, '/api/facility/devices')) as {
    devices: { name: string; state: string }[];
  };
  let wrong = DEVICES - devices.length;
  for (const { name, state } of devices) {
    const issues = on.gitlab.world.issuesOf(on.project).map((issue) => issue.labels.map(({ title }) => title));
    const counting = issues.filter((titles) => titles.includes(`D:${name}`) && !titles.includes('Logbook'));
    const isDown = counting.some((titles) => titles.includes('CRITICAL'));
    const isLimited = counting.some((titles) => !titles.includes('Information'));
    const right = isDown ? 'DOWN' : isLimited ? 'LIMITED' : counting.length > 0 ? 'RUNNING | INFO' : 'RUNNING';
    if (state !== right) wrong++;
  }
  return wrong;
}

/** No hook is under way and GitLab has not been asked for longer than the product waits between two readings. */
async function becomesQuiet(on: Lab): Promise<void> {
  await on.gitlab.hooks.idle();
  let seen = -1;
  let since = performance.now();
  await until(
    'GitLab is left alone',
    () => {
      const count = on.gitlab.requests.list().length;
      if (count !== seen) {
        seen = count;
        since = performance.now();
      }
      return performance.now() - since > QUIET_MS;
    },
    60_000,
  );
}

async function readingsDone(program: Program): Promise<number> {
  const metrics = await textOf(program, '/metrics');
  return Number(/^signalbox_facility_reconciles_total\{outcome="done"\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
}

async function textOf(program: Program, path: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(program.url + path, { headers });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.text();
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
