import { addMs, type Clock, type Instant, MINUTE, newId, SECOND } from '../../core/index.ts';
import type { Database } from '../database/index.ts';
import type { Logger } from '../log/index.ts';
import { claimJob, freeClaims, insertJob, moveNextRun, readJobs, releaseJob, renewClaim } from './job-store.ts';
import type { Job, JobState, Jobs } from './jobs.ts';
import { checkSchedule, firstRun, nextAfter } from './schedule.ts';

export interface JobsParts {
  db: Database;
  clock: Clock;
  log: Logger;
}

const LOOK_MS = SECOND;
const TIMEOUT_MS = 10 * MINUTE;
/** A claim outlives a process that was killed by no more than this. */
const CLAIM_MS = MINUTE;
const RENEW_MS = 15 * SECOND;
/** How long `stop` waits for runs that were asked to end. */
const STOP_MS = 8 * SECOND;
const ERROR_LENGTH = 1000;

export function createJobs(parts: JobsParts): Jobs {
  return new DatabaseJobs(parts);
}

interface Running {
  ended: Promise<void>;
  controller: AbortController;
}

class DatabaseJobs implements Jobs {
  readonly #parts: JobsParts;
  readonly #jobs = new Map<string, Job>();
  readonly #triggered = new Set<string>();
  readonly #running = new Map<string, Running>();
  /** Names this process in its claims; a new one each start, so that it never takes an old claim for its own. */
  readonly #by = newId();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #started = false;
  #stopping = false;

  constructor(parts: JobsParts) {
    this.#parts = parts;
  }

  add(job: Job): void {
    if (this.#jobs.has(job.name)) throw new Error(`There are two jobs named ${job.name}.`);
    checkSchedule(job.schedule);
    this.#jobs.set(job.name, job);
  }

  trigger(name: string): void {
    if (!this.#jobs.has(name)) throw new Error(`There is no job named ${name}.`);
    this.#triggered.add(name);
    if (this.#started) this.#lookIn(0);
  }

  async start(): Promise<void> {
    this.#started = true;
    this.#stopping = false;
    await this.#register();
    await this.#takeOver();
    this.#lookIn(0);
  }

  async stop(): Promise<void> {
    this.#started = false;
    this.#stopping = true;
    clearTimeout(this.#timer);
    await this.#looking;
    for (const { controller } of this.#running.values()) controller.abort(new Error('Signalbox is stopping.'));
    await this.#allEnded();
  }

  async runDue(): Promise<void> {
    await this.#register();
    // Once more, since a job may trigger another.
    for (let begun = await this.#startDue(); begun.length > 0; begun = await this.#startDue()) {
      await Promise.all(begun.map(({ ended }) => ended));
    }
  }

  async list(): Promise<JobState[]> {
    return await readJobs(this.#parts.db, [...this.#jobs.keys()]);
  }

  async #register(): Promise<void> {
    const { db, clock } = this.#parts;
    const known = new Set((await this.list()).map(({ name }) => name));
    const added = [...this.#jobs.values()].filter(({ name }) => !known.has(name));
    if (added.length === 0) return;
    await db.write(async (tx) => {
      for (const { name, schedule } of added) await insertJob(tx, name, firstRun(schedule, clock.now()));
    });
  }

  /** SQLite has one process: what the last one was doing when it was killed is due again. */
  async #takeOver(): Promise<void> {
    const { db, clock } = this.#parts;
    if (db.engine === 'sqlite') await db.write((tx) => freeClaims(tx, [...this.#jobs.keys()], clock.now()));
  }

  #lookIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#looking = this.#look();
    }, milliseconds);
  }

  async #look(): Promise<void> {
    try {
      await this.#startDue();
    } catch (err) {
      this.#parts.log.warn({ err }, 'jobs wait for the database');
    }
    if (this.#started) this.#lookIn(LOOK_MS);
  }

  async #startDue(): Promise<Running[]> {
    const now = this.#parts.clock.now();
    const begun: Running[] = [];
    for (const state of await this.list()) {
      const job = this.#jobs.get(state.name);
      if (!job || this.#stopping || this.#running.has(job.name)) continue;
      await this.#pullBack(job, state, now);
      const early = this.#triggered.has(job.name);
      if (!early && state.nextAt > now) continue;
      const running = await this.#claim(job, now, early);
      if (running) begun.push(running);
    }
    return begun;
  }

  /** After the clock was set back the next run would lie further ahead than the schedule ever puts it. */
  async #pullBack(job: Job, state: JobState, now: Instant): Promise<void> {
    const latest = nextAfter(job.schedule, now);
    if (state.nextAt <= latest) return;
    await this.#parts.db.write((tx) => moveNextRun(tx, job.name, state.nextAt, latest));
  }

  async #claim(job: Job, now: Instant, early: boolean): Promise<Running | null> {
    const claim = { name: job.name, by: this.#by, now, claimMs: CLAIM_MS, nextAt: nextAfter(job.schedule, now), early };
    if (!(await this.#parts.db.write((tx) => claimJob(tx, claim)))) return null;
    this.#triggered.delete(job.name);
    const controller = new AbortController();
    const ended = this.#run(job, controller).finally(() => {
      this.#running.delete(job.name);
      if (this.#started && this.#triggered.has(job.name)) this.#lookIn(0);
    });
    const running = { ended, controller };
    this.#running.set(job.name, running);
    return running;
  }

  async #run(job: Job, controller: AbortController): Promise<void> {
    const { db, clock, log } = this.#parts;
    const timeoutMs = job.timeoutMs ?? TIMEOUT_MS;
    const timer = setTimeout(() => {
      log.error({ job: job.name, timeoutMs }, 'job does not end in its time and is asked to stop');
      controller.abort(new DOMException('The job took too long.', 'TimeoutError'));
    }, timeoutMs);
    const renewing = setInterval(() => void this.#renew(job), RENEW_MS).unref();
    let error: string | null = null;
    try {
      await job.run(controller.signal);
    } catch (err) {
      error = (err instanceof Error ? err.message : String(err)).slice(0, ERROR_LENGTH);
      if (!this.#stopping) log.warn({ err, job: job.name }, 'job failed');
    } finally {
      clearTimeout(timer);
      clearInterval(renewing);
    }
    // Cut off by the end of the process: due again at the next start.
    const cut = this.#stopping && error !== null;
    const release = { name: job.name, by: this.#by, finishedAt: clock.now(), error: cut ? null : error };
    try {
      await db.write((tx) => releaseJob(tx, cut ? { ...release, nextAt: clock.now() } : release));
    } catch (err) {
      log.warn({ err, job: job.name }, 'the end of a job could not be recorded; its claim ends by itself');
    }
  }

  async #renew({ name }: Job): Promise<void> {
    const { db, clock, log } = this.#parts;
    try {
      await db.write((tx) => renewClaim(tx, { name, by: this.#by, until: addMs(clock.now(), CLAIM_MS) }));
    } catch (err) {
      log.debug({ err, job: name }, 'the claim of a job could not be renewed');
    }
  }

  async #allEnded(): Promise<void> {
    const all = Promise.all([...this.#running.values()].map(({ ended }) => ended));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.#parts.log.warn({ jobs: [...this.#running.keys()] }, 'jobs did not stop in time');
        resolve();
      }, STOP_MS);
    });
    await Promise.race([all, late]);
    clearTimeout(timer);
  }
}
