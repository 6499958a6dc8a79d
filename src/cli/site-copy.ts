import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { AppError, systemClock } from '../core/index.ts';
import { copiedPage } from './copied-page.ts';
import { type Place, placesIn } from './static-address.ts';

/** Where a copy begins; everything that these pages lead to follows. */
const STARTS = [
  '/',
  '/history',
  '/maintenances',
  '/availability',
  '/feeds/all.rss',
  '/feeds/all.atom',
  '/feeds/all.json',
  '/feeds/all.ics',
  '/rss/',
  ...[
    'summary',
    'status',
    'components',
    'incidents',
    'incidents/unresolved',
    'scheduled-maintenances',
    'scheduled-maintenances/upcoming',
    'scheduled-maintenances/active',
  ].map((name) => `/api/v2/${name}.json`),
];

/** What is to begin with besides: no page leads to every incident. */
const INCIDENTS = '/api/incidents?limit=50&page=';

const ANSWER_MS = 20_000;
/** A page that leads to ever new ones must not fill the disk. */
export const MOST_FILES = 100_000;
const AT_ONCE = 4;
/** How often and how long an answer "too many" is waited for. */
const MOST_WAITS = 20;
const LONGEST_WAIT_S = 60;

export interface Copied {
  files: number;
  bytes: number;
  /** Paths that did not answer with 200, with what they answered. */
  failed: { path: string; status: number }[];
  /** How many pages were found and not written, because there were too many. */
  leftOut: number;
}

export interface CopyOptions {
  /** Address of the running program, without a slash at the end; its path is kept out of the copy. */
  url: string;
  folder: string;
  language?: string | undefined;
  /** How many files are written at most. */
  mostFiles: number;
  onProgress?: (files: number, known: number) => void;
}

/**
 * Writes the whole public face as files: pages, pictures, feeds and styles, as everybody sees them. The copy is made
 * beside the folder and put in its place when it is whole, so that whoever serves it never serves half of it.
 */
