import { createHash } from 'node:crypto';
import { addMs, type ComponentKey, DAY, type Instant } from '../../../core/index.ts';
import { placeOf } from '../domain/catalog-component.ts';
import { newComponentKey } from '../domain/component-slug.ts';
import { type HistoryPeriod, type Holding, historyOf, holdingsOf } from '../domain/import-history.ts';
import type { ForeignComponent, ForeignIncident, ForeignWorld, ImportRemark } from '../domain/import-model.ts';
import type { ConnectedComponent, NewComponent } from '../store/catalog-store.ts';
import type { IncidentHere, Taken } from '../store/import-store.ts';

/** What is here when an import begins. */
export interface ImportStart {
  now: Instant;
  components: readonly ConnectedComponent[];
  /** By their numbers; `madeBy` the clock. */
  incidents: ReadonlyMap<number, IncidentHere>;
  taken: {
    component: ReadonlyMap<string, Taken>;
    incident: ReadonlyMap<string, Taken>;
    history: ReadonlyMap<string, Taken>;
  };
}

export interface ComponentStep {
  component: NewComponent;
  /** Every number there that is this component here. */
  foreign: readonly number[];
  fingerprint: string | null;
  do: 'add' | 'change' | 'match' | 'nothing';
}

export interface IncidentStep {
  foreign: ForeignIncident;
  number: number;
  fingerprint: string;
  do: 'add' | 'change' | 'nothing';
  /** The version to write. */
  version: number;
}

export interface HistoryStep {
  component: ComponentKey;
  periods: readonly HistoryPeriod[];
  fingerprint: string;
  tell: boolean;
}

export interface ImportPlan {
  components: readonly ComponentStep[];
  incidents: readonly IncidentStep[];
  histories: readonly HistoryStep[];
  keys: ReadonlyMap<number, ComponentKey>;
  numbers: ReadonlyMap<number, number>;
  watchedFrom: { at: Instant; why: 'first incident' | '90 days' };
  remarks: readonly ImportRemark[];
}

const WITHOUT_INCIDENTS_MS = 90 * DAY;
/** Stands for "still" where the time of asking must not count. */
const FAR: Instant = '9999-01-01T00:00:00.000Z';

/** What taking over a world means for what is here. Writes nothing. */
export function planImport(world: ForeignWorld, start: ImportStart): ImportPlan {
  const remarks = [...world.remarks];
  const watchedFrom = earliest(world.incidents, start.now);
  const components = planComponents(world.components, start, { watchedFrom: watchedFrom.at, remarks });
  const keys = new Map(
    components.flatMap(({ component: { key }, foreign }) => foreign.map((id) => [id, key] as const)),
  );
  const incidents = planIncidents(world.incidents, start, remarks);
  remarks.push(...incidents.flatMap(hiddenRemark));
  const numbers = new Map(incidents.map(({ foreign: { id }, number }) => [id, number]));
  const histories = planHistories(world.incidents, components, start);
  return { components, incidents, histories, keys, numbers, watchedFrom, remarks };
}

