import type { Logger } from '../platform/log/index.ts';

/** What was opened is closed in reverse order; one that fails does not keep the others open. */
export class Cleanup {
  readonly #steps: { name: string; run: () => void | Promise<void> }[] = [];
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(name: string, run: () => void | Promise<void>): void {
    this.#steps.push({ name, run });
  }

  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step.run();
      } catch (err) {
        this.#log.error({ err, step: step.name }, 'not closed cleanly');
      }
    }
  }
}
