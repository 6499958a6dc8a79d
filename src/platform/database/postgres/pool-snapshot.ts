import { AsyncLocalStorage } from 'node:async_hooks';
import type { PoolClient } from 'pg';
import type { Execute } from '../kysely.ts';

interface Moment {
  execute: Execute;
  /** Its connection serves others again; what went on in its name reads as everybody. */
  over: boolean;
}

/** Read transactions on connections of the readers: what is read within one goes through its connection. */
export class PoolSnapshot {
  readonly #storage = new AsyncLocalStorage<Moment>();
  readonly #connect: () => Promise<PoolClient>;
  readonly #executeOn: (client: PoolClient) => Execute;

  constructor(connect: () => Promise<PoolClient>, executeOn: (client: PoolClient) => Execute) {
    this.#connect = connect;
    this.#executeOn = executeOn;
  }

  /** Of the snapshot around the caller. */
  get execute(): Execute | null {
    const moment = this.#storage.getStore();
    return moment === undefined || moment.over ? null : moment.execute;
  }

  async run<R>(reads: () => Promise<R>): Promise<R> {
    if (this.execute !== null) return await reads();
    const client = await this.#connect();
    const execute = this.#executeOn(client);
    const moment: Moment = { execute, over: false };
    let broken = true;
    try {
      await execute('begin transaction isolation level repeatable read read only', []);
      const result = await this.#storage.run(moment, reads);
      moment.over = true;
      await execute('commit', []);
      broken = false;
      return result;
    } catch (error) {
      moment.over = true;
      broken = await execute('rollback', []).then(
        () => false,
        () => true,
      );
      throw error;
    } finally {
      client.release(broken);
    }
  }
}
