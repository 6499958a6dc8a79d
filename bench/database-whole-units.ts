import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/** The other way, for comparison: a unit arrives as one message with all its statements; groups as in the product. */

export interface WholeUnit {
  id: number;
  statements: readonly (readonly [sql: string, parameters: readonly (string | number)[]])[];
}

const { path } = workerData as { path: string };
const db = new DatabaseSync(path, { timeout: 5000 });
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
const prepared = new Map<string, ReturnType<typeof db.prepare>>();

function statement(sql: string): ReturnType<typeof db.prepare> {
  const known = prepared.get(sql);
  if (known) return known;
  const made = db.prepare(sql);
  prepared.set(sql, made);
  return made;
}

parentPort?.on('message', (group: WholeUnit[]) => {
  statement('BEGIN IMMEDIATE').run();
  for (const { statements } of group) {
    statement('SAVEPOINT unit').run();
    for (const [sql, parameters] of statements) statement(sql).all(...parameters);
    statement('RELEASE unit').run();
  }
  statement('COMMIT').run();
  parentPort?.postMessage(group.map(({ id }) => id));
});
parentPort?.postMessage([]);
