import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../test/support/until.ts';
import { compressedBytes } from './support/compressed-bytes.ts';
import { load } from './support/load.ts';
import { type Program, startBareFastify, startProgram } from './support/program.ts';
import { ratioRow } from './support/ratio-row.ts';
import { statusPages } from './support/status-pages.ts';
import { printTable, type Row } from './support/table.ts';

const SERVICES = 500;
const REGIONS = ['eu-de', 'eu-nl'];
const CONNECTIONS = 20;
const RUN_MS = 3000;
const REST_MS = 15_000;
const JSON_TYPE = { 'content-type': 'application/json' };

const rows: Row[] = [];
await publicPage();
await statusPages(rows);
await startToReady();
printTable('Pages', rows);
process.exitCode = rows.every(({ reached }) => reached) ? 0 : 1;

async function publicPage(): Promise<void> {
  await using box = await startProgram();
  const authorization = await tokenFor(box);
  await report(box, authorization, SERVICES * REGIONS.length);
  const first = await fetch(box.url, { headers: { 'accept-encoding': 'gzip' } });
  const raw = Buffer.from(await first.arrayBuffer());
  const compressed = await compressedBytes(box.url);
  await using bare = await startBareFastify(compressed, 'gzip');
  await load({ url: box.url, connections: CONNECTIONS, durationMs: 1000 });
  await load({ url: bare.url, connections: CONNECTIONS, durationMs: 1000 });

  const yardstick = await load({ url: `${bare.url}/`, connections: CONNECTIONS, durationMs: RUN_MS });
  const kept = await load({ url: `${box.url}/`, connections: CONNECTIONS, durationMs: RUN_MS });
  rows.push(ratioRow('public page, 1,000 components', kept, yardstick));

  // Anew, since the machine may be another one a minute later.
  const then = await load({ url: `${bare.url}/`, connections: CONNECTIONS, durationMs: RUN_MS });
  const changing = new AbortController();
  const changes = keepChanging(box, authorization, changing.signal);
  const moving = await load({ url: `${box.url}/`, connections: CONNECTIONS, durationMs: RUN_MS });
  changing.abort();
  rows.push(ratioRow(`the same while ${await changes} changes came in`, moving, then));

  const seen = await timeToSee(box, authorization);
  rows.push({
    work: 'a change is on the page after',
    figure: `${Math.round(seen)} ms`,
    yardstick: '–',
    bar: '< 1,000 ms',
    reached: seen < 1000,
  });
  const kilobytes = [raw.length / 1000, compressed.length / 1000];
  rows.push({
    work: 'size of that page',
    figure: `${Math.round(kilobytes[0] ?? 0)} kB, ${Math.round(kilobytes[1] ?? 0)} kB compressed`,
    yardstick: '–',
    bar: '≤ 1,000 kB, ≤ 150 kB',
    reached: (kilobytes[0] ?? 0) <= 1000 && (kilobytes[1] ?? 0) <= 150,
  });
}

async function startToReady(): Promise<void> {
  execFileSync('npm', ['run', 'build', '--silent'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-start-'));
  {
    await using box = await startProgram({ compiled: true, folder });
    await report(box, await tokenFor(box), 100);
  }
  const starts: number[] = [];
  for (let round = 0; round < 5; round++) {
    await using box = await startProgram({ compiled: true, folder });
    starts.push(box.readyMs);
  }
  const memory = await memoryAtRest(folder);
  await rm(folder, { recursive: true, force: true });
  await using bare = await startBareFastify(Buffer.from('ok'), null);
  const median = starts.sort((a, b) => a - b)[2] ?? 0;
  const bareMemory = await bare.memory();
  rows.push({
    work: 'start to ready, 100 components',
    figure: `${(median / 1000).toFixed(2)} s`,
    yardstick: `bare Fastify from sources ${(bare.readyMs / 1000).toFixed(2)} s`,
    bar: '< 1.0 s',
    reached: median < 1000,
  });
  rows.push({
    work: 'memory at rest',
    figure: `${Math.round(memory)} MB`,
    yardstick: `bare Fastify ${Math.round(bareMemory)} MB`,
    bar: '< 120 MB',
    reached: memory < 120,
  });
}

/** After one page and a while in which nobody asks for anything. */
async function memoryAtRest(folder: string): Promise<number> {
  await using box = await startProgram({ compiled: true, folder });
  await fetch(box.url);
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  return await box.memory();
}

async function tokenFor(box: Program): Promise<string> {
  const made = await box.command(
    'token',
    'create',
    '--name',
    'bench',
    '--scope',
    'signals:write',
    '--scope',
    'components:create',
    '--json',
  );
  return `Bearer ${(JSON.parse(made) as { token: string }).token}`;
}

async function report(box: Program, authorization: string, count: number): Promise<void> {
  const signals = Array.from({ length: count }, (_, index) => ({
    component: `services/service-${Math.floor(index / REGIONS.length)}.${REGIONS[index % REGIONS.length]}`,
    name: 'probe',
    level: index % 50 === 0 ? 'degraded' : 'operational',
    summary: index % 50 === 0 ? 'Slow answers from one of three nodes' : 'Probe answered',
  }));
  for (let from = 0; from < count; from += 1000) {
    const body = JSON.stringify(signals.slice(from, from + 1000));
    const answer = await fetch(`${box.url}/api/signals`, {
      method: 'POST',
      headers: { ...JSON_TYPE, authorization },
      body,
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  }
}

async function keepChanging(box: Program, authorization: string, signal: AbortSignal): Promise<number> {
  let changes = 0;
  while (!signal.aborted) {
    await change(box, authorization, changes++ % 2 === 0 ? 'degraded' : 'operational', 'services/service-7.eu-de');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return changes;
}

async function change(box: Program, authorization: string, level: string, component: string): Promise<void> {
  const body = JSON.stringify({ component, name: 'probe', level, summary: `Now ${level}` });
  const answer = await fetch(`${box.url}/api/signals`, {
    method: 'POST',
    headers: { ...JSON_TYPE, authorization },
    body,
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

async function timeToSee(box: Program, authorization: string): Promise<number> {
  await change(box, authorization, 'major_outage', 'services/service-9.eu-de');
  const from = performance.now();
  await until('the page shows it', async () => (await (await fetch(box.url)).text()).includes('Now major_outage'));
  return performance.now() - from;
}
