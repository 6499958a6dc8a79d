import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import { AppError } from '../../../core/index.ts';
import type { Logger } from '../../log/index.ts';
import type { Tx } from '../database.ts';
import type { StatementResult } from '../kysely.ts';
import { UnitScope } from '../unit-scope.ts';
import { withTimeout } from '../unit-timeout.ts';
import { UnitTx } from '../unit-tx.ts';
import { BEGIN, COMMIT, RELEASE, SAVE, UNDO } from './protocol.ts';
import { type Statement, type WriterChannel, WriterFailure } from './writer-channel.ts';

const GROUP_MS = 5;
const GROUP_UNITS = 100;

interface Waiting {
  unit(tx: Tx): Promise<unknown>;
  timeoutMs: number;
  /** Runs a function in the async context of the caller, so that its own context variables hold inside the unit. */
  inContext<R>(run: () => R): R;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

type Outcome = { value: unknown } | { error: unknown };

interface Finished {
  waiting: Waiting;
  outcome: Outcome;
  tx: UnitTx;
}

/** Runs units one after another, each in a savepoint, and commits them in groups. */
export class Writer {
  readonly #channel: WriterChannel;
  readonly #log: Logger | undefined;
  readonly #queue: Waiting[] = [];
  readonly #scope = new UnitScope();
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(channel: WriterChannel, log: Logger | undefined) {
    this.#channel = channel;
    this.#log = log;
  }

  write<R>(unit: (tx: Tx) => Promise<R>, timeoutMs: number): Promise<R> {
    this.#scope.refuseNesting();
    if (this.#closed) throw new AppError('unavailable', 'The database is being closed.');
    return new Promise<R>((resolve, reject) => {
      const inContext = AsyncLocalStorage.snapshot();
      this.#queue.push({ unit, timeoutMs, inContext, resolve: (value) => resolve(value as R), reject });
      this.#running ??= this.#work();
    });
  }

  /** Lets everything that is queued finish; nothing more is taken. */
  async drain(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #work(): Promise<void> {
    // Callers of the same turn share the first group.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#runGroup();
    this.#running = null;
  }

  async #runGroup(): Promise<void> {
    const group = new Group(this.#channel);
    const finished: Finished[] = [];
    const start = performance.now();
    let failure = await group.open();
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      if (failure) {
        next.reject(failure);
        break;
      }
      finished.push(await this.#runUnit(group, next));
      failure = group.lost;
      if (failure || finished.length >= GROUP_UNITS || performance.now() - start >= GROUP_MS) break;
    }
    failure ??= await group.commit();
    for (const { tx } of finished) await tx.answered();
    for (const one of finished) this.#answer(one, failure);
  }

  async #runUnit(group: Group, waiting: Waiting): Promise<Finished> {
    const tx = new UnitTx('sqlite', (sql, parameters, quiet) => group.execute({ sql, parameters, quiet }));
    group.save();
    const outcome = await waiting.inContext(() =>
      this.#scope.run(tx.state, () => settled(withTimeout(started(waiting, tx), waiting.timeoutMs))),
    );
    tx.state.over = true;
    group.release('value' in outcome);
    return { waiting, outcome, tx };
  }

  #answer({ waiting, outcome, tx }: Finished, failure: Error | null): void {
    if (failure) {
      waiting.reject(failure);
      return;
    }
    if ('error' in outcome) {
      waiting.reject(outcome.error);
      return;
    }
    try {
      tx.throwIfFailed();
    } catch (error) {
      waiting.reject(error);
      return;
    }
    waiting.inContext(() => tx.announce(this.#log));
    waiting.resolve(outcome.value);
  }
}

/** One transaction of the connection. Control statements travel with the next statement, so they cost no message. */
class Group {
  readonly #channel: WriterChannel;
  #control: string[] = [BEGIN];
  #begun = false;
  /** Set once the transaction is gone, whatever the units still do. */
  lost: Error | null = null;

  constructor(channel: WriterChannel) {
    this.#channel = channel;
  }

  async open(): Promise<Error | null> {
    try {
      await this.#channel.open();
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  save(): void {
    this.#control.push(SAVE);
  }

  release(keep: boolean): void {
    // A unit that sent nothing has its savepoint still waiting here.
    if (this.#control.at(-1) === SAVE) this.#control.pop();
    else if (keep) this.#control.push(RELEASE);
    else this.#control.push(UNDO, RELEASE);
  }

  async execute(statement: Statement): Promise<StatementResult> {
    if (this.lost) throw this.lost;
    return await this.#send(statement);
  }

  /** Resolves to what went wrong. */
  async commit(): Promise<Error | null> {
    if (!this.#begun) return this.lost;
    this.#control.push(COMMIT);
    try {
      await this.#send({ sql: null, parameters: [] });
      return null;
    } catch (error) {
      // Why it is gone says more than that it is gone.
      return this.lost ?? (error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #send(statement: Statement): Promise<StatementResult> {
    const sent = this.#channel.send(this.#control, statement);
    this.#begun = true;
    this.#control = [];
    try {
      return await sent;
    } catch (error) {
      if (!(error instanceof WriterFailure)) throw error;
      if (error.lost) this.lost ??= error.error;
      throw error.error;
    }
  }
}

/** A unit that throws before its first await is a rejected one like any other. */
async function started(waiting: Waiting, tx: UnitTx): Promise<unknown> {
  const value = await waiting.unit(tx);
  tx.throwIfFailed();
  return value;
}

async function settled(work: Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
}
