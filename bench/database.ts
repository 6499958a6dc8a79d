import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import {
  createTable,
  integer,
  migrate,
  type OpenedDatabase,
  openDatabase,
  type SchemaPart,
  text,
} from '../src/platform/database/index.ts';
import type { WholeUnit } from './database-whole-units.ts';
import { printTable, type Row, syncTime } from './support/table.ts';

/**
 * How many durable units of three statements (a read, an insert, an update) per second, and what a reader on the main
 * thread notices meanwhile. Three ways: the product's (statement by statement to the writer's thread), a unit in one
 * message, and the main thread itself with one commit each. Run again on a disk that takes 10 ms to sync.
 */

const MEASURE_MS = 2000;
const SLOW_SYNC_MS = '10';

interface Figures {
  perSecond: number;
  unitP99: number;
  readP99: number;
}

type Unit = (number: number) => Promise<void>;

const part: SchemaPart = {
  name: 'bench',
  tables: { bench_thing: { id: text(), count: integer() } },
  migrations: [
    {
      name: '0001-bench',
      up: (db, engine) =>
        createTable(db, engine, 'bench_thing', { columns: { id: text(), count: integer() }, primaryKey: ['id'] }),
    },
  ],
};
interface BenchTables {
  bench_thing: { id: string; count: number };
}

function at(times: number[], share: number): number {
  times.sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
}

/** `inFlight` callers, each with its next unit as soon as the last is durable; one reader beside them. */
async function measure(unit: Unit, read: () => Promise<unknown>, inFlight: number): Promise<Figures> {
  const units: number[] = [];
  const reads: number[] = [];
  const start = performance.now();
  const isOver = (): boolean => performance.now() - start > MEASURE_MS;
  let next = 0;
  const writer = async (): Promise<void> => {
    while (!isOver()) {
      const from = performance.now();
      await unit(next++);
      units.push(performance.now() - from);
    }
  };
  const reader = async (): Promise<void> => {
    while (!isOver()) {
      const from = performance.now();
      // A turn of the event loop and a read: what a page waits for.
      await turn();
      await read();
      reads.push(performance.now() - from);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  await Promise.all([reader(), ...Array.from({ length: inFlight }, writer)]);
  return {
    perSecond: (units.length / (performance.now() - start)) * 1000,
    unitP99: at(units, 0.99),
    readP99: at(reads, 0.99),
  };
}

function statementWise(db: OpenedDatabase, run: string): Unit {
  return (number) =>
    db.write(async (tx) => {
      const id = `${run}-${number}`;
      const q = tx.for<BenchTables>();
      await q.selectFrom('bench_thing').select('count').where('id', '=', id).execute();
      await q.insertInto('bench_thing').values({ id, count: number }).execute();
      await q.updateTable('bench_thing').set({ count: 1 }).where('id', '=', id).execute();
    });
}

const STATEMENTS = [
  'select "count" from "bench_thing" where "id" = ?',
  'insert into "bench_thing" ("id", "count") values (?, 1)',
  'update "bench_thing" set "count" = 2 where "id" = ?',
];

async function wholeUnits(path: string, run: string): Promise<{ unit: Unit; close(): Promise<unknown> }> {
  const worker = new Worker(new URL('./database-whole-units.ts', import.meta.url), { workerData: { path } });
  const waiting = new Map<number, () => void>();
  let queue: WholeUnit[] = [];
  let busy = true;
  const next = (): void => {
    busy = queue.length > 0;
    if (!busy) return;
    worker.postMessage(queue.slice(0, 100));
    queue = queue.slice(100);
  };
  worker.on('message', (done: number[]) => {
    for (const id of done) waiting.get(id)?.();
    for (const id of done) waiting.delete(id);
    next();
  });
  const unit: Unit = (number) =>
    new Promise((resolve) => {
      waiting.set(number, resolve);
      queue.push({ id: number, statements: STATEMENTS.map((sql) => [sql, [`${run}-${number}`]] as const) });
      if (!busy) {
        busy = true;
        queueMicrotask(next);
      }
    });
  return { unit, close: () => worker.terminate() };
}

function mainThread(path: string, run: string): { unit: Unit; close(): void } {
  const db = new DatabaseSync(path, { timeout: 5000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  const statements = STATEMENTS.map((sql) => db.prepare(sql));
  const unit: Unit = async (number) => {
    db.exec('BEGIN IMMEDIATE');
    for (const statement of statements) statement.all(`${run}-${number}`);
    db.exec('COMMIT');
    await turn();
  };
  return { unit, close: () => db.close() };
}

function show({ perSecond, unitP99, readP99 }: Figures): string {
  return `${perSecond.toFixed(0)}/s, p99 ${unitP99.toFixed(1)} ms, read p99 ${readP99.toFixed(1)} ms`;
}

async function compare(folder: string, inFlight: number): Promise<Row[]> {
  const path = join(folder, `bench-${inFlight}.sqlite`);
  const db = await openDatabase({ url: path });
  await migrate(db, [part]);
  const read = (): Promise<unknown> =>
    db.for<BenchTables>().selectFrom('bench_thing').selectAll().orderBy('id').limit(20).execute();
  const ours = await measure(statementWise(db, 'ours'), read, inFlight);
  const whole = await wholeUnits(path, 'whole');
  const other = await measure(whole.unit, read, inFlight);
  await whole.close();
  const main = mainThread(path, 'main');
  const bare = await measure(main.unit, read, inFlight);
  main.close();
  await db.close();
  const work = `${inFlight} in flight`;
  const bar = 'read p99 ≤ 5 ms, ≥ 1,000/s with 20 in flight';
  const reached = ours.readP99 <= 5 && (inFlight < 20 || ours.perSecond >= 1000);
  return [
    { work, figure: show(ours), yardstick: `main thread ${show(bare)}`, bar, reached },
    { work: '  unit in one message', figure: show(other), yardstick: '', bar: '', reached: true },
  ];
}

async function table(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  try {
    const sync = await syncTime(folder);
    const rows: Row[] = [];
    for (const inFlight of [1, 20, 100]) rows.push(...(await compare(folder, inFlight)));
    printTable(`Durable units of three statements on SQLite, one sync takes ${sync.toFixed(2)} ms`, rows);
    return rows.every(({ reached }) => reached);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same table in a process whose syncs are slowed down; null where that cannot be arranged. */
function slowTable(): boolean | null {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  try {
    const library = join(folder, 'slow-sync.so');
    const source = join(import.meta.dirname, 'database-slow-sync.c');
    try {
      execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], { stdio: 'ignore' });
    } catch {
      process.stdout.write('\nNo C compiler: the run on a slow disk is left out.\n');
      return null;
    }
    const env = { ...process.env, LD_PRELOAD: library, SLOW_SYNC_MS };
    return spawnSync(process.execPath, [import.meta.filename, '--once'], { env, stdio: 'inherit' }).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const reached = await table();
const slow = process.argv.includes('--once') || process.platform !== 'linux' ? null : slowTable();
process.exitCode = reached && slow !== false ? 0 : 1;
