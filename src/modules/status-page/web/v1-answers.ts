import { type Actor, addMs, type ComponentKey, canSee, type Instant, SECOND } from '../../../core/index.ts';
import type { StatusPageContext } from '../actions/status-page-context.ts';
import type { Incident } from '../domain/incident.ts';
import { displayLabel, readCatalog } from '../store/component-read.ts';
import {
  isTellable,
  newestFirst,
  readIncident,
  updatesAfter,
  type VisibleKeys,
  visibleKeys,
} from '../store/incident-read.ts';
import { descriptionRow, type V1Names, v1IncidentOf, v1Rows } from './v1-incident.ts';

/** Names and visibility as they were when it was made, and the rows that were made with them. */
interface Snapshot {
  madeAt: Instant;
  visible: VisibleKeys;
  labels: ReadonlyMap<ComponentKey, string>;
  /** Of incidents that machines alone have written: their stories only grow. */
  stories: Map<number, Promise<Story>>;
  /** The next readings of stories, as long as they have not begun. */
  waiting: Map<number, Promise<Story>>;
  titles: Map<number, Promise<string | null>>;
}

/** The rows of a story up to an update, the newest first. */
interface Story {
  upTo: number;
  rows: string;
  /** The last that was answered with it: reports that are stored together get the same bytes. */
  answer?: { incident: Incident; bytes: Buffer };
}

const NOTHING: Story = { upTo: 0, rows: '' };

const SNAPSHOT_MS = SECOND;

/**
 * The incident objects that reports are answered with. Monitors report by the hundred when something breaks, all of it in
 * the same few incidents: what was written a moment ago is kept and only what is new is read.
 */
export class V1Answers {
  readonly #context: StatusPageContext;
  readonly #snapshots = new Map<'members' | 'public', { madeAt: Instant; snapshot: Promise<Snapshot> }>();

  constructor(context: StatusPageContext) {
    this.#context = context;
  }

  /** An incident that the actor reported `component` into, or that kept it from opening another. */
  async incident(actor: Actor, component: ComponentKey, incident: Incident): Promise<Uint8Array> {
    const story = await this.#story(await this.#snapshot(actor), component, incident);
    if (story.answer?.incident === incident) return story.answer.bytes;
    const rows = [story.rows, ...descriptionRow(incident)].filter(Boolean).join(',');
    story.answer = { incident, bytes: Buffer.from(v1IncidentOf(incident, rows)) };
    return story.answer.bytes;
  }

  async #story(snapshot: Snapshot, component: ComponentKey, incident: Incident): Promise<Story> {
    const { visible, stories, waiting } = snapshot;
    const { id } = incident;
    if (visible !== null && !visible.has(component)) {
      // What only this reporter may see is not kept for others.
      const own = { ...snapshot, visible: new Set([...visible, component]) };
      return await this.#longer(own, incident, NOTHING);
    }
    if (!incident.system) return await this.#longer(snapshot, incident, NOTHING);
    // Who asks before the next reading has begun shares it: a thousand reports read each row of their incident once.
    const next =
      waiting.get(id) ??
      (stories.get(id) ?? Promise.resolve(NOTHING))
        .catch(() => NOTHING)
        .then((known) => {
          waiting.delete(id);
          return this.#longer(snapshot, incident, known);
        });
    waiting.set(id, next);
    stories.set(id, next);
    return await next;
  }

  /** A story with what was added to it since. */
  async #longer(snapshot: Snapshot, incident: Incident, known: Story): Promise<Story> {
    const { db } = this.#context;
    const { visible } = snapshot;
    const found = await updatesAfter(db, incident.id, known.upTo);
    if (found.length === 0) return { ...known };
    const shown = newestFirst(found.filter((update) => isTellable(update, { internal: false, visible })));
    const named = new Set(shown.flatMap(({ fact }) => (fact !== null && 'incident' in fact ? [fact.incident] : [])));
    const titles = await this.#titles(snapshot, named);
    const fresh = v1Rows(incident, shown, this.#names(snapshot, titles));
    const rows = [...fresh, ...(known.rows === '' ? [] : [known.rows])].join(',');
    return { upTo: Math.max(...found.map(({ id }) => id)), rows };
  }

  /** One is made at a time, shared by everybody who asks meanwhile. */
  async #snapshot(actor: Actor): Promise<Snapshot> {
    const kind = canSee(actor, 'members') ? 'members' : 'public';
    const now = this.#context.clock.now();
    const kept = this.#snapshots.get(kind);
    if (kept !== undefined && kept.madeAt <= now && now < addMs(kept.madeAt, SNAPSHOT_MS)) return await kept.snapshot;
    const fresh = { madeAt: now, snapshot: this.#make(actor, now) };
    this.#snapshots.set(kind, fresh);
    try {
      return await fresh.snapshot;
    } catch (error) {
      if (this.#snapshots.get(kind) === fresh) this.#snapshots.delete(kind);
      throw error;
    }
  }

  async #make(actor: Actor, madeAt: Instant): Promise<Snapshot> {
    const { db, components } = this.#context;
    const [visible, { components: catalog }] = await Promise.all([
      visibleKeys(components, actor),
      readCatalog(db, { retired: true }),
    ]);
    const labels = new Map([...catalog].map(([key, component]) => [key, displayLabel(component)]));
    return { madeAt, visible, labels, stories: new Map(), waiting: new Map(), titles: new Map() };
  }

  async #titles(snapshot: Snapshot, ids: ReadonlySet<number>): Promise<ReadonlyMap<number, string | null>> {
    for (const id of ids) {
      if (!snapshot.titles.has(id)) snapshot.titles.set(id, this.#readTitle(snapshot, id));
    }
    const titles = [...ids].map(async (id) => [id, (await snapshot.titles.get(id)) ?? null] as const);
    return new Map(await Promise.all(titles));
  }

  async #readTitle(snapshot: Snapshot, id: number): Promise<string | null> {
    const reader: Actor = snapshot.visible === null ? { kind: 'system', name: 'status-page' } : { kind: 'anonymous' };
    return (await readIncident(this.#context.db, reader, snapshot.visible, id))?.title ?? null;
  }

  #names({ labels }: Snapshot, titles: ReadonlyMap<number, string | null>): V1Names {
    const { basePath } = this.#context.site();
    return {
      label: (component) => labels.get(component) ?? component,
      title: (incident) => titles.get(incident) ?? null,
      link: (path) => basePath + path,
    };
  }
}
