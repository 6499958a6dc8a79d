import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import {
  BEGIN,
  RELEASE,
  ROLLBACK,
  SAVE,
  UNDO,
  type WriterEvent,
  type WriterMessage,
  type WriterReply,
  type WriterRequest,
  type WriterSettings,
} from './protocol.ts';
import { sqliteFailure } from './sqlite-error.ts';
import { StatementCache } from './statement-cache.ts';

/** The thread that owns the one write connection: a slow sync blocks it and nothing else. */

const settings = workerData as WriterSettings;

const CHECKED_BYTES = 32 * 1024 * 1024;
const CORRUPT = 11;

interface Connection {
  db: DatabaseSync;
  statements: StatementCache;
  /** A statement failed since the last savepoint. */
  spoiled: boolean;
}

function open(): Connection {
  const db = new DatabaseSync(settings.path, { timeout: settings.busyTimeoutMs, enableForeignKeyConstraints: true });
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF');
    db.exec('PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384');
    db.prepare('select count(*) from sqlite_schema').get();
    if (statSync(settings.path).size <= CHECKED_BYTES) refuseDamaged(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return { db, statements: new StatementCache(db), spoiled: false };
}

/** Takes one to two milliseconds per megabyte; larger files are left to the backups, which read everything. */
function refuseDamaged(db: DatabaseSync): void {
  const [first] = db.prepare('PRAGMA quick_check(1)').all();
  const verdict = String(first?.['quick_check']);
  if (verdict !== 'ok') throw Object.assign(new Error(verdict), { errcode: CORRUPT });
}

function execute(connection: Connection, request: WriterRequest): WriterReply {
  const { db, statements } = connection;
  const { id, control, sql, parameters } = request;
  // A statement that arrives after SQLite rolled the group back by itself would otherwise be committed on its own.
  if (control[0] !== BEGIN && !db.isTransaction) return { id, failure: GROUP_GONE, lost: true };
  try {
    for (const step of control) take(connection, step);
  } catch (error) {
    // Without its savepoint or commit the group cannot be finished; BEGIN itself leaves nothing to undo.
    if (db.isTransaction) statements.run(ROLLBACK, []);
    return { id, failure: sqliteFailure(error), lost: true };
  }
  if (sql === null) return { id, rows: [], affected: 0 };
  try {
    const result = statements.run(sql, parameters);
    return db.isTransaction ? { id, ...result } : { id, failure: GROUP_GONE, lost: true };
  } catch (error) {
    connection.spoiled = true;
    return { id, failure: sqliteFailure(error), lost: !db.isTransaction };
  }
}

function take(connection: Connection, step: string): void {
  if (step === SAVE) connection.spoiled = false;
  if (step === RELEASE && connection.spoiled) connection.statements.run(UNDO, []);
  connection.statements.run(step, []);
}

const GROUP_GONE = { message: 'the transaction of this group was rolled back', errcode: 0 };

function serve(): void {
  if (parentPort === null) throw new Error('writer-worker.ts runs as a worker thread only.');
  const port = parentPort;
  const send = (event: WriterEvent): void => port.postMessage(event);
  let connection: Connection;
  try {
    connection = open();
  } catch (error) {
    send({ refused: sqliteFailure(error) });
    port.close();
    return;
  }
  port.on('message', (message: WriterMessage) => {
    if ('requests' in message) {
      const replies = message.requests.flatMap((request) => {
        const reply = execute(connection, request);
        return request.quiet && !('failure' in reply) ? [] : [reply];
      });
      if (replies.length > 0) send({ replies });
      return;
    }
    connection.db.close();
    port.close();
  });
  send({ ready: true });
}

serve();
