import type { Instant } from '../../../src/core/index.ts';

export interface LoggedRequest {
  number: number;
  at: Instant;
  method: string;
  /** Path with its query; a token in the query is blotted out. */
  path: string;
  /** null: no answer was sent. */
  status: number | null;
  requestBytes: number;
  bytes: number;
  milliseconds: number;
  /** Which token asked, never its secret. */
  tokenId: number | null;
  fault: string | null;
}

export type WriteMethod = 'POST' | 'PUT' | 'DELETE';
export type WriteCounts = Record<WriteMethod, number>;

export interface Writes {
  /** Every write received through the API, refused ones too. */
  total: number;
  refused: number;
  /** By what was written, e.g. `badges`. */
  resources: Record<string, WriteCounts>;
}

const KEPT = 20_000;
const WRITES: readonly string[] = ['POST', 'PUT', 'DELETE'] satisfies WriteMethod[];

/** What came in, so that an outsider can check what a client sent. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  #count = 0;
  #writes: Writes = { total: 0, refused: 0, resources: {} };

  add(entry: Omit<LoggedRequest, 'number'>): void {
    this.#count += 1;
    this.#entries.push({ number: this.#count, ...entry, path: withoutSecrets(entry.path) });
    if (this.#entries.length > KEPT) this.#entries.splice(0, this.#entries.length - KEPT);
    if (isWrite(entry.method) && entry.path.startsWith('/api/v4/')) this.#countWrite(entry.method, entry);
  }

  #countWrite(method: WriteMethod, entry: Pick<LoggedRequest, 'path' | 'status'>): void {
    const resource = resourceOf(entry.path);
    const counts = (this.#writes.resources[resource] ??= { POST: 0, PUT: 0, DELETE: 0 });
    counts[method] += 1;
    this.#writes.total += 1;
    if (entry.status === null || entry.status >= 400) this.#writes.refused += 1;
  }

  list(filter: { after?: number; method?: string; path?: string } = {}): LoggedRequest[] {
    return this.#entries.filter(
      (entry) =>
        entry.number > (filter.after ?? 0) &&
        (filter.method === undefined || entry.method === filter.method) &&
        entry.path.startsWith(filter.path ?? ''),
    );
  }

  writes(): Writes {
    return structuredClone(this.#writes);
  }

  reset(): void {
    this.#entries = [];
    this.#count = 0;
    this.#writes = { total: 0, refused: 0, resources: {} };
  }
}

function isWrite(method: string): method is WriteMethod {
  return WRITES.includes(method);
}

const RESOURCES = ['badges', 'hooks', 'issues', 'labels', 'notes'];

/** What a path writes: `badges` of `/api/v4/projects/301/badges/42`. */
function resourceOf(path: string): string {
  const words = path.split('?')[0]?.split('/') ?? [];
  return words.findLast((word) => RESOURCES.includes(word)) ?? 'other';
}

function withoutSecrets(path: string): string {
  return path.replace(/([?&](?:private_token|access_token|job_token)=)[^&]*/gi, '$1[FILTERED]');
}
