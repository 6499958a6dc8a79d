import { AsyncLocalStorage } from 'node:async_hooks';

/** Whether a unit is still running; shared by everything that runs on its behalf. */
export interface UnitState {
  over: boolean;
}

/** Knows, per database, whether the calling code runs inside a unit of `write`. */
export class UnitScope {
  readonly #storage = new AsyncLocalStorage<UnitState>();

  /** A unit that waited for another unit of the same writer would wait for ever. */
  refuseNesting(): void {
    const around = this.#storage.getStore();
    if (around === undefined || around.over) return;
    throw new Error('db.write was called inside a unit of db.write: use the tx that the unit received.');
  }

  run<R>(state: UnitState, unit: () => Promise<R>): Promise<R> {
    return this.#storage.run(state, unit);
  }
}
