import { type Clock, HOUR, MINUTE, toMs } from '../../core/index.ts';

interface Window {
  count: number;
  endsMs: number;
  /** Somebody was told already that this window is full. */
  told: boolean;
}

export type Taken = { allowed: true } | { allowed: false; retryAfter: number; firstRefusal: boolean };

const MOST_WINDOWS = 20_000;

/**
 * Counts attempts per key in windows that begin with the first one. In memory and bounded: the least recently used are
 * forgotten, and a restart forgets all, which gives a guesser nothing against hashes this slow.
 */
export class AttemptCounter {
  readonly #windows = new Map<string, Window>();
  readonly #most: number;
  readonly #windowMs: number;
  readonly #clock: Clock;

  constructor(clock: Clock, options: { most: number; windowMs: number }) {
    this.#clock = clock;
    this.#most = options.most;
    this.#windowMs = options.windowMs;
  }

  /** Takes one attempt before it is tried, so that many at the same time are counted too. */
  take(key: string): Taken {
    const now = toMs(this.#clock.now());
    const known = this.#windows.get(key);
    const live = known !== undefined && known.endsMs > now && known.endsMs <= now + this.#windowMs;
    const window = live ? known : { count: 0, endsMs: now + this.#windowMs, told: false };
    this.#windows.delete(key);
    this.#windows.set(key, window);
    this.#forgetOldest();
    if (window.count < this.#most) {
      window.count += 1;
      return { allowed: true };
    }
    const firstRefusal = !window.told;
    window.told = true;
    return { allowed: false, retryAfter: Math.max(1, Math.ceil((window.endsMs - now) / 1000)), firstRefusal };
  }

  /** The attempt was a good one: it does not count. */
  giveBack(key: string): void {
    const window = this.#windows.get(key);
    if (window && window.count > 0) window.count -= 1;
  }

  get size(): number {
    return this.#windows.size;
  }

  #forgetOldest(): void {
    if (this.#windows.size <= MOST_WINDOWS) return;
    const oldest = this.#windows.keys().next().value;
    if (oldest !== undefined) this.#windows.delete(oldest);
  }
}

export interface Attempts {
  /** Passwords tried from one address. */
  address: AttemptCounter;
  /** Passwords tried for one account, from browsers that never signed in to it. */
  account: AttemptCounter;
  /** Passwords tried for one account, from one browser that did. */
  device: AttemptCounter;
  /** Answers of providers that were refused, from one address: each asks the provider and is written down. */
  answers: AttemptCounter;
  /** Mails asked for from one address. */
  mailsByAddress: AttemptCounter;
}

export function createAttempts(clock: Clock): Attempts {
  return {
    address: new AttemptCounter(clock, { most: 30, windowMs: 15 * MINUTE }),
    account: new AttemptCounter(clock, { most: 10, windowMs: 15 * MINUTE }),
    device: new AttemptCounter(clock, { most: 10, windowMs: 15 * MINUTE }),
    answers: new AttemptCounter(clock, { most: 100, windowMs: 15 * MINUTE }),
    mailsByAddress: new AttemptCounter(clock, { most: 5, windowMs: HOUR }),
  };
}
