import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SiteConfig } from '../config/index.ts';
import type { PageCache } from './page-cache.ts';
import { isPlainAnonymous } from './plain-anonymous.ts';
import { encodedFor, writeEncoded } from './write-kept.ts';

/** Where a request that was answered from the kept pages found its bytes. */
interface Found {
  /** Of the kept page. */
  key: string;
  route: string;
}

export interface KeptFrontOptions {
  pages: PageCache;
  site: () => SiteConfig;
  /** A number for each answer; from another series than the framework's, which counts its own. */
  requestId: () => string;
  /** Told of each answer: how long it took, for what route. */
  answered: (seconds: number, route: string, status: number) => void;
}

const MOST_FOUND = 2000;
const LONGEST = 1000;

/**
 * Stands before the framework. A request that looks like one that was answered with a kept page before, in everything
 * that chooses the bytes, gets the same page, as long as it is kept and true: what the framework would find out anew
 * costs as much as sending it. Everything else passes on.
 */
export class KeptFront {
  readonly #found = new Map<string, Found>();
  readonly #options: KeptFrontOptions;
  #isOpen = true;

  constructor(options: KeptFrontOptions) {
    this.#options = options;
  }

  /** Notes with which page a request was answered. */
  remember(request: IncomingMessage, found: Found): void {
    const looks = looksOf(request);
    if (looks === null || looks.length > LONGEST) return;
    // What is in use is soon back.
    if (this.#found.size >= MOST_FOUND) this.#found.clear();
    this.#found.set(looks, found);
  }

  /** Whether the request is answered; if not, nothing was sent. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    if (!this.#isOpen) return false;
    const looks = looksOf(request);
    const found = looks === null ? undefined : this.#found.get(looks);
    const kept = found && this.#options.pages.peek(found.key, heardOf(request));
    if (!kept) return false;
    const from = performance.now();
    const { site, answered, requestId } = this.#options;
    const encoded = encodedFor(request, kept, site);
    if (encoded instanceof Promise) return false;
    writeEncoded({ request, response, id: requestId() }, kept, encoded);
    answered((performance.now() - from) / 1000, found.route, response.statusCode);
    return true;
  }

  /** From now on everything passes on: the framework tells clients that the server ends. */
  close(): void {
    this.#isOpen = false;
  }
}

/** The position in the journal that the sender has heard of. */
export function heardOf({ headers }: IncomingMessage): string | undefined {
  const sent = headers['x-signalbox-after'];
  return typeof sent === 'string' ? sent.slice(0, 80) : undefined;
}

/** All of a request that a kept page depends on; null for those that none is sent to. */
function looksOf({ method, url, headers }: IncomingMessage): string | null {
  if (method !== 'GET' || !isPlainAnonymous(headers)) return null;
  const { cookie = '', 'accept-language': language = '' } = headers;
  // Cookies of others on the same host are nothing to us.
  return `${url}\n${language}\n${cookie.includes('signalbox') ? cookie : ''}`;
}
