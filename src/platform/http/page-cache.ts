import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type Clock, type ErrorCode, type Instant, toMs } from '../../core/index.ts';
import type { Logger } from '../log/index.ts';

/** What is kept of one rendering. Its compressed forms are made by send-kept.ts for whoever asks first. */
export interface Kept {
  status: number;
  type: string;
  headers: Readonly<Record<string, string | string[]>>;
  plain: Buffer;
  etag: string;
  /** When it was rendered. */
  at: Instant;
  /** A hash of what it says, the time of its making left out. */
  essence: string;
}

/** What a renderer gives: the body before compression. */
export interface Rendered {
  status: number;
  type: string;
  headers: Readonly<Record<string, string | string[]>>;
  body: string | Uint8Array;
  /** The time that the body says it was made at: what differs in nothing else is the same page. */
  asOf?: Instant;
}

interface Entry {
  kept: Kept | null;
  /** Never makes room for another. */
  steady: boolean;
  /** The journal's head when the kept bytes were begun. */
  cursor: string;
  generation: number;
  /** When the rendering of the kept bytes began: what was committed before is in them. */
  keptFromMs: number;
  /** When the kept bytes were made. */
  keptAtMs: number;
  pending: Promise<Kept> | null;
  /** When the rendering under way began. */
  pendingFromMs: number;
  /** When a rendering failed last: it is not tried again for every visitor. */
  failedMs: number;
}

/** How a page is asked for. */
export interface Wanted {
  /** A journal cursor: the bytes are at least as new as that event. */
  after?: string | undefined;
  /** One of the few pages that are there whatever is asked for: it is kept, however many others are. */
  steady?: boolean;
}

const NOTHING_YET: Readonly<Entry> = {
  kept: null,
  steady: false,
  cursor: '',
  generation: -1,
  keptFromMs: 0,
  keptAtMs: 0,
  pending: null,
  pendingFromMs: 0,
  failedMs: Number.NEGATIVE_INFINITY,
};

const MOST_BYTES = 96 * 1024 * 1024;
const MOST_ENTRIES = 2000;
/** While changes never stop, a page is rendered no more often than this; kept bytes lag behind by as much. */
const LAG_MS = 600;
/** And by this much while the next rendering is under way, so that nobody waits for it. */
const LAG_WHILE_RENDERING_MS = 900;
/** Readers who have heard of a change get it after this pause at the latest: a storm of changes is not a storm of renderings. */
const PAUSE_MS = 200;
/** Even without events: uptime figures move. */
const OLDEST_MS = 60_000;
/** A rendering that takes longer than this is answered with the last good bytes. */
const PATIENCE_MS = 1500;
/** After a failure the last good bytes are sent for so long before it is tried again. */
const RETRY_MS = 500;

/**
 * Rendered public bytes, kept until the journal moves. One rendering per page at a time, shared by everybody who asks
 * meanwhile; while rendering fails or hangs, the last good bytes go on being served with their age.
 */
export class PageCache {
  readonly #entries = new Map<string, Entry>();
  readonly #head: () => Promise<string>;
  readonly #clock: Clock;
  readonly #log: Logger;
  #generation = 0;
  #bytes = 0;