export async function copySite(options: CopyOptions): Promise<Copied> {
  const base = new URL(options.url);
  const fresh = `${options.folder.replace(/\/+$/, '')}.new-${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  try {
    const copied = await crawl(options, base, fresh);
    await replace(fresh, options.folder);
    return copied;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function crawl(options: CopyOptions, base: URL, fresh: string): Promise<Copied> {
  const { language, mostFiles, onProgress } = options;
  const prefix = base.pathname.replace(/\/+$/, '');
  const asOf = systemClock.now();
  const live = await publicUrl(base.origin + prefix);
  const pages = new Map<string, string>();
  const written = new Set<string>();
  const known = new Set<string>();
  const beyond = new Set<string>();
  const waiting: Place[] = [];
  const add = (places: readonly Place[]): void => {
    for (const place of places) {
      if (known.has(place.address)) continue;
      if (known.size >= mostFiles) beyond.add(place.address);
      else {
        known.add(place.address);
        waiting.push(place);
      }
    }
  };
  const copied: Copied = { files: 0, bytes: 0, failed: [], leftOut: 0 };
  const work = async (): Promise<void> => {
    for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
      const { path, address } = place;
      const { status, type, body } = await fetchPath(base.origin + prefix + path, language);
      if (status !== 200) {
        // The beginnings must be there; a link may lead to what is gone.
        if (path === '/')
          throw new AppError('unavailable', `${options.url} answers ${status} instead of the overview.`);
        copied.failed.push({ path, status });
        continue;
      }
      const text = /^text\/(html|css)/.test(type) ? body.toString('utf8') : '';
      const file = join(fresh, fileOf(address, type));
      await save(file, body);
      written.add(address);
      if (type.startsWith('text/html')) pages.set(file, path);
      else copied.bytes += body.length;
      copied.files += 1;
      add(placesIn(text, prefix));
      onProgress?.(copied.files, known.size);
    }
  };
  add(STARTS.map((path) => ({ path, address: path })));
  add(await feedsOffered(base.origin + prefix, { prefix, copied }));
  add(await incidentPages(base.origin + prefix, copied));
  await workUntilEmpty(work, waiting);
  // What the copy has not is known only now.
  for (const [file, path] of pages) {
    const has = (address: string) => written.has(address);
    const page = copiedPage(await readFile(file, 'utf8'), path, { prefix, live, asOf, has });
    await writeFile(file, page);
    copied.bytes += Buffer.byteLength(page);
  }
  return { ...copied, leftOut: beyond.size };
}

/** Where visitors find the running program; it may be asked at another address, such as 127.0.0.1. */
async function publicUrl(origin: string): Promise<string> {
  const { status, body } = await fetchPath(`${origin}/api/v2/summary.json`, undefined);
  const told = status === 200 ? Summary.safeParse(body.toString('utf8')).data?.page.url : undefined;
  return (told ?? origin).replace(/\/+$/, '');
}

/** Feeds of regions and categories stand on a page that has no place in a copy: it is there to subscribe. */
async function feedsOffered(origin: string, { prefix, copied }: { prefix: string; copied: Copied }): Promise<Place[]> {
  const path = '/subscribe';
  const { status, body } = await fetchPath(origin + path, undefined);
  if (status !== 200) copied.failed.push({ path, status });
  return placesIn(body.toString('utf8'), prefix).filter((place) => place.path.startsWith('/feeds/'));
}

/** The page of every incident that everybody may read, however long it is over. */
async function incidentPages(origin: string, copied: Copied): Promise<Place[]> {
  const places: Place[] = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const path = `${INCIDENTS}${page}`;
    const { status, body } = await fetchPath(origin + path, undefined);
    const list = status === 200 ? IncidentList.safeParse(body.toString('utf8')).data : undefined;
    if (list === undefined) {
      copied.failed.push({ path, status });
      break;
    }
    const paths = list.data.map(({ id }) => `/incidents/${id}`);
    places.push(...paths.map((one) => ({ path: one, address: one })));
    pages = list.pagination.totalPages;
  }
  return places;
}

const Json = z.string().transform((text, issue): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    issue.addIssue({ code: 'custom', message: 'is no JSON' });
    return z.NEVER;
  }
});
const IncidentList = Json.pipe(
  z.object({ data: z.array(z.object({ id: z.int() })), pagination: z.object({ totalPages: z.int() }) }),
);
const Summary = Json.pipe(z.object({ page: z.object({ url: z.url({ protocol: /^https?$/ }) }) }));

/** One worker may find more after the others ran out of work. */
async function workUntilEmpty(work: () => Promise<void>, waiting: readonly unknown[]): Promise<void> {
  while (waiting.length > 0) await Promise.all(Array.from({ length: AT_ONCE }, work));
}

interface Fetched {
  status: number;
  type: string;
  body: Buffer;
}

async function fetchPath(address: string, language: string | undefined): Promise<Fetched> {
  for (let waits = 0; ; waits++) {
    const { response, body } = await ask(address, language);
    const wait = Number(response.headers.get('retry-after') ?? LONGEST_WAIT_S);
    if (response.status !== 429 || waits >= MOST_WAITS) {
      return { status: response.status, type: response.headers.get('content-type') ?? '', body };
    }
    await pause(1000 * Math.min(wait || 0, LONGEST_WAIT_S));
  }
}

async function ask(address: string, language: string | undefined): Promise<{ response: Response; body: Buffer }> {
  try {
    const response = await fetch(address, {
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: language === undefined ? {} : { 'accept-language': language },
    });
    return { response, body: Buffer.from(await response.arrayBuffer()) };
  } catch (cause) {
    throw new AppError('unavailable', `${address} does not answer. Is the server running?`, { cause });
  }
}

/** `/incidents/7` is a folder with its page in it, so that every file server finds it. */
function fileOf(path: string, type: string): string {
  const plain = decodeURIComponent(path.replace(/\/+$/, ''));
  if (plain.split('/').includes('..')) throw new AppError('invalid', `The path ${path} leads out of the copy.`);
  if (type.startsWith('text/html')) return join(plain, 'index.html');
  return path === '/rss/' ? 'rss/index.xml' : plain;
}

async function save(file: string, body: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, body);
}

/** Two renames: for the blink between them there is no folder, and never a mixture of two. */
async function replace(fresh: string, folder: string): Promise<void> {
  const old = `${fresh}.old`;
  await mkdir(dirname(folder), { recursive: true });
  const had = await rename(folder, old).then(
    () => true,
    () => false,
  );
  await rename(fresh, folder);
  if (had) await rm(old, { recursive: true, force: true });
}
