import { performance } from 'node:perf_hooks';
import { AppError } from '../../../core/index.ts';
import { applyReports } from './apply-reports.ts';
import type { ReportOutcome, StatusReport } from './report-board.ts';
import type { StatusPageContext } from './status-page-context.ts';

interface Waiting {
  reports: readonly StatusReport[];
  resolve(outcomes: readonly ReportOutcome[]): void;
  reject(error: unknown): void;
}

const MOST_AT_ONCE = 100;
/** Nobody waits longer for others than this. */
const GATHER_MS = 25;

/**
 * Applies what comes in while a transaction is under way together in the next one. All reports wait for the same lock:
 * one after the other each would pay for its own way to the disk.
 * machine-driven: reportStatus hands over what it has allowed, and applyReports writes the audit log.
 */
export class ReportIntake {
  readonly #context: StatusPageContext;
  #waiting: Waiting[] = [];
  #isWorking = false;
  /** Called as soon as so many wait. */
  #gathered: { count: number; go(): void } | null = null;

  constructor(context: StatusPageContext) {
    this.#context = context;
  }

  /** In their order, and all or none. Resolves when what they led to is durable. */
  async apply(reports: readonly StatusReport[]): Promise<readonly ReportOutcome[]> {
    return await new Promise<readonly ReportOutcome[]>((resolve, reject) => {
      this.#waiting.push({ reports, resolve, reject });
      if (!this.#isWorking) void this.#work();
      if (this.#gathered !== null && this.#waiting.length >= this.#gathered.count) this.#gathered.go();
    });
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      const started = performance.now();
      await this.#handle(batch);
      await this.#gather(batch.length, performance.now() - started);
    }
    this.#isWorking = false;
  }

  /**
   * A transaction for a few costs nearly as much as one for many, and those who were answered together come again
   * together: waits until there are as many as before, and no longer than they took.
   */
  async #gather(count: number, tookMs: number): Promise<void> {
    if (count === 1 || this.#waiting.length >= count) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(tookMs, GATHER_MS));
      this.#gathered = { count, go: () => resolve(clearTimeout(timer)) };
    });
    this.#gathered = null;
  }

  #take(): Waiting[] {
    let [count, size] = [0, 0];
    for (const { reports } of this.#waiting) {
      if (count > 0 && size + reports.length > MOST_AT_ONCE) break;
      count += 1;
      size += reports.length;
    }
    return this.#waiting.splice(0, count);
  }

  async #handle(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#write(batch.flatMap(({ reports }) => reports));
      let from = 0;
      for (const { reports, resolve } of batch) resolve(outcomes.slice(from, (from += reports.length)));
    } catch (error) {
      // One that cannot be stored must not take the others with it; a database that is away takes all.
      if (batch.length === 1 || error instanceof AppError) for (const { reject } of batch) reject(error);
      else for (const one of batch) await this.#handle([one]);
    }
  }

  #write(reports: readonly StatusReport[]): Promise<ReportOutcome[]> {
    return this.#context.db.write((tx) => applyReports(tx, this.#context, reports));
  }
}
