import { type Actor, addMs, type ComponentKey, canSee, type Instant, SECOND } from '../../../core/index.ts';
import type { StatusPageContext } from '../actions/status-page-context.ts';
import type { Incident } from '../domain/incident.ts';
import { displayLabel, readCatalog } from '../store/component-read.ts';
import {
  isTellable,
  newestFirst,
  readIncidents,
  updatesAfter,
  updatesOf,
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
  stories: Map<number, { upTo: number; rows: string }>;
  titles: Map<number, string | null>;
}

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
  async incident(actor: Actor, component: ComponentKey, incident: Incident): Promise<string> {
    const snapshot = await this.#snapshot(actor);
    const rows = await this.#rows(snapshot, component, incident);
    return v1IncidentOf(incident, [rows, ...descriptionRow(incident)].filter(Boolean).join(','));
  }

  async #rows(snapshot: Snapshot, component: ComponentKey, incident: Incident): Promise<string> {
    const { db } = this.#context;
    const known = incident.system ? snapshot.stories.get(incident.id) : undefined;
    const found = known ? await updatesAfter(db, incident.id, known.upTo) : await updatesOf(db, [incident.id]);
    const seen = snapshot.visible && new Set([...snapshot.visible, component]);
    const shown = newestFirst(found.filter((update) => isTellable(update, { internal: false, visible: seen })));
    const titles = new Set(shown.flatMap(({ fact }) => (fact !== null && 'incident' in fact ? [fact.incident] : [])));
    await this.#readTitles(snapshot, titles);
    const fresh = v1Rows(incident, shown, this.#names(snapshot));
    const rows = [...fresh, ...(known === undefined || known.rows === '' ? [] : [known.rows])].join(',');
    // What only this reporter may see is not kept for others.
    const isForAll = snapshot.visible === null || snapshot.visible.has(component);
    const upTo = found.reduce((last, { id }) => Math.max(last, id), known?.upTo ?? 0);
    if (incident.system && isForAll) snapshot.stories.set(incident.id, { upTo, rows });
    return rows;
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
    return { madeAt, visible, labels, stories: new Map(), titles: new Map() };
  }

  async #readTitles(snapshot: Snapshot, ids: ReadonlySet<number>): Promise<void> {
    const missing = [...ids].filter((id) => !snapshot.titles.has(id));
    if (missing.length === 0) return;
    const reader: Actor = snapshot.visible === null ? { kind: 'system', name: 'status-page' } : { kind: 'anonymous' };
    const { incidents } = await readIncidents(this.#context.db, reader, snapshot.visible, { ids: missing });
    const found = new Map(incidents.map(({ id, title }) => [id, title]));
    for (const id of missing) snapshot.titles.set(id, found.get(id) ?? null);
  }

  #names({ labels, titles }: Snapshot): V1Names {
    const { basePath } = this.#context.site();
    return {
      label: (component) => labels.get(component) ?? component,
      title: (incident) => titles.get(incident) ?? null,
      link: (path) => basePath + path,
    };
  }
}
