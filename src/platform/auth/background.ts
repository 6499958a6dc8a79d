import type { Logger } from '../log/index.ts';

const MOST_AT_ONCE = 200;

/** Work that nobody waits for: bounded, its errors logged, and waited for when the program ends. */
export class Background {
  readonly #running = new Map<string, Promise<void>>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** False: too much is going on, it is not done. Work under a key that is running already is the same work. */
  run(key: string, work: () => Promise<void>): boolean {
    if (this.#running.has(key)) return true;
    if (this.#running.size >= MOST_AT_ONCE) return false;
    const running = work()
      .catch((err: unknown) => this.#log.warn({ err, work: key.split(' ')[0] }, 'background work failed'))
      .finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    return true;
  }

  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }
}
