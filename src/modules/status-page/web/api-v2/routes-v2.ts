import * as z from 'zod';
import type { ComponentRow } from '../../../../core/index.ts';
import type { Answer, DescribedFile, Visit, Web } from '../../../../platform/http/index.ts';
import { readCatalog } from '../../store/component-read.ts';
import { type IncidentFilter, type IncidentView, readIncidents, visibleKeys } from '../../store/incident-read.ts';
import { incidentViewOf, type PageContext } from '../page-parts.ts';
import {
  type Around,
  componentShape,
  groupShapes,
  idOf,
  incidentShape,
  overallStatus,
  type StatuspagePage,
} from './statuspage-shapes.ts';

/** As many as Statuspage gives. */
const MOST = 50;

const OPEN: IncidentFilter = { types: ['incident'], state: 'open' };

/** What Statuspage's public API answers, so that its clients work here (conventions C5). */
export function registerStatuspageApi(web: Web, context: PageContext): void {
  const serve = (name: string, make: (world: World) => Promise<object> | object) =>
    web.file(`/api/v2/${name}.json`, { cached: true, described: describedAs(name) }, async (visit): Promise<Answer> => {
      const body = await context.db.snapshot(async () => {
        const world = await readWorld(context, visit);
        return JSON.stringify({ page: world.page, ...(await make(world)) });
      });
      return { type: 'application/json; charset=utf-8', body, headers: { 'access-control-allow-origin': '*' } };
    });
  serve('status', ({ rows }) => ({ status: overallStatus(rows) }));
  serve('components', (world) => ({ components: components(world) }));
  serve('summary', async (world) => ({
    components: components(world),
    incidents: await world.incidents(OPEN),
    scheduled_maintenances: await world.incidents({ types: ['maintenance'], state: 'open' }),
    status: overallStatus(world.rows),
  }));
  serve('incidents', async (world) => ({ incidents: await world.incidents({ types: ['incident'], limit: MOST }) }));
  serve('incidents/unresolved', async (world) => ({ incidents: await world.incidents(OPEN) }));
  const maintenances = (name: string, filter: IncidentFilter, keep: (one: IncidentView, now: string) => boolean) =>
    serve(name, async (world) => ({
      scheduled_maintenances: await world.incidents({ types: ['maintenance'], ...filter }, (one) =>
        keep(one, world.now),
      ),
    }));
  maintenances('scheduled-maintenances', { limit: MOST }, ({ status }) => status !== 'cancelled');
  maintenances('scheduled-maintenances/upcoming', { state: 'open' }, ({ start }, now) => start > now);
  maintenances(
    'scheduled-maintenances/active',
    { state: 'open' },
    ({ start, end }, now) => start <= now && (end === null || end > now),
  );
}

/** Their shape is Statuspage's, which its own documentation tells. */
function describedAs(name: string): DescribedFile {
  const words = name.split(/[/-]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return {
    operationId: `statuspage${words.join('')}`,
    summary: `Statuspage's ${name}.json`,
    tag: 'Statuspage',
    answer: z.looseObject({ page: z.looseObject({ id: z.string(), name: z.string(), url: z.string() }) }),
  };
}

interface World extends Around {
  rows: readonly ComponentRow[];
  now: string;
  incidents(filter: IncidentFilter, keep?: (incident: IncidentView) => boolean): Promise<object[]>;
}

async function readWorld(context: PageContext, visit: Visit): Promise<World> {
  const { title, publicUrl, timezone } = context.site();
  const rows = await context.components.rows(visit.actor);
  const visible = await visibleKeys(context.components, visit.actor);
  const newest = await readIncidents(context.db, visit.actor, visible, { limit: 1, order: 'id' });
  const changes = [...rows.map(({ since }) => since), ...newest.incidents.map(({ modifiedAt }) => modifiedAt)];
  const now = context.clock.now();
  const page: StatuspagePage = {
    id: idOf('page', publicUrl),
    name: title,
    url: publicUrl,
    time_zone: timezone,
    updated_at: changes.reduce((last, at) => (at > last ? at : last), changes[0] ?? now),
  };
  const catalog = await readCatalog(context.db, { visible });
  const described = [...catalog.components.values()];
  const descriptions = new Map(
    described.flatMap(({ key, description }) => (description === null ? [] : [[key, description] as const])),
  );
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return {
    page,
    rows,
    now,
    descriptions,
    async incidents(filter, keep = () => true) {
      const { incidents } = await readIncidents(context.db, visit.actor, visible, filter);
      const kept = incidents.filter(keep);
      const view = { ...(await incidentViewOf(context, visit, { incidents: kept, visible })), publicUrl };
      return kept.map((incident) => incidentShape(incident, { page, descriptions, view, rows: byKey }));
    },
  };
}

function components({ rows, ...around }: World): object[] {
  return [...rows.map((row, index) => componentShape(row, index + 1, around)), ...groupShapes(rows, around.page)];
}
