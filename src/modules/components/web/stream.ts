import {
  type Actor,
  type ComponentKey,
  canSee,
  type JournalEvent,
  MINUTE,
  SECOND,
  StatusChanged,
  type Visibility,
} from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import type { EventStream, Web } from '../../../platform/http/index.ts';
import type { Journal } from '../../../platform/journal/index.ts';
import type { Logger } from '../../../platform/log/index.ts';
import type { Area, News } from '../../../platform/module/index.ts';
import { ComponentChanged } from '../contract.ts';
import type { ComponentReads } from '../store/component-read.ts';

export interface StreamParts {
  db: Queries;
  journal: Pick<Journal, 'readAfter' | 'head' | 'onNew'>;
  reads: Pick<ComponentReads, 'visibilities'>;
  log: Logger;
  /** What others show on their pages is news too. */
  areas(): readonly Pick<Area, 'news'>[];
}

const TYPES = [StatusChanged.name, ComponentChanged.name];
const ALIVE_MS = 15 * SECOND;
/** Who is signed in is asked again who they are: the browser comes back by itself, with its last id. */
const MEMBER_MS = 5 * MINUTE;
const MOST_BEHIND = 1000;
const BATCH = 200;

const ABOUT = {
  operationId: 'followComponents',
  summary: 'What changes, as it changes',
  description:
    'Events: component.status_changed with {key, name, from, to, state, since}; change, when something else of a component changed; news, when something else that pages show did; ready, at the beginning; reset, when too much was missed: read the board again.',
  tag: 'components',
};

interface Client {
  viewer: Actor;
  stream: EventStream;
  /** What came in while older events are being sent; null once it has caught up. */
  waiting: Message[] | null;
  /** More came in meanwhile than is kept. */
  overrun: boolean;
}

interface Message {
  id: string;
  event: string;
  data: string;
  visibility: Visibility;
}

/** `/api/stream`: one reader of the journal for however many pages are open. */
export class ComponentStream {
  readonly #parts: StreamParts;
  readonly #clients = new Set<Client>();
  #cursor: string | null = null;
  #reading: Promise<void> = Promise.resolve();
  #stop: (() => void) | null = null;

  constructor(parts: StreamParts) {
    this.#parts = parts;
  }