/** Whoever wrote the first incident was watching then. */
function earliest(incidents: readonly ForeignIncident[], now: Instant): ImportPlan['watchedFrom'] {
  const starts = incidents.map(({ start }) => start).filter((at) => at < now);
  const [first] = starts.sort();
  return first === undefined
    ? { at: addMs(now, -WITHOUT_INCIDENTS_MS), why: '90 days' }
    : { at: first, why: 'first incident' };
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

/** The same of theirs and of ours, so that it shows whether somebody changed it here. */
function componentFingerprint(facts: Pick<ForeignComponent, 'name' | 'attributes'>, isRetired: boolean): string {
  return hash([facts.name, facts.attributes, isRetired]);
}

function planComponents(
  foreign: readonly ForeignComponent[],
  start: ImportStart,
  { watchedFrom, remarks }: { watchedFrom: Instant; remarks: ImportRemark[] },
): ComponentStep[] {
  const here = new Map(start.components.map((component) => [component.key, component]));
  const byPlace = new Map(
    start.components
      .toSorted((a, b) => ((a.retiredAt ?? FAR) < (b.retiredAt ?? FAR) ? -1 : 1))
      .map((component) => [placeOf(component), component]),
  );
  const taken = new Set(here.keys());
  const usedNumbers = new Set(start.components.map(({ number }) => number));
  const steps = new Map<string, ComponentStep>();
  for (const one of foreign) {
    const known = start.taken.component.get(String(one.id));
    const facts = factsOf(one);
    const old = here.get(known?.ours ?? '') ?? byPlace.get(placeOf(facts));
    const place = old?.key ?? `${placeOf(facts)} ${one.deletedAt === null}`;
    const made = steps.get(place);
    if (made !== undefined) {
      steps.set(place, { ...made, foreign: [...made.foreign, one.id] });
      continue;
    }
    const from = one.createdAt !== null && one.createdAt > watchedFrom ? one.createdAt : watchedFrom;
    if (old !== undefined) steps.set(place, knownStep(one, { old, known, from, now: start.now, remarks }));
    else {
      const component: NewComponent = {
        ...facts,
        key: newComponentKey({ ...facts, catalogKey: null }, taken),
        catalogKey: null,
        owner: 'file',
        dependsOn: [],
        watchedFrom: from,
        createdAt: start.now,
        modifiedAt: start.now,
        retiredAt: one.deletedAt,
        ...(usedNumbers.has(one.id) ? {} : { number: one.id }),
      };
      usedNumbers.add(one.id);
      const fingerprint = componentFingerprint(one, one.deletedAt !== null);
      steps.set(place, { component, foreign: [one.id], fingerprint, do: 'add' });
    }
  }
  return [...steps.values()];
}

function factsOf({ name, attributes }: ForeignComponent) {
  const of = (wanted: string) => attributes.find(([one]) => one === wanted)?.[1] ?? null;
  const [region, category] = [of('region'), of('category')];
  return {
    name,
    region,
    category,
    attributes,
    description: null,
    docsUrl: null,
    visibility: 'public',
    position: 0,
    target: null,
  } as const;
}

function knownStep(
  one: ForeignComponent,
  asked: { old: ConnectedComponent; known: Taken | undefined; from: Instant; now: Instant; remarks: ImportRemark[] },
): ComponentStep {
  const { old, known, from, now, remarks } = asked;
  const watchedFrom = from < old.watchedFrom ? from : old.watchedFrom;
  const theirs = componentFingerprint(one, one.deletedAt !== null);
  const step = { foreign: [one.id], fingerprint: known?.fingerprint ?? null };
  const same = { ...old, watchedFrom, modifiedAt: watchedFrom === old.watchedFrom ? old.modifiedAt : now };
  const stays = known !== undefined && watchedFrom === old.watchedFrom ? 'nothing' : 'match';
  if (known === undefined || known.fingerprint === null || known.fingerprint === theirs) {
    return { component: same, ...step, do: stays };
  }
  const isUntouched = old.owner === 'file' && componentFingerprint(old, old.retiredAt !== null) === known.fingerprint;
  if (!isUntouched) {
    const why = `it was changed there, and here too: ${old.key} stays as it is here`;
    remarks.push({ table: 'component', id: String(one.id), what: 'left out', why });
    return { component: same, ...step, do: stays };
  }
  const { name, region, category, attributes } = factsOf(one);
  const component = {
    ...old,
    name,
    region,
    category,
    attributes,
    watchedFrom,
    modifiedAt: now,
    retiredAt: one.deletedAt,
  };
  return { component, foreign: [one.id], fingerprint: theirs, do: 'change' };
}

function planIncidents(
  foreign: readonly ForeignIncident[],
  start: ImportStart,
  remarks: ImportRemark[],
): IncidentStep[] {
  const used = new Set(start.incidents.keys());
  let highest = Math.max(0, ...foreign.map(({ id }) => id));
  for (const number of used) highest = Math.max(highest, number);
  return foreign.map((incident): IncidentStep => {
    const fingerprint = incidentFingerprint(incident);
    const known = start.taken.incident.get(String(incident.id));
    const here = known === undefined ? undefined : start.incidents.get(Number(known.ours));
    if (known === undefined || here === undefined) {
      const isFree = !used.has(incident.id);
      const number = isFree ? incident.id : (highest += 1);
      used.add(number);
      if (!isFree) {
        const why = `there is another incident ${incident.id} here: it is number ${number} now, and old links lead to the other`;
        remarks.push({ table: 'incident', id: String(incident.id), what: 'changed', why });
      }
      return { foreign: incident, number, fingerprint, do: 'add', version: 1 };
    }
    const number = Number(known.ours);
    const step = { number, fingerprint, version: here.version };
    if (known.fingerprint === fingerprint) return { ...step, foreign: incident, do: 'nothing' };
    if (isTouched(incident, known, here)) {
      const why = `it was changed there, and here too: incident ${number} stays as it is here`;
      remarks.push({ table: 'incident', id: String(incident.id), what: 'left out', why });
      return { ...step, foreign: incident, do: 'nothing' };
    }
    // Where nothing there tells when it was written, the first import does.
    const createdAt = here.createdAt < incident.createdAt ? here.createdAt : incident.createdAt;
    return { ...step, foreign: { ...incident, createdAt }, do: 'change', version: here.version + 1 };
  });
}

/** Said when it is written only: later, somebody may have added some here. */
function hiddenRemark({ foreign: { id, members }, number, do: what }: IncidentStep): ImportRemark[] {
  if (members.length > 0 || what === 'nothing') return [];
  const why = `it names no component: only staff see it; add components on its page, /incidents/${number}`;
  return [{ table: 'incident', id: String(id), what: 'changed', why }];
}

/** What the clock alone changes is no change of theirs. */
function incidentFingerprint({ createdAt: _createdAt, ...incident }: ForeignIncident): string {
  return hash({ ...incident, status: incident.type === 'incident' ? incident.status : null });
}

/** Whether anybody changed it here since it was taken over; the clock, which starts and ends what is planned, is nobody. */
function isTouched({ type }: ForeignIncident, known: Taken, { version, madeBy }: IncidentHere): boolean {
  if (known.version === null || type === 'incident') return known.version !== version;
  for (let later = known.version + 1; later <= version; later += 1) if (!madeBy.has(later)) return true;
  return known.version > version;
}

function planHistories(
  incidents: readonly ForeignIncident[],
  components: readonly ComponentStep[],
  { now, taken }: ImportStart,
): HistoryStep[] {
  const until = holdingsOf(incidents, now);
  const lasting = holdingsOf(incidents, FAR);
  const all = (holdings: ReadonlyMap<number, Holding[]>, foreign: readonly number[]) =>
    foreign.flatMap((id) => holdings.get(id) ?? []);
  return components.map(({ component, foreign }) => {
    const { key, watchedFrom: from } = component;
    const fingerprint = hash([from, all(lasting, foreign)]);
    const tell = taken.history.get(key)?.fingerprint !== fingerprint;
    return { component: key, periods: historyOf(all(until, foreign), { from, until: now }), fingerprint, tell };
  });
}
