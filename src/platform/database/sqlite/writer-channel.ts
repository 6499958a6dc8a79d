import { Worker } from 'node:worker_threads';
import { AppError } from '../../../core/index.ts';
import type { DatabaseError } from '../database-error.ts';
import type { StatementResult } from '../kysely.ts';
import type { WriterEvent, WriterMessage, WriterReply, WriterRequest, WriterSettings } from './protocol.ts';
import { sqliteError } from './sqlite-error.ts';

/** A statement that failed, and whether it took the whole group with it. */
export class WriterFailure extends Error {
  readonly error: AppError | DatabaseError;
  readonly lost: boolean;

  constructor(error: AppError | DatabaseError, lost: boolean) {
    super(error.message, { cause: error });
    this.error = error;
    this.lost = lost;
  }
}

interface Pending {
  sql: string | null;
  resolve(result: StatementResult): void;
  reject(failure: WriterFailure): void;
}

export interface Statement {
  /** null: the control statements alone. */
  sql: string | null;
  parameters: readonly unknown[];
  /** What it answers is not waited for: it settles with the next one that is. */
  quiet?: boolean;
}

const NOTHING: StatementResult = { rows: [], affected: 0 };

/** Requests and replies to the writer's thread. What is sent before this thread has to wait travels in one message. */
export class WriterChannel {
  readonly #settings: WriterSettings;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #outbox: WriterRequest[] = [];
  #nextId = 1;
  /** Called before anybody goes on with what the writer answered. */
  beforeReplies: () => void = () => undefined;

  constructor(settings: WriterSettings) {
    this.#settings = settings;
  }

  /** Starts the thread unless it runs; after a crash of the thread the next group calls this again. */
  async open(): Promise<void> {
    if (this.#worker) return;
    // The release is compiled: there the sibling file is JavaScript.
    const file = import.meta.url.endsWith('.ts') ? './writer-worker.ts' : './writer-worker.js';
    const worker = new Worker(new URL(file, import.meta.url), { workerData: this.#settings, execArgv: [] });
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (event: WriterEvent) => {
        if ('refused' in event) reject(sqliteError(event.refused, this.#settings.path));
        else resolve();
      });
    });
    worker.removeAllListeners('error');
    worker.on('message', (event: WriterEvent) => {
      if (!('replies' in event)) return;
      this.beforeReplies();
      for (const reply of event.replies) this.#settle(reply);
    });
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, undefined));
    this.#worker = worker;
  }

  /** Throws at once when a parameter cannot be sent; what it returns rejects with a `WriterFailure`. */
  send(control: readonly string[], { sql, parameters, quiet = false }: Statement): Promise<StatementResult> {
    const worker = this.#worker;
    const id = this.#nextId++;
    parameters.forEach(refuseUnsendable);
    // After all promises that can go on without an answer: a unit that waits for none sends one message.
    if (this.#outbox.length === 0) process.nextTick(() => this.#flush());
    this.#outbox.push({ id, control, sql, parameters, quiet });
    return new Promise((resolve, reject) => {
      if (worker === null) reject(new WriterFailure(gone(undefined), true));
      else this.#pending.set(id, { sql, resolve, reject });
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#post(worker, { close: true });
    await ended;
  }

  #flush(): void {
    if (this.#worker !== null && this.#outbox.length > 0) this.#post(this.#worker, { requests: this.#outbox });
    this.#outbox = [];
  }

  #post(worker: Worker, message: WriterMessage): void {
    worker.postMessage(message);
  }

  #settle(reply: WriterReply): void {
    // In the order in which they were sent: those before it went well, and nobody waits for their answer.
    for (const [id, quiet] of this.#pending) {
      if (id >= reply.id) break;
      this.#pending.delete(id);
      quiet.resolve(NOTHING);
    }
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (!pending) return;
    if (!('failure' in reply)) pending.resolve(reply);
    else {
      const error = sqliteError(reply.failure, this.#settings.path, pending.sql ?? undefined);
      pending.reject(new WriterFailure(error, reply.lost));
    }
  }

  #lose(worker: Worker, cause: unknown): void {
    if (this.#worker === worker) this.#worker = null;
    for (const pending of this.#pending.values()) pending.reject(new WriterFailure(gone(cause), true));
    this.#pending.clear();
    this.#outbox = [];
  }
}

/** One that cannot be copied to the other thread would take the whole message with it. */
function refuseUnsendable(value: unknown): void {
  if (typeof value === 'function' || typeof value === 'symbol' || (typeof value === 'object' && !isPlain(value))) {
    throw new TypeError('A parameter of a statement is neither text, number, bytes nor null.');
  }
}

function isPlain(value: object | null): boolean {
  return value === null || value instanceof Uint8Array;
}

function gone(cause: unknown): AppError {
  return new AppError('unavailable', 'The database writer has stopped; the next write starts it again.', {
    retryAfter: 1,
    cause,
  });
}
