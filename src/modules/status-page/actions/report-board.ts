import type { Actor, ComponentKey, Instant } from '../../../core/index.ts';
import type { IncidentChange } from '../contract.ts';
import type { Maintenance, Members, OpenIncident, ReportSituation } from '../domain/decide-report.ts';
import type { Impact, Incident, IncidentUpdate, Membership, UpdateFact } from '../domain/incident.ts';
import type { ReportGrounds } from '../store/report-store.ts';

/** Present members as far as the reports ask for them, and how many there are in all. */
class Present implements Members {
  readonly #known: Set<ComponentKey>;
  #size: number;

  constructor(known: Iterable<ComponentKey>, size: number) {
    this.#known = new Set(known);
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  has(component: ComponentKey): boolean {
    return this.#known.has(component);
  }

  add(component: ComponentKey): void {
    this.#known.add(component);
    this.#size += 1;
  }

  delete(component: ComponentKey): void {
    this.#known.delete(component);
    this.#size -= 1;
  }
}

export interface Place {
  incident: Incident;
  members: Present;
  /** It was read, or changed since it was inserted: its row has to be written. */
  dirty: boolean;
  /** Of whom something has to be told: who came, went or is in more trouble now. */
  told: Map<ComponentKey, Membership>;
  /** Its impact went up just now. */
  raised: boolean;
}

/** What happened to an incident, once for all that it happened to: who listens reads the incident anew. */
export interface BoardChange {
  place: Place;
  change: IncidentChange;
  /** The components, each with which of the updates tells it. */
  told: { component: ComponentKey; update: number }[];
}

/**
 * Open incidents while reports are applied one after the other: each sees what the one before it did, and what has to
 * be written is written together at the end.
 */
export class ReportBoard {
  readonly now: Instant;
  readonly updates: Omit<IncidentUpdate, 'id' | 'modifiedAt' | 'modifiedBy'>[] = [];
  readonly #changes = new Map<string, BoardChange>();
  readonly joined: { incident: number; component: ComponentKey; from: Instant }[] = [];
  readonly left: { incident: number; component: ComponentKey; movedTo: number }[] = [];
  readonly #places: Map<number, Place>;

  constructor(grounds: ReportGrounds, now: Instant) {
    this.now = now;
    const held = Map.groupBy(grounds.held, ({ incident }) => incident);
    const places = grounds.incidents.map((incident): [number, Place] => {
      const known = (held.get(incident.id) ?? []).map(({ component }) => component);
      const members = new Present(known, Math.max(known.length, grounds.sizes.get(incident.id) ?? 0));
      return [incident.id, { incident, members, dirty: false, raised: false, told: new Map() }];
    });
    this.#places = new Map(places);
  }

  get places(): Iterable<Place> {
    return this.#places.values();
  }

  /** In the order in which they began. */
  get changes(): readonly BoardChange[] {
    return [...this.#changes.values()];
  }

  situation(): ReportSituation {
    const live = [...this.#places.values()].filter(({ incident }) => incident.type === 'maintenance' || !incident.end);
    return {
      openIncidents: live
        .filter(({ incident }) => incident.type === 'incident')
        .map(({ incident: { id, impact, system }, members }): OpenIncident => ({ id, impact, system, members })),
      activeMaintenances: live
        .filter(({ incident }) => incident.type === 'maintenance')
        .map(({ incident: { id, start, end }, members }): Maintenance => ({ id, start, end, members })),
      now: this.now,
    };
  }

  place(id: number): Place {
    const place = this.#places.get(id);
    if (place === undefined) throw new Error(`Incident ${id} is not on the board.`);
    return place;
  }

  /** One that was just inserted. Those opened later stand behind: the map keeps the order. */
  opened(incident: Incident): Place {
    const place: Place = { incident, members: new Present([], 0), dirty: false, raised: false, told: new Map() };
    this.#places.set(incident.id, place);
    return place;
  }

  join(place: Place, component: ComponentKey): void {
    const from = this.now;
    place.members.add(component);
    place.told.set(component, { incident: place.incident.id, component, from, to: null, movedTo: null });
    this.joined.push({ incident: place.incident.id, component, from });
  }

  leave(place: Place, component: ComponentKey, movedTo: number): void {
    place.members.delete(component);
    const { id } = place.incident;
    place.told.set(component, { incident: id, component, from: this.now, to: this.now, movedTo });
    this.left.push({ incident: id, component, movedTo });
  }

  /** It alone is in it, and is in more trouble now. */
  raise(place: Place, component: ComponentKey, impact: Impact): void {
    place.told.set(component, { incident: place.incident.id, component, from: this.now, to: null, movedTo: null });
    place.raised = true;
    this.change(place, { impact });
  }

  /** It goes where nothing stays behind: the incident ends, and what it held when it ended stays listed. */
  close(place: Place, component: ComponentKey): void {
    place.told.set(component, {
      incident: place.incident.id,
      component,
      from: this.now,
      to: null,
      movedTo: null,
    });
    this.change(place, { status: 'resolved', end: this.now });
  }

  /** Notes a row in an incident's story; gives its place among the updates. */
  note(place: Place, fact: UpdateFact, by: string): number {
    const { id: incident, status } = place.incident;
    const row = { incident, at: this.now, status, system: true, text: null, fact, createdAt: this.now, createdBy: by };
    return this.updates.push(row) - 1;
  }

  /** Everybody is told that it happened, when all reports are applied. */
  tell(place: Place, change: IncidentChange, told: BoardChange['told'][number]): void {
    const name = `${place.incident.id} ${change}`;
    const before = this.#changes.get(name);
    if (before === undefined) this.#changes.set(name, { place, change, told: [told] });
    else before.told.push(told);
  }

  change(place: Place, incident: Partial<Incident>): void {
    place.incident = { ...place.incident, ...incident, modifiedAt: this.now };
    place.dirty = true;
  }
}

export interface StatusReport {
  component: ComponentKey;
  impact: 1 | 2 | 3;
  /** Of an incident that it may open; components that everybody sees may come into that one later. */
  title: string;
  /** What it says of this component. */
  summary: string | null;
  actor: Actor;
  /** The word of a monitor that has no other way to say it: kept as a signal, whatever it leads to. */
  asSignal: boolean;
}

export interface ReportOutcome {
  kind: 'opened' | 'joined' | 'moved' | 'raised' | 'known' | 'manual' | 'maintenance';
  /** The incident or maintenance that answers, as it is now. */
  incident: Incident;
}
