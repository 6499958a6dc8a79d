import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { until } from '../../test/support/until.ts';
import { type Cloud, componentOf, fillCloud } from './cloud.ts';
import { compressedBytes } from './compressed-bytes.ts';
import { type LoadResult, load } from './load.ts';
import { type Program, startBareFastify, startProgram } from './program.ts';
import { ratioRow } from './ratio-row.ts';
import type { Row } from './table.ts';

const CLOUD: Cloud = { services: 500, regions: ['eu-de', 'eu-nl'], incidents: 200, open: 20 };
const PAGES = [
  ['overview', '/'],
  ['history', '/history'],
  ['availability', '/availability'],
  ['summary.json', '/api/v2/summary.json'],
] as const;
const CONNECTIONS = 20;
const RUN_MS = 3000;
/** Kept pages are made anew once a minute without any change. */
const STALE_WITHIN_MS = 90_000;
const SETTLED_WITHIN_MS = 120_000;

/** The row of the design: 500 services in two regions with 200 incidents, 20 of them open. */
export async function statusPages(rows: Row[]): Promise<void> {
  await using box = await startProgram();
  await using bares = new AsyncDisposableStack();
  const authorization = await tokenFor(box);
  await fillCloud(box, CLOUD, authorization);
  await until('everything told is on the pages', () => isSettled(box), SETTLED_WITHIN_MS);
  for (const [name, path] of PAGES) rows.push(await firstLook(box, name, path));
  const yardsticks = new Map<string, Program>();
  for (const [name, path] of PAGES) {
    const bare = bares.use(await startBareFastify(await compressedBytes(box.url + path), 'gzip'));
    yardsticks.set(path, bare);
    for (const url of [`${bare.url}/`, box.url + path]) await run(url, 1000);
    rows.push(await compare(`status page, ${name}`, box, { path, bare }));
  }
  const each = async (work: (name: string) => string, names = PAGES.map(([name]) => name as string)) => {
    for (const [name, path] of PAGES.filter(([one]) => names.includes(one))) {
      rows.push(await compare(work(name), box, { path, bare: yardsticks.get(path) }));
    }
  };
  await whileChanging(box, authorization, () => each((name) => `${name}, 15 changes per second`));
  rows.push(await timeToSee(box, authorization));
  await whileHeld(box, () => each((name) => `${name}, database held by another program`));
  await loseDatabase(box);
  await each((name) => `${name}, database gone, marked as old`, ['overview', 'history']);
}

/** The yardstick is taken right before, since the machine may be another one a minute later. */
async function compare(
  work: string,
  box: Program,
  { path, bare }: { path: string; bare: Program | undefined },
): Promise<Row> {
  if (bare === undefined) throw new Error(`There is no yardstick of ${path}.`);
  const yardstick = await run(`${bare.url}/`);
  return ratioRow(work, await run(box.url + path), yardstick);
}

async function isSettled(box: Program): Promise<boolean> {
  const lags = (await (await fetch(`${box.url}/metrics`)).text()).matchAll(
    /^signalbox_journal_lag_events\{.*\} (\d+)/gm,
  );
  return [...lags].every(([, events]) => Number(events) === 0);
}

function run(url: string, durationMs = RUN_MS): Promise<LoadResult> {
  return load({ url, connections: CONNECTIONS, durationMs });
}

/** What the first visitor after a change waits for: the time of the processor, since others may need it as well. */
async function firstLook(box: Program, name: string, path: string): Promise<Row> {
  const [from, before] = [performance.now(), await box.processorMs()];
  const answer = await fetch(box.url + path);
  const bytes = (await answer.arrayBuffer()).byteLength;
  const [ms, work] = [performance.now() - from, (await box.processorMs()) - before];
  const kilobytes = (count: number) => Math.round(count / 1000);
  const compressed = await compressedBytes(box.url + path);
  return {
    work: `status page, ${name}: made for the first visitor`,
    figure: `${work} ms of processor, ${Math.round(ms)} ms; ${kilobytes(bytes)} kB, ${kilobytes(compressed.length)} kB compressed`,
    yardstick: '–',
    bar: '< 1,000 ms of processor',
    reached: answer.ok && work < 1000,
  };
}

async function whileChanging(box: Program, authorization: string, work: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const changing = keepChanging(box, authorization, stop.signal);
  await work();
  stop.abort();
  await changing;
}

async function keepChanging(box: Program, authorization: string, signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    const level = turn % 2 === 0 ? 'notice' : 'operational';
    const body = { component: componentOf(CLOUD, 14), name: 'probe', level, summary: `Now ${level}` };
    await post(box, authorization, { path: '/api/signals', body });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function timeToSee(box: Program, authorization: string): Promise<Row> {
  const title = 'Seen by everybody within a second';
  const body = { type: 'incident', title, impact: 3, components: [componentOf(CLOUD, 901)] };
  await post(box, authorization, { path: '/api/incidents', body });
  const from = performance.now();
  await until('the page shows it', async () => (await (await fetch(box.url)).text()).includes(title));
  const seen = performance.now() - from;
  return {
    work: 'a new incident is on the overview after',
    figure: `${Math.round(seen)} ms`,
    yardstick: '–',
    bar: '< 1,000 ms',
    reached: seen < 1000,
  };
}

async function whileHeld(box: Program, work: () => Promise<void>): Promise<void> {
  using other = new DatabaseSync(join(box.folder, 'signalbox.db'));
  other.exec('pragma busy_timeout = 10000');
  other.exec('BEGIN EXCLUSIVE');
  await work();
  other.exec('ROLLBACK');
}

/** Nothing can be read any more. Pages that are kept are old after a minute, and are sent with a line that says so. */
async function loseDatabase(box: Program): Promise<void> {
  await truncate(join(box.folder, 'signalbox.db'), 0);
  const isMarked = async (path: string) => (await fetch(box.url + path)).headers.has('warning');
  for (const path of ['/', '/history']) await until(`${path} is old`, () => isMarked(path), STALE_WITHIN_MS);
}

async function tokenFor(box: Program): Promise<string> {
  const scopes = ['signals:write', 'incidents:write'].flatMap((scope) => ['--scope', scope]);
  const made = await box.command('token', 'create', '--name', 'status-bench', ...scopes, '--json');
  return `Bearer ${(JSON.parse(made) as { token: string }).token}`;
}

async function post(box: Program, authorization: string, { path, body }: { path: string; body: object }) {
  const answer = await fetch(box.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}
