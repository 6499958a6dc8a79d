import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../core/index.ts';
import type { SiteConfig } from '../config/index.ts';
import type { Html } from '../html/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import type { Authenticator } from './authenticator.ts';
import type { StreamSet } from './event-stream.ts';
import type { KeptFront } from './kept-front.ts';
import type { OpenApi } from './openapi.ts';
import type { PageCache } from './page-cache.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { Page, Visit } from './web.ts';

/** A file of ours, known before the first request; `path` holds a hash of its content. */
export interface Asset {
  /** `/assets/app.3f9c….css` */
  path: string;
  type: string;
  content: string | Buffer;
}

/** One thing that must hold before requests are welcome. Throws with the reason while it does not. */
export interface ReadyCheck {
  name: string;
  check(): Promise<void>;
}

export interface HttpOptions {
  site: () => SiteConfig;
  /** Addresses of proxies whose X-Forwarded-* count (contracts §11). */
  trustedProxies: readonly string[];
  tls?: { certificateFile: string; keyFile: string } | undefined;
  /** Requests per minute and address; the meaning of each stands in docs/configuration.md. */
  limits: RateLimits;
  authenticator: Authenticator;
  /** The whole document around a page; the design system gives it. */
  document: (visit: Visit, page: Page, asOf: string) => Html;
  /** What stands at the top of a kept page while the database does not answer. */
  staleNotice: (visit: Visit, asOf: string) => Html;
  assets: readonly Asset[];
  /** The newest cursor of the journal, for deciding whether a kept page is still true. */
  head: () => Promise<string>;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  version: string;
  /** How long `close` waits for answers under way. Default 4 s. */
  drainMs?: number;
}

export interface RateLimits {
  /** Pages rendered for one address, kept pages not counted. */
  pages: number;
  /** Forms sent by one address. */
  forms: number;
  /** Answers 401 and 403 to one address. */
  denials: number;
  /** Event streams open at once for one address. */
  streams: number;
}

/** What the parts of this folder share. */
export interface Parts {
  app: FastifyInstance;
  options: HttpOptions;
  pages: PageCache;
  front: KeptFront;
  openApi: OpenApi;
  limiter: RateLimiter;
  streams: StreamSet;
  checks: ReadyCheck[];
}
