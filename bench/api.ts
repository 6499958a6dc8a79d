import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ComponentDeclared, HOUR, toInstant } from '../src/core/index.ts';
import { saveComponent } from '../src/modules/status-page/store/component-store.ts';
import { addMembers, insertIncident, insertUpdates } from '../src/modules/status-page/store/incident-store.ts';
import { startApp } from '../test/support/start-app.ts';
import { load } from './support/load.ts';
import { type Program, startProgram } from './support/program.ts';
import { printTable, type Row, syncTime } from './support/table.ts';

/**
 * Monitors report a cloud of 500 services in two regions, all of it breaking: every component at impact 1, then 2, then 3,
 * so that each report opens, joins, moves or closes something. Then all of them say the same again and again.
 */

const SERVICES = 500;
const REGIONS = ['eu-de', 'eu-nl'];
const INCIDENTS = 200;
const LEAST = 1000;
const RUN_MS = 3000;
const NAMES = Array.from({ length: SERVICES }, (_, index) => `Service ${index}`);

const rows: Row[] = [];
const seeded = await seed();
for (const connections of [20, 100]) await monitoringPost(connections);
await rm(seeded, { recursive: true, force: true });
printTable('API', rows);
process.exitCode = rows.every(({ reached }) => reached) ? 0 : 1;

/** A data folder with the catalogue and a history of incidents; the program itself takes it over from there. */
async function seed(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-seed-'));
  await using box = await startApp({ folder });
  const { db, journal, clock } = box.app;
  const now = clock.now();
  const keys: string[] = [];
  await db.write(
    async (tx) => {
      for (const name of NAMES) {
        for (const region of REGIONS) {
          const key = `status-page/${name.toLowerCase().replace(' ', '-')}.${region}`;
          keys.push(key);
          await saveComponent(tx, {
            ...{ key, catalogKey: null, name, region, category: 'Compute', description: null, docsUrl: null },
            attributes: [
              ['region', region],
              ['category', 'Compute'],
            ],
            ...{ visibility: 'public', position: 0, target: null, owner: 'file', watchedFrom: now },
            ...{ createdAt: now, modifiedAt: now, retiredAt: null },
          });
          const payload = { key, name, kind: 'service', visibility: 'public' } as const;
          await journal.publish(tx, ComponentDeclared, { key, payload });
        }
      }
    },
    { timeoutMs: 60_000 },
  );
  for (let index = 0; index < INCIDENTS; index++) await db.write((tx) => pastIncident(tx, index, keys));
  await journal.drain();
  return folder;
}

type Tx = Parameters<typeof insertIncident>[0];

async function pastIncident(tx: Tx, index: number, keys: readonly string[]): Promise<void> {
  const start = toInstant(Date.now() - (index + 2) * 9 * HOUR);
  const end = toInstant(Date.now() - (index + 2) * 9 * HOUR + HOUR);
  const by = { createdBy: 'user:bench', createdById: null, createdAt: start, modifiedAt: start };
  const id = await insertIncident(tx, {
    ...{ type: 'incident', title: `Incident ${index}`, description: null, impact: 2, status: 'resolved', start, end },
    ...{ system: false, version: 1, ...by, contactEmail: null, postmortem: null, postmortemAt: null },
    ...{ series: null, mergedInto: null, told: true },
  });
  await addMembers(
    tx,
    id,
    Array.from({ length: 5 }, (_, member) => ({
      component: keys[(index * 7 + member) % keys.length] ?? '',
      from: start,
    })),
  );
  const said = ['analysing', 'fixing', 'resolved'] as const;
  await insertUpdates(
    tx,
    said.map((status) => {
      const text = 'We are looking into it.';
      return {
        incident: id,
        at: start,
        status,
        system: false,
        text,
        fact: null,
        createdAt: start,
        createdBy: 'user:bench',
      };
    }),
  );
}

