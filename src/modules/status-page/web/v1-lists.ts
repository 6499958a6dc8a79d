import { ANONYMOUS, type ComponentKey } from '../../../core/index.ts';
import type { StatusPageContext } from '../actions/status-page-context.ts';
import { type CatalogComponent, displayLabel, readCatalog } from '../store/component-read.ts';
import {
  type IncidentFilter,
  type IncidentView,
  readIncidents,
  type VisibleKeys,
  visibleKeys,
} from '../store/incident-read.ts';
import { type V1Names, v1Incident } from './v1-incident.ts';

/** The predecessor knew no other kind; a notice would look like a maintenance to its clients. */
const TYPES = ['incident', 'maintenance'] as const;

export interface V1Public {
  visible: VisibleKeys;
  /** Everybody may see them; in the order of their numbers. */
  components: readonly CatalogComponent[];
  names: V1Names;
}

type Reading = Pick<StatusPageContext, 'db' | 'components' | 'site'>;

/** What everybody may see, whoever asks: these lists are the same bytes for all. */
export async function v1Public({ db, components, site }: Reading): Promise<V1Public> {
  const visible = await visibleKeys(components, ANONYMOUS);
  const [{ components: catalog }, { incidents }] = [
    await readCatalog(db, { retired: true }),
    await readIncidents(db, ANONYMOUS, visible, { types: TYPES }),
  ];
  const titles = new Map(incidents.map(({ id, title }) => [id, title]));
  const { basePath } = site();
  return {
    visible,
    components: [...catalog.values()]
      .filter(({ key, retiredAt }) => retiredAt === null && (visible === null || visible.has(key)))
      .sort((a, b) => a.number - b.number),
    names: {
      label: (key) => labelOf(catalog.get(key), key),
      title: (id) => titles.get(id) ?? null,
      link: (path) => basePath + path,
    },
  };
}

function labelOf(component: CatalogComponent | undefined, key: ComponentKey): string {
  return component === undefined ? key : displayLabel(component);
}

export interface V1Page {
  incidents: IncidentView[];
  total: number;
}

export async function v1IncidentPage(
  { db }: Reading,
  { visible }: V1Public,
  filter: IncidentFilter | null,
): Promise<V1Page> {
  if (filter !== null) return await readIncidents(db, ANONYMOUS, visible, { types: TYPES, ...filter });
  const page = await readIncidents(db, ANONYMOUS, visible, { types: TYPES, order: 'id' });
  return { ...page, incidents: page.incidents.reverse() };
}

/** Each with all incidents it ever was in, oldest first. */
export async function v1Components(
  reading: Reading,
  all: V1Public,
  wanted: readonly CatalogComponent[],
): Promise<string[]> {
  const { incidents } = await v1IncidentPage(reading, all, null);
  const texts = new Map<number, string>();
  const byComponent = new Map<ComponentKey, IncidentView[]>();
  for (const incident of incidents) {
    for (const key of new Set([...incident.components, ...incident.past.map(({ component }) => component)])) {
      const list = byComponent.get(key);
      if (list) list.push(incident);
      else byComponent.set(key, [incident]);
    }
  }
  const textOf = (incident: IncidentView) => {
    const text = texts.get(incident.id) ?? v1Incident(incident, all.names);
    texts.set(incident.id, text);
    return text;
  };
  return wanted.map(({ key, number, name, attributes }) => {
    const pairs = attributes.map(([attribute, value]) => ({ name: attribute, value }));
    const own = (byComponent.get(key) ?? []).map(textOf).join(',');
    return `{"attributes":${JSON.stringify(pairs)},"id":${number},"incidents":[${own}],"name":${JSON.stringify(name)}}`;
  });
}
