import type { DatabaseSync } from 'node:sqlite';

/**
 * Read transactions on the connection that all readers share. Those that overlap are one, which is over at the end of
 * this turn of the event loop at the latest: nobody may be held back at an old state by what waits for something else.
 */
export class ReaderSnapshot {
  readonly #reader: DatabaseSync;
  #current: { inside: number; turn: NodeJS.Immediate } | null = null;

  constructor(reader: DatabaseSync) {
    this.#reader = reader;
  }

  async run<R>(reads: () => Promise<R>): Promise<R> {
    const mine = this.#current ?? this.#begin();
    mine.inside += 1;
    try {
      return await reads();
    } finally {
      mine.inside -= 1;
      if (mine.inside === 0 && mine === this.#current) this.end();
    }
  }

  /** After it everybody sees what was committed last. */
  end(): void {
    if (this.#current === null) return;
    clearImmediate(this.#current.turn);
    this.#current = null;
    // SQLite may have ended it itself, after an error.
    if (this.#reader.isOpen && this.#reader.isTransaction) this.#reader.exec('commit');
  }

  #begin(): { inside: number; turn: NodeJS.Immediate } {
    this.#reader.exec('begin');
    const turn = setImmediate(() => this.end());
    this.#current = { inside: 0, turn };
    return this.#current;
  }
}
