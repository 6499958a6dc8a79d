/** Scheduled work. Each job is a row, claimed by one process at a time; runs are idempotent. */
export interface Job {
  /** Stable name, starts with the module's: `facility.reconcile_hourly`. */
  name: string;
  /** `{ everyMs }` from the last start, or a cron pattern in a zone. */
  schedule: { everyMs: number } | { cron: string; zone: string };
  /** Work is ended by its own timeouts within this many milliseconds; default 10 min. A process that dies holds its jobs for a minute at most. */
  timeoutMs?: number;
  run(signal: AbortSignal): Promise<void>;
}

export interface Jobs {
  add(job: Job): void;
  /** Ask for a run as soon as possible; calls before it starts are one. */
  trigger(name: string): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Runs every job that is due at the clock's now, then returns. For tests. */
  runDue(): Promise<void>;
  /** For the admin page: last start, end, error, next due. */
  list(): Promise<JobState[]>;
}

export interface JobState {
  name: string;
  nextAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  error: string | null;
}