  constructor(options: { head: () => Promise<string>; clock: Clock; log: Logger }) {
    this.#head = options.head;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /** Something was committed: everything kept is out of date from now on. */
  invalidate(): void {
    this.#generation += 1;
  }

  /** The kept bytes if they may be sent as they are: new enough for everybody, and for who has heard of `after`. */
  peek(key: string, after?: string): Kept | null {
    const entry = this.#entries.get(key);
    if (!entry?.kept || isBehind(entry.cursor, after)) return null;
    // The most recently used stand last, and stay longest.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const now = this.#nowMs();
    if (entry.generation === this.#generation) return isWithin(now - entry.keptAtMs, OLDEST_MS) ? entry.kept : null;
    const lag = entry.pending ? LAG_WHILE_RENDERING_MS : LAG_MS;
    return isWithin(now - entry.keptFromMs, lag) ? entry.kept : null;
  }

  /** Whether the last answer for `key` is kept and was not that there is nothing. */
  isThere(key: string): boolean {
    const kept = this.#entries.get(key)?.kept ?? null;
    return kept !== null && kept.status !== 404;
  }

  /** Whether `key` is being rendered: who asks now waits for that, and starts nothing. */
  isUnderWay(key: string): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.pending !== null;
  }

  /** The bytes for `key`. `stale` tells that they are older than the journal because rendering failed. */
  async get(
    key: string,
    render: () => Promise<Rendered>,
    { after: named, steady = false }: Wanted = {},
  ): Promise<{ kept: Kept; stale: boolean }> {
    const after = named === undefined ? undefined : await this.#heardOf(named);
    const ready = this.peek(key, after);
    if (ready) return { kept: ready, stale: false };
    const entry = this.#entry(key, steady);
    if (entry.kept && isWithin(this.#nowMs() - entry.failedMs, RETRY_MS)) return { kept: entry.kept, stale: true };
    const pending = entry.pending ?? this.#renderInto(key, entry, render);
    const meanwhile = this.peek(key, after);
    if (meanwhile) return { kept: meanwhile, stale: false };
    const last = entry.kept;
    if (!last) return { kept: await pending, stale: false };
    // Whoever comes while it hangs waits no longer than who came first.
    const patience = Math.max(0, PATIENCE_MS - Math.max(0, this.#nowMs() - entry.pendingFromMs));
    try {
      return { kept: await inTime(pending, patience), stale: false };
    } catch (err) {
      if (isAnswer(err)) throw err;
      this.#log.warn({ err, page: key }, 'page not rendered, the last good one is served');
      return { kept: last, stale: true };
    }
  }

  /** Anybody can name an event that is not there yet, at every request: it must not make a rendering each. */
  async #heardOf(cursor: string): Promise<string | undefined> {
    try {
      return isBehind(await inTime(this.#head(), PATIENCE_MS), cursor) ? undefined : cursor;
    } catch {
      // The database is away: the rendering will show it.
      return undefined;
    }
  }

  #renderInto(key: string, entry: Entry, render: () => Promise<Rendered>): Promise<Kept> {
    const run = async (): Promise<Kept> => {
      const sinceLast = this.#nowMs() - entry.keptFromMs;
      if (entry.kept && sinceLast >= 0 && sinceLast < PAUSE_MS) await pause(PAUSE_MS - sinceLast);
      const generation = this.#generation;
      const fromMs = this.#nowMs();
      const cursor = await this.#head();
      const at = this.#clock.now();
      const made = keep(await render(), at);
      const kept = this.#unchanged(entry.kept, made) ?? made;
      this.#account(entry, kept);
      entry.kept = kept;
      entry.cursor = cursor;
      entry.keptFromMs = fromMs;
      entry.keptAtMs = toMs(kept.at);
      entry.generation = generation;
      return kept;
    };
    const forget = (err: unknown): never => {
      entry.failedMs = this.#nowMs();
      if (isAnswer(err) && entry.kept) {
        this.#bytes -= sizeOf(entry.kept);
        entry.kept = null;
      }
      throw err;
    };
    const pending = run()
      .catch(forget)
      .finally(() => {
        entry.pending = null;
        if (!entry.kept) this.#entries.delete(key);
      });
    // Whoever waits gets the error; this keeps it from being unhandled when nobody waits any more.
    pending.catch(() => undefined);
    entry.pending = pending;
    entry.pendingFromMs = this.#nowMs();
    return pending;
  }

  /**
   * The bytes before, when the journal moved for something that this page does not tell: new bytes would tell that
   * something happened, and be fetched by everybody for nothing.
   */
  #unchanged(before: Kept | null, made: Kept): Kept | null {
    if (before?.essence !== made.essence || before.status !== made.status) return null;
    const age = toMs(made.at) - toMs(before.at);
    return age >= 0 && age < OLDEST_MS ? before : null;
  }

  #entry(key: string, steady: boolean): Entry {
    const entry = this.#entries.get(key) ?? { ...NOTHING_YET, steady };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #account(entry: Entry, kept: Kept): void {
    this.#bytes += sizeOf(kept) - (entry.kept ? sizeOf(entry.kept) : 0);
    // Searches and addresses of nothing go first: there is no end of them, and nobody misses them.
    this.#makeRoom(entry, isOdd);
    this.#makeRoom(entry, () => true);
  }

  #makeRoom(entry: Entry, mayGo: (key: string, kept: Kept | null) => boolean): void {
    if (this.#bytes <= MOST_BYTES && this.#entries.size <= MOST_ENTRIES) return;
    for (const [key, oldest] of this.#entries) {
      if (oldest === entry || oldest.pending || oldest.steady || !mayGo(key, oldest.kept)) continue;
      this.#bytes -= oldest.kept ? sizeOf(oldest.kept) : 0;
      this.#entries.delete(key);
      if (this.#bytes <= MOST_BYTES && this.#entries.size <= MOST_ENTRIES) return;
    }
  }

  #nowMs(): number {
    return toMs(this.#clock.now());
  }
}

const ANSWERS: readonly ErrorCode[] = ['not_found', 'forbidden', 'unauthenticated'];

/** Not a failure: the page is gone, or is no longer for everybody. */
function isAnswer(error: unknown): boolean {
  return error instanceof AppError && ANSWERS.includes(error.code);
}

function isOdd(key: string, kept: Kept | null): boolean {
  return key.includes('?') || kept?.status !== 200;
}

function sizeOf(kept: Kept): number {
  // Compressed forms are a small part of the plain one.
  return Math.ceil(kept.plain.length * 1.2) + 500;
}

/** Cursors are compared by length, then text: they are numbers without leading zeros, or pairs of such. */
function isBehind(have: string, want: string | undefined): boolean {
  if (want === undefined || want === '') return false;
  const a = have.split('-');
  const b = want.split('-');
  for (let index = 0; index < b.length; index++) {
    const left = a[index] ?? '';
    const right = b[index] ?? '';
    if (left.length !== right.length) return left.length < right.length;
    if (left !== right) return left < right;
  }
  return false;
}

function keep(rendered: Rendered, at: Instant): Kept {
  const plain = Buffer.from(rendered.body as string);
  const { status, type, headers, asOf } = rendered;
  const etag = createHash('sha256').update(plain).digest('base64url').slice(0, 27);
  return { status, type, headers, plain, etag, at, essence: JSON.stringify(headers) + timeless(plain, etag, asOf) };
}

/** A hash of the body without the time of its making, and without what is written of it up to the next tag. */
function timeless(plain: Buffer, etag: string, asOf: string | undefined): string {
  if (asOf === undefined) return etag;
  const hash = createHash('sha256');
  let from = 0;
  for (let at = plain.indexOf(asOf); at >= 0; at = plain.indexOf(asOf, from)) {
    hash.update(plain.subarray(from, at));
    const tag = plain.indexOf('<', at + asOf.length);
    from = tag < 0 ? plain.length : tag;
  }
  return hash.update(plain.subarray(from)).digest('base64url');
}

/** Not so with clocks that went back. */
function isWithin(age: number, most: number): boolean {
  return age >= 0 && age < most;
}

async function inTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not rendered within ${ms} ms`)), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