  register(web: Web): void {
    web.stream('/api/stream', ABOUT, async ({ actor, lastEventId }, stream) => {
      const client: Client = { viewer: actor, stream, waiting: [], overrun: false };
      // Before anything is waited for: whoever leaves meanwhile must not take the line for unused.
      this.#clients.add(client);
      try {
        await this.#follow();
        await this.#catchUp(client, lastEventId);
        await closedWithin(stream.closed, actor.kind === 'anonymous' ? null : MEMBER_MS);
      } finally {
        this.#clients.delete(client);
        if (this.#clients.size === 0) this.#rest();
      }
    });
  }

  stop(): void {
    this.#rest();
  }

  /** Begins to read the journal with the first client, and tells all of them that the line is alive. */
  async #follow(): Promise<void> {
    const { journal, db, log } = this.#parts;
    if (this.#stop === null) {
      const unsubscribe = journal.onNew(() => this.#wake());
      const timer = setInterval(() => {
        for (const { stream } of this.#clients) stream.send({ data: '' });
      }, ALIVE_MS).unref();
      this.#stop = () => {
        unsubscribe();
        clearInterval(timer);
      };
      this.#cursor = null;
      this.#reading = this.#reading.then(async () => {
        this.#cursor = await journal.head(db);
      });
      this.#reading.catch((err: unknown) => log.warn({ err }, 'stream could not begin'));
    }
    await this.#reading;
  }

  #rest(): void {
    this.#stop?.();
    this.#stop = null;
    this.#reading = Promise.resolve();
  }

  #wake(): void {
    this.#reading = this.#reading
      .then(() => this.#readNew())
      // Cursors stay where they were: the next event brings these along.
      .catch((err: unknown) => this.#parts.log.warn({ err }, 'stream could not read the journal'));
  }

  async #readNew(): Promise<void> {
    for (;;) {
      const { messages, cursor, count } = await this.#read(this.#cursor);
      if (count === 0) return;
      this.#cursor = cursor;
      for (const client of this.#clients) this.#deliver(client, messages);
    }
  }

  #deliver(client: Client, messages: readonly Message[]): void {
    const { waiting } = client;
    if (waiting === null) {
      send(client, messages);
      return;
    }
    client.overrun ||= waiting.length + messages.length > MOST_BEHIND;
    if (!client.overrun) waiting.push(...messages);
  }

  async #read(after: string | null): Promise<{ messages: Message[]; cursor: string; count: number }> {
    const { journal, db, reads, areas } = this.#parts;
    const cursor = after ?? (await journal.head(db));
    const news = areas().flatMap((area) => (area.news === undefined ? [] : [area.news]));
    const types = [...TYPES, ...news.flatMap((one) => one.events)];
    const events = await journal.readAfter(db, cursor, { types, limit: BATCH });
    const own = events.filter(({ type }) => TYPES.includes(type));
    const visible = await reads.visibilities([...new Set(own.map(({ key }) => key))]);
    const open = await forEverybody(news, events);
    const messages = events.map((event) =>
      TYPES.includes(event.type) ? toMessage(event, visible) : toNews(event, open),
    );
    return { messages: withoutRepeats(messages), cursor: events.at(-1)?.cursor ?? cursor, count: events.length };
  }

  /** Sends what a client missed; who missed too much is told to look at everything again. */
  async #catchUp(client: Client, lastEventId: string | null): Promise<void> {
    const { journal, db } = this.#parts;
    const isNew = lastEventId === null || lastEventId === '';
    const missed = isNew ? null : await this.#missedSince(lastEventId);
    if (missed) send(client, missed);
    const head = await journal.head(db);
    const waiting = client.waiting ?? [];
    client.waiting = null;
    if (missed === null || client.overrun) {
      client.stream.send({ id: head, event: isNew && !client.overrun ? 'ready' : 'reset', data: '{}' });
    }
    const sent = new Set(missed?.map(({ id }) => id));
    send(
      client,
      waiting.filter(({ id }) => !sent.has(id)),
    );
  }

  async #missedSince(cursor: string): Promise<Message[] | null> {
    const missed: Message[] = [];
    let after = cursor;
    try {
      for (;;) {
        const read = await this.#read(after);
        missed.push(...read.messages);
        if (missed.length > MOST_BEHIND) return null;
        if (read.count < BATCH) return missed;
        after = read.cursor;
      }
    } catch (err) {
      this.#parts.log.debug({ err, cursor }, 'stream could not resume');
      return null;
    }
  }
}

/** Visible is what was meant for the viewer then and may still be seen now. */
function toMessage(event: JournalEvent, visible: ReadonlyMap<ComponentKey, Visibility>): Message {
  const { visibility, ...rest } = event.payload as { key: ComponentKey; visibility: Visibility };
  const now = visible.get(event.key) ?? visibility;
  return {
    id: event.cursor,
    event: event.type === ComponentChanged.name ? 'change' : event.type,
    data: JSON.stringify(rest),
    visibility: visibility === 'public' && now === 'public' ? 'public' : 'members',
  };
}

async function forEverybody(news: readonly News[], events: readonly JournalEvent[]): Promise<ReadonlySet<string>> {
  const found = news.map(async (one) => {
    const own = events.filter(({ type }) => one.events.includes(type));
    return own.length === 0 ? [] : [...(await one.forEverybody(own))];
  });
  return new Set((await Promise.all(found)).flat());
}

/** Says only that there is something: what it is, the page tells to whoever may see it. */
function toNews({ cursor }: JournalEvent, open: ReadonlySet<string>): Message {
  return { id: cursor, event: 'news', data: '{}', visibility: open.has(cursor) ? 'public' : 'members' };
}

/** Of news that follow one another the last is enough. */
function withoutRepeats(messages: readonly Message[]): Message[] {
  return messages.filter(({ event, visibility }, at) => {
    const next = messages[at + 1];
    return event !== 'news' || next?.event !== 'news' || next.visibility !== visibility;
  });
}

function send({ viewer, stream }: Client, messages: readonly Message[]): void {
  for (const { id, event, data, visibility } of messages) {
    if (canSee(viewer, visibility)) stream.send({ id, event, data });
  }
}

async function closedWithin(closed: AbortSignal, ms: number | null): Promise<void> {
  const done = Promise.withResolvers<undefined>();
  const end = () => done.resolve(undefined);
  closed.addEventListener('abort', end);
  if (closed.aborted) end();
  const timer = ms === null ? undefined : setTimeout(end, ms);
  await done.promise;
  clearTimeout(timer);
}
