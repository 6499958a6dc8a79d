import { AppError } from '../../../core/index.ts';

/** Lets at most `atOnce` pieces of work run and `waiting` wait; more are refused at once. */
export class Turns {
  readonly #atOnce: number;
  readonly #waiting: number;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, waiting: number) {
    this.#atOnce = atOnce;
    this.#waiting = waiting;
  }

  async run<R>(work: () => Promise<R>): Promise<R> {
    await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#atOnce) {
      this.#running += 1;
      return;
    }
    if (this.#queue.length >= this.#waiting) {
      throw new AppError('unavailable', 'Too many people sign in just now. Try again in a few seconds.', {
        retryAfter: 5,
      });
    }
    // The turn is handed over: `#running` stays as it is.
    await new Promise<void>((resolve) => this.#queue.push(resolve));
  }
}