async function monitoringPost(connections: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-api-'));
  await cp(seeded, folder, { recursive: true });
  {
    await using box = await startProgram({ folder });
    const authorization = await tokenFor(box);
    const commits = commitsPerSecond(folder);
    const sync = await syncTime(folder);
    const yardstick = `${Math.round(commits)} single commits/s, one sync ${sync.toFixed(2)} ms`;
    const url = `${box.url}/api/v1/component_status`;

    const all = everyReport([1, 2, 3]);
    let next = 0;
    const fresh = () => requestOf(box, authorization, all[next++ % all.length]);
    // Each of them once: the connections stop asking when all are begun.
    const news = await load({ url, connections, durationMs: 60_000, requests: all.length, request: fresh });
    const open = await openIncidents(box);
    rows.push({
      work: `monitoring POST, new, ${connections} in flight`,
      figure: `${figure(news, ['201'])}; ${open.incidents} open incident of ${open.components} components`,
      yardstick,
      bar: `≥ ${LEAST}/s, 1 incident of ${SERVICES * REGIONS.length}`,
      reached:
        news.perSecond >= LEAST &&
        open.incidents === 1 &&
        open.components === SERVICES * REGIONS.length &&
        Object.keys(news.statuses).every((status) => status === '201'),
    });

    const worst = everyReport([3]);
    const again = () => requestOf(box, authorization, worst[next++ % worst.length]);
    const repeated = await load({ url, connections, durationMs: RUN_MS, request: again });
    rows.push({
      work: `monitoring POST, repeated, ${connections} in flight`,
      figure: figure(repeated, ['409']),
      yardstick,
      bar: `≥ ${LEAST}/s`,
      reached: repeated.perSecond >= LEAST && Object.keys(repeated.statuses).every((status) => status === '409'),
    });
  }
  await rm(folder, { recursive: true, force: true });
}

interface Report {
  name: string;
  region: string;
  impact: number;
}

function everyReport(impacts: readonly number[]): Report[] {
  return impacts.flatMap((impact) => NAMES.flatMap((name) => REGIONS.map((region) => ({ name, region, impact }))));
}

function requestOf(box: Program, authorization: string, report: Report | undefined): string {
  const { name = '', region = '', impact = 1 } = report ?? {};
  const body = JSON.stringify({ name, impact, attributes: [{ name: 'region', value: region }] });
  return [
    'POST /api/v1/component_status HTTP/1.1',
    `Host: ${new URL(box.url).host}`,
    'Content-Type: application/json',
    `Authorization: ${authorization}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

function figure(run: Awaited<ReturnType<typeof load>>, expected: readonly string[]): string {
  const others = Object.keys(run.statuses).filter((status) => !expected.includes(status));
  const wrong = others.length > 0 ? `, answers ${others.join(' ')}` : '';
  return `${Math.round(run.perSecond)}/s, p50 ${run.p50.toFixed(0)}, p99 ${run.p99.toFixed(0)} ms${wrong}`;
}

async function tokenFor(box: Program): Promise<string> {
  const made = await box.command('token', 'create', '--name', 'bench', '--scope', 'signals:write', '--json');
  return `Bearer ${(JSON.parse(made) as { token: string }).token}`;
}

/** From the database itself: what is open, and how many components it holds. */
async function openIncidents(box: Program): Promise<{ incidents: number; components: number }> {
  const db = new DatabaseSync(join(box.folder, 'signalbox.db'), { readOnly: true });
  try {
    const open = db.prepare(`select id from status_page_incident where end_at is null`).all();
    const held = db
      .prepare(
        `select count(*) as n from status_page_incident_component where to_at is null
         and incident in (select id from status_page_incident where end_at is null)`,
      )
      .get() as { n: number };
    return { incidents: open.length, components: held.n };
  } finally {
    db.close();
  }
}

/** One row per commit, each waited for until it is on the disk of this folder. */
function commitsPerSecond(folder: string): number {
  const db = new DatabaseSync(join(folder, 'yardstick.db'));
  db.exec('pragma journal_mode = wal; pragma synchronous = full; create table t (a integer, b text)');
  const insert = db.prepare('insert into t values (?, ?)');
  const from = performance.now();
  let commits = 0;
  while (performance.now() - from < 1000) {
    insert.run(commits, 'a row of about the size that a small fact has');
    commits++;
  }
  const perSecond = (commits * 1000) / (performance.now() - from);
  db.close();
  return perSecond;
}
