import type { StatusPageContext } from '../../actions/status-page-context.ts';
import { countWaiting } from './reviews-page.ts';

/** How many maintenances wait for a review, kept for the navigation, which cannot wait for the database. */
export class WaitingReviews {
  readonly #context: StatusPageContext;
  #count = 0;
  #asked = false;
  #reading: Promise<void> | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(context: StatusPageContext) {
    this.#context = context;
  }

  get count(): number {
    return this.#count;
  }

  async start(): Promise<void> {
    this.#unsubscribe = this.#context.journal.onNew(() => this.#wake());
    await this.#read();
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await this.#reading;
  }

  /** News that come while it is counting are one more count. */
  #wake(): void {
    this.#asked = true;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = null;
    });
  }

  async #readAll(): Promise<void> {
    while (this.#asked) {
      this.#asked = false;
      await this.#read();
    }
  }

  async #read(): Promise<void> {
    try {
      this.#count = await countWaiting(this.#context);
    } catch (err) {
      // The number of before is better than no page.
      this.#context.log.warn({ err }, 'the maintenances that wait for a review were not counted');
    }
  }
}
