import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { AppError, LEVELS } from '../core/index.ts';

/** What the board needs of one component; whatever else the API tells is left alone. */
const BoardComponent = z.object({
  key: z.string(),
  name: z.string(),
  area: z.string(),
  group: z.string(),
  /** Absent in answers of older servers. */
  region: z.string().nullable().default(null),
  level: z.enum(LEVELS),
  state: z.string().nullable(),
  maintenance: z.boolean(),
  since: z.string(),
  lastKnown: z.object({ level: z.enum(LEVELS), observedAt: z.string() }).nullable(),
  why: z.object({
    rule: z.string(),
    signals: z.array(z.object({ summary: z.string().nullable(), confidential: z.boolean() })),
  }),
  causedBy: z.array(z.string()),
});
export type BoardComponent = z.output<typeof BoardComponent>;

const BoardPage = z.object({ components: z.array(BoardComponent), next: z.string().nullable(), asOf: z.string() });

export interface Board {
  components: BoardComponent[];
  asOf: string;
}

export interface Server {
  /** Base address, without a slash at the end. */
  url: string;
  token?: string | undefined;
  area?: string | undefined;
}

const ANSWER_MS = 10_000;
const QUIET_MS = 60_000;

function headersFor({ token }: Server): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** The whole board; AppError('unavailable') when the server does not answer as ours does. */
export async function fetchBoard(server: Server, signal?: AbortSignal): Promise<Board> {
  const components: BoardComponent[] = [];
  let after: string | null = null;
  for (;;) {
    const query = new URLSearchParams({ limit: '500' });
    if (server.area !== undefined) query.set('area', server.area);
    if (after !== null) query.set('after', after);
    const page = BoardPage.safeParse(await getJson(server, `/api/components?${query.toString()}`, signal));
    if (!page.success) throw new AppError('unavailable', `${server.url} does not answer as Signalbox does.`);
    components.push(...page.data.components);
    after = page.data.next;
    if (after === null) return { components, asOf: page.data.asOf };
  }
}

async function getJson(server: Server, path: string, signal?: AbortSignal): Promise<unknown> {
  const limits = [AbortSignal.timeout(ANSWER_MS), ...(signal ? [signal] : [])];
  let answer: Response;
  try {
    answer = await fetch(server.url + path, { headers: headersFor(server), signal: AbortSignal.any(limits) });
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `${server.url} does not answer. Is the server running there? If it is elsewhere: --url, or PORT.`,
      { cause },
    );
  }
  if (answer.status === 401) throw new AppError('unauthenticated', 'The token in SIGNALBOX_TOKEN is not valid.');
  if (!answer.ok) throw new AppError('unavailable', `${server.url} answered with ${answer.status}.`);
  try {
    return await answer.json();
  } catch (cause) {
    throw new AppError('unavailable', `${server.url} does not answer as Signalbox does.`, { cause });
  }
}

/**
 * Yields whenever the board may have changed or the connection was lost; comes back by itself and goes
 * on after the last event it has seen.
 */
export async function* followChanges(server: Server, signal: AbortSignal): AsyncGenerator<'changed' | 'lost'> {
  let lastId: string | null = null;
  let wait = 500;
  while (!signal.aborted) {
    try {
      for await (const { id, event } of eventsOf(server, lastId, signal)) {
        wait = 500;
        if (id !== null) lastId = id;
        if (event !== null) yield 'changed';
      }
    } catch {
      // Refused, cut or silent: all the same to somebody who watches.
    }
    yield 'lost';
    await pause(wait, undefined, { signal }).catch(() => undefined);
    wait = Math.min(wait * 2, 15_000);
  }
}

interface Heard {
  id: string | null;
  /** null: only a sign of life. */
  event: string | null;
}

/** Server-sent events of one connection, as far as they are needed here. */
async function* eventsOf(server: Server, lastId: string | null, signal: AbortSignal): AsyncGenerator<Heard> {
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), QUIET_MS);
  try {
    const headers = { ...headersFor(server), ...(lastId === null ? {} : { 'last-event-id': lastId }) };
    const answer = await fetch(`${server.url}/api/stream`, {
      headers,
      signal: AbortSignal.any([signal, quiet.signal]),
    });
    if (!answer.ok || answer.body === null)
      throw new AppError('unavailable', `The stream answered with ${answer.status}.`);
    let rest = '';
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), QUIET_MS);
      const blocks = (rest + chunk).split(/\r?\n\r?\n/);
      rest = (blocks.pop() ?? '').slice(-100_000);
      for (const block of blocks) yield heard(block);
    }
  } finally {
    clearTimeout(timer);
  }
}

function heard(block: string): Heard {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? null;
  return { id: field('id'), event: field('event') };
}
