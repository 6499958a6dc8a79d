import { newId, toMs } from '../../../core/index.ts';
import { readingDueAt } from '../domain/schedule.ts';
import { findProject } from '../store/project-store.ts';
import { allSettings, type FacilityContext, findSettings } from './facility-context.ts';
import { reconcileProject } from './reconcile-project.ts';

/** How many projects one process reads at a time. */
const PARALLEL = 4;
/** What lies further ahead is left to the periodic look. */
const HORIZON = 60_000;

/**
 * Decides when this process reconciles which project. What is due stands in the database; this only looks there soon
 * enough: when an event came, when a run has ended, and now and then.
 */
export class ReconcileRunner {
  readonly #context: FacilityContext;
  readonly #process = newId();
  readonly #stopping = new AbortController();
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(context: FacilityContext) {
    this.#context = context;
  }

  /** Looks at one project as soon as possible. Calls while it runs lead to one more look after the run. */
  wake(id: string): void {
    if (this.#stopping.signal.aborted) return;
    this.#waiting.add(id);
    this.#next();
  }

  wakeAll(): void {
    for (const settings of allSettings(this.#context)) this.wake(settings.id);
  }

  /** Resolves when nothing runs and nothing waits for its turn; timers do not count. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#waiting.clear();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await this.settled();
  }

  #next(): void {
    for (const id of this.#waiting) {
      if (this.#running.size >= PARALLEL) return;
      if (this.#running.has(id)) continue;
      this.#waiting.delete(id);
      const look = this.#look(id).finally(() => {
        this.#running.delete(id);
        this.#next();
      });
      this.#running.set(id, look);
    }
  }

  async #look(id: string): Promise<void> {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    try {
      const wait = await this.#waitOf(id);
      if (wait === null) return;
      if (wait > 0) this.#later(id, wait);
      else await this.#run(id);
    } catch (error) {
      // The database did not answer: the periodic look comes back to it.
      this.#context.log.error({ err: error, project: id }, 'reconciling failed');
    }
  }

  async #run(id: string): Promise<void> {
    const by = `${this.#process}/${newId()}`;
    const ran = await reconcileProject(this.#context, id, { by, signal: this.#stopping.signal });
    // Something may have happened meanwhile; a process that found the project taken looks again a little later.
    if (ran) this.wake(id);
    else this.#later(id, HORIZON / 4);
  }

  async #waitOf(id: string): Promise<number | null> {
    const settings = findSettings(this.#context, id);
    const row = await findProject(this.#context.db, id);
    if (settings === undefined || row === undefined) return null;
    const state = {
      dirty: row.dirty_seq > row.done_seq,
      startedAt: row.started_at,
      nextAt: row.next_at,
      holdUntil: row.hold_until,
    };
    return Math.max(0, toMs(readingDueAt(state, settings.coalesceMs)) - toMs(this.#context.clock.now()));
  }

  #later(id: string, milliseconds: number): void {
    if (milliseconds > HORIZON || this.#stopping.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#timers.delete(id);
      this.wake(id);
    }, milliseconds);
    timer.unref();
    clearTimeout(this.#timers.get(id));
    this.#timers.set(id, timer);
  }
}
