import type * as z from 'zod';
import type { Actor, Role, Scope } from '../../core/index.ts';
import type { Html } from '../html/index.ts';
import type { Language } from '../i18n/index.ts';

/** What every handler knows of its request. */
export interface Visit {
  actor: Actor;
  language: Language;
  /** Path without the configured prefix, and the query. */
  path: string;
  query: URLSearchParams;
  params: Readonly<Record<string, string>>;
  requestId: string;
  /** Address of the client, from X-Forwarded-For only behind a trusted proxy. */
  ip: string;
  /** What the client calls itself, cut to 200 characters. */
  agent?: string;
  /** An absolute URL under http.public_url. */
  absolute(path: string): string;
  /** A path with the configured prefix, for links and redirects. */
  link(path: string): string;
  /** Hidden field with the CSRF token of the session; empty for an anonymous visitor. */
  csrf: Html;
  cookies: Readonly<Record<string, string>>;
  theme: Theme;
  /** Wall screen: `?kiosk=1`. */
  kiosk: boolean;
  /** What the form before this page left to say, once. */
  notice: string | null;
}

/** `auto` follows the system. Chosen by the visitor and kept in a cookie. */
export type Theme = 'auto' | 'light' | 'dark';

/** A page: the layout adds head, navigation and footer. */
export interface Page {
  title: string;
  main: Html;
  status?: number;
  /** Path of the navigation entry to mark. */
  nav?: string;
  /** Path of one of that entry's tabs: the layout then writes the heading and all tabs above the content. */
  tab?: string;
  /** Feeds of this page, for auto-discovery. */
  alternates?: readonly { type: string; title: string; path: string }[];
  headers?: Readonly<Record<string, string>>;
}

/** The answer of a form: where to go next (303), or the page again with its mistakes and everything typed. */
export type FormAnswer =
  | { redirect: string; notice?: string; headers?: Readonly<Record<string, string | string[]>> }
  | Page;

export interface Answer {
  status?: number;
  type: string;
  body: string | Uint8Array;
  headers?: Readonly<Record<string, string | string[]>>;
  /** Strong ETag made from the body unless false. Answers 304 by itself. */
  etag?: boolean;
}

/** What is told of an error to whoever asked. */
export interface ToldError {
  status: number;
  code: string;
  detail: string;
}

/** An operation of another product that ours takes the place of, for clients that will not change. */
export interface Compatible {
  /** An error in that product's form instead of a problem (RFC 9457). */
  error(told: ToldError): Answer;
  /** What it answers besides the success answer, by status; the handler gives these as an `Answer`. */
  answers: Readonly<Record<number, { description: string; type: string; schema: z.ZodType }>>;
}

/** A request whose bytes matter: hooks with signatures. */
export interface RawRequest extends Visit {
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

export interface HookOptions {
  bodyLimit: number;
  /** The sender drops what is answered with 429 and repeats what is answered with 503. */
  neverLimited?: boolean;
  /** Throws for a request whose head already says that it is to be refused: its body is not read. */
  admit?(request: Omit<RawRequest, 'body'>): void;
}

export interface PageOptions {
  /** Least role that may open it; anonymous visitors are sent to sign in. */
  role?: Role;
  cached?: Cached;
}

export interface FormOptions {
  role?: Role;
  upload?: { bodyLimit: number };
}
/**
 * Same bytes for every anonymous visitor of one language and query: rendered once, kept with its compressed forms until
 * the journal moves, served with its age while the database does not answer. `query` names the parameters that choose the
 * bytes; `true`: none does. The handler sees no others, so that nobody fills memory with addresses that mean the same.
 */
export type Cached = boolean | { query: readonly string[] };

export interface ApiOptions<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** OpenAPI form: `/api/components/{area}/{name}`. */
  path: string;
  operationId: string;
  summary: string;
  description?: string;
  tag: string;
  /** Checked before anything of the request is looked at; absent: open to everybody. */
  scope?: Scope;
  /** The same where people may as well by their role: `check` throws for whoever may not; tokens need the scope. */
  allow?: { scope: Scope; role: Role; check: (actor: Actor) => void };
  params?: P;
  query?: Q;
  /** Headers that mean something beyond the usual ones; only described, the handler reads them. */
  headers?: Readonly<Record<string, string>>;
  body?: B;
  /** Shape of the success answer; checked in tests, described in OpenAPI. */
  answer: A;
  /** Media types beyond JSON that it answers with on demand, such as `text/csv`; the handler then gives an `Answer`. */
  alternates?: readonly string[];
  status?: 200 | 201 | 202 | 204;
  /** Version of what a GET answers, sent as strong ETag and answered with 304 while it is known; null: none. */
  etag?(answer: z.input<A>): string | null;
  bodyLimit?: number;
  /** Problem statuses beyond 400, 401, 403, 404, 413, 429, 500 that this operation answers. */
  problems?: readonly number[];
  compatible?: Compatible;
}

/** A file that programs read as part of the API: what its description says of it. */
export type DescribedFile = Pick<
  ApiOptions<z.ZodType, z.ZodType, z.ZodType, z.ZodType>,
  'operationId' | 'summary' | 'description' | 'tag' | 'query' | 'answer' | 'compatible'
>;

export interface FileOptions {
  /** As for pages. */
  cached?: Cached;
  role?: Role;
  /** Only for addresses under /api. */
  described?: DescribedFile;
}

export interface ApiRequest<P, Q, B> extends Visit {
  headers: Readonly<Record<string, string | undefined>>;
  input: { params: P; query: Q; body: B };
}

/** What the description of the API says of a stream. */
export interface StreamOptions {
  operationId: string;
  summary: string;
  description?: string;
  tag: string;
}

/** An open server-sent-events answer. */
export interface EventStream {
  send(message: { id?: string; event?: string; data: string }): void;
  readonly closed: AbortSignal;
}

/**
 * Where modules register what the outside can ask for. Errors are thrown and mapped in one place:
 * pages get an error page, everything under /api and /hooks a problem (RFC 9457).
 */
export interface Web {
  /** A page may also answer as a file, e.g. for `?format=csv`. */
  page(path: string, options: PageOptions, render: (visit: Visit) => Promise<Page | Answer>): void;
  /**
   * A form post. Signed-in visitors need the CSRF token, everybody a same-origin request. `body` is what
   * `application/x-www-form-urlencoded` gave: a repeated name is an array. With `upload` the form may also be sent as
   * `multipart/form-data` of at most so many bytes, and a file is its text.
   */
  form(
    path: string,
    options: FormOptions,
    handle: (visit: Visit, body: Readonly<Record<string, string | string[]>>) => Promise<FormAnswer>,
  ): void;
  api<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
    options: ApiOptions<P, Q, B, A>,
    handle: (request: ApiRequest<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<A> | Answer>,
  ): void;
  /** A GET that is not a page: pictures, feeds, CSV. */
  file(path: string, options: FileOptions, make: (visit: Visit) => Promise<Answer>): void;
  /** A POST that needs its exact bytes; the handler checks who sends. */
  hook(path: string, options: HookOptions, handle: (request: RawRequest) => Promise<Answer>): void;
  /**
   * An address of another program that ours takes the place of: 410 to every method with what to do instead, also without
   * the path of http.public_url. Nothing of the request is read or logged.
   */
  gone(path: string, detail: string): void;
  /** The stream ends when the handler resolves. */
  stream(
    path: string,
    about: StreamOptions,
    handle: (visit: Visit & { lastEventId: string | null }, stream: EventStream) => Promise<void>,
  ): void;
}
