import { AppError, type Clock, MINUTE, toMs } from '../../core/index.ts';

interface Bucket {
  tokens: number;
  at: number;
}

const MOST_BUCKETS = 50_000;

/** Token buckets in memory, refilled over a minute. Bounded: the least recently used are forgotten. */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one from the bucket of `kind` and `who`, or throws AppError('limit') with the seconds to wait. */
  take(kind: string, who: string, perMinute: number): void {
    const bucket = this.#bucket(kind, who, perMinute);
    if (bucket.tokens < 1) {
      const seconds = Math.max(1, Math.ceil(((1 - bucket.tokens) / perMinute) * 60));
      throw new AppError('limit', `Too many requests from your address. Try again in ${seconds} s.`, {
        retryAfter: seconds,
      });
    }
    bucket.tokens -= 1;
  }

  /** Undoes one `take`. */
  giveBack(kind: string, who: string, perMinute: number): void {
    const bucket = this.#bucket(kind, who, perMinute);
    bucket.tokens = Math.min(perMinute, bucket.tokens + 1);
  }

  #bucket(kind: string, who: string, perMinute: number): Bucket {
    const key = `${kind} ${who}`;
    const now = toMs(this.#clock.now());
    const bucket = this.#buckets.get(key) ?? { tokens: perMinute, at: now };
    const passed = Math.max(0, now - bucket.at);
    bucket.tokens = Math.min(perMinute, bucket.tokens + (passed / MINUTE) * perMinute);
    bucket.at = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MOST_BUCKETS) {
      const oldest = this.#buckets.keys().next().value;
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    return bucket;
  }
}
