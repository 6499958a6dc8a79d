import { MINUTE } from '../../../src/core/index.ts';

interface Window {
  endsAt: number;
  seen: number;
}

/** Requests per caller and fixed window, as GitLab's middleware counts them. */
export class RateLimit {
  limit: number;
  periodMs: number;
  readonly #windows = new Map<string, Window>();

  constructor(limit: number, periodMs: number = MINUTE) {
    this.limit = limit;
    this.periodMs = periodMs;
  }

  /** Counts one request of the caller. */
  take(caller: string, nowMs: number): { observed: number; remaining: number; resetsAt: number; exceeded: boolean } {
    let window = this.#windows.get(caller);
    if (window === undefined || window.endsAt <= nowMs) {
      window = { endsAt: (Math.floor(nowMs / this.periodMs) + 1) * this.periodMs, seen: 0 };
      this.#windows.set(caller, window);
    }
    window.seen += 1;
    const remaining = Math.max(0, this.limit - window.seen);
    return { observed: window.seen, remaining, resetsAt: window.endsAt, exceeded: window.seen > this.limit };
  }

  reset(): void {
    this.#windows.clear();
  }
}

/** The limits of single endpoints; they answer JSON and do not show in the headers. */
export class ApplicationLimits {
  readonly issues = new RateLimit(200);
  readonly notes = new RateLimit(60);
  readonly hookTests = new RateLimit(5);
  readonly hookResends = new RateLimit(5);

  reset(): void {
    for (const limit of [this.issues, this.notes, this.hookTests, this.hookResends]) limit.reset();
  }
}
