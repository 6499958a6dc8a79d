import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../core/index.ts';

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

/** What a copy cannot answer: forms, searches, sign-in, programs. */
const LEFT_OUT =
  /^\/(api\/(?!v2\/)|admin|account|login|logout|auth|subscribe|subscriptions|preferences|hooks|design)(\/|$)/;

const ANSWER_MS = 20_000;
const MOST_FILES = 20_000;
const AT_ONCE = 4;

export interface Copied {
  files: number;
  bytes: number;
  /** Paths that did not answer with 200, with what they answered. */
  failed: { path: string; status: number }[];
}

export interface CopyOptions {
  /** Address of the running program, without a slash at the end; its path is kept out of the copy. */
  url: string;
  folder: string;
  language?: string | undefined;
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
  const prefix = base.pathname.replace(/\/+$/, '');
  const known = new Set(STARTS);
  const waiting = [...STARTS];
  const copied: Copied = { files: 0, bytes: 0, failed: [] };
  const work = async (): Promise<void> => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const { status, type, body } = await fetchPath(base.origin + prefix + path, options.language);
      if (status !== 200) {
        // The beginnings must be there; a link may lead to what is gone.
        if (path === '/')
          throw new AppError('unavailable', `${options.url} answers ${status} instead of the overview.`);
        copied.failed.push({ path, status });
        continue;
      }
      await save(join(fresh, fileOf(path, type)), body);
      copied.files += 1;
      copied.bytes += body.length;
      for (const next of leadsTo(type, body, prefix)) {
        if (known.has(next) || known.size >= MOST_FILES) continue;
        known.add(next);
        waiting.push(next);
      }
      options.onProgress?.(copied.files, known.size);
    }
  };
  // The first page is read alone: without it there is nothing that others could do.
  await workUntilEmpty(work, waiting);
  return copied;
}

/** One worker may find more after the others ran out of work. */
async function workUntilEmpty(work: () => Promise<void>, waiting: readonly string[]): Promise<void> {
  while (waiting.length > 0) await Promise.all(Array.from({ length: AT_ONCE }, work));
}

interface Fetched {
  status: number;
  type: string;
  body: Buffer;
}

async function fetchPath(address: string, language: string | undefined): Promise<Fetched> {
  try {
    const response = await fetch(address, {
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: language === undefined ? {} : { 'accept-language': language },
    });
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, type: response.headers.get('content-type') ?? '', body };
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

/** Own addresses that a page or style names, without what a copy cannot answer. */
function leadsTo(type: string, body: Buffer, prefix: string): string[] {
  if (!/^text\/(html|css)/.test(type)) return [];
  const found = body.toString('utf8').matchAll(/(?:href|src)="([^"]+)"|url\(["']?([^"')]+)/g);
  return [...found].flatMap(([, link, style]) => {
    const [path = ''] = (link ?? style ?? '').replaceAll('&amp;', '&').split('#');
    if (!path.startsWith(`${prefix}/`) || path.startsWith('//') || path.includes('?')) return [];
    const own = path.slice(prefix.length);
    return LEFT_OUT.test(own) ? [] : [own];
  });
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
