import { z } from 'zod';
import { type Actor, AppError, type ComponentKey } from '../../../core/index.ts';
import type { Visit, Web } from '../../../platform/http/index.ts';
import { AnnounceMaintenanceInput, announceMaintenance } from '../actions/announce-maintenance.ts';
import { incidentActor, requireIncidentRole } from '../actions/incident-role.ts';
import { MergeInput, mergeIncidents } from '../actions/merge-incidents.ts';
import { MoveInput, moveComponents } from '../actions/move-components.ts';
import { OpenIncidentInput, openIncident } from '../actions/open-incident.ts';
import { postUpdate, UpdateInput } from '../actions/post-update.ts';
import { PublishInfoInput, publishInfo } from '../actions/publish-info.ts';
import type { StatusPageContext } from '../actions/status-page-context.ts';
import { listedFor, readCatalog } from '../store/component-read.ts';
import {
  hasInternalView,
  type IncidentView,
  readIncident,
  readIncidents,
  visibleKeys,
} from '../store/incident-read.ts';
import { filterOf, IncidentQuery } from './incident-query.ts';
import { IncidentShape, incidentOut } from './incident-shapes.ts';

const TAG = 'incidents';
const Params = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
const IF_MATCH = { 'If-Match': 'The version that was read, as its ETag; the same as `version` in the body.' };

const Pagination = z.object({
  pageIndex: z.int(),
  recordsPerPage: z.int(),
  totalRecords: z.int(),
  totalPages: z.int(),
});

/** Incidents, maintenances and infos for programs: reading for everybody, writing by scope or role. */
export function registerIncidentsApi(web: Web, context: StatusPageContext): void {
  addList(web, context);
  addOne(web, context);
  addOpen(web, context);
  addUpdate(web, context);
  addExtract(web, context);
  addMerge(web, context);
}

function may(role: 'creator' | 'operator') {
  return { scope: 'incidents:write', role, check: (actor: Actor) => requireIncidentRole(actor, role) } as const;
}

/**
 * As whoever writes incidents sees it, of components that this actor may read about; also of those that the catalogue
 * has had for so short a time that nothing is known of them yet.
 */
async function find(context: StatusPageContext, actor: Actor, id: number) {
  const visible = await visibleKeys(context.components, actor);
  const read = (seen: typeof visible) => readIncident(context.db, incidentActor(actor), seen, id);
  const view = (await read(visible)) ?? (visible && (await read(new Set(await listedFor(context.db, actor)))));
  if (view === null) throw new AppError('not_found', `There is no incident ${id}.`);
  return view;
}

async function shown(context: StatusPageContext, { actor, absolute }: Pick<Visit, 'actor' | 'absolute'>, id: number) {
  const view = await find(context, actor, id);
  const catalog = await readCatalog(context.db, { retired: true, keys: namedIn(view) });
  return incidentOut(view, { catalog, absolute, isStaff: hasInternalView(incidentActor(actor)) });
}

const Named = z.object({ to: z.int(), others: z.array(z.int()), components: z.array(z.string()) }).partial();

/** A program changes only what it may read: else its answers would tell what its scopes do not. */
async function requireKnown(context: StatusPageContext, actor: Actor, body: unknown, id: number): Promise<void> {
  const visible = await visibleKeys(context.components, actor);
  if (visible === null) return;
  // What does not fit is refused by the action, in its words.
  const { to = id, others = [], components = [] } = Named.safeParse(body).data ?? {};
  for (const other of [id, to, ...others.slice(0, 100)]) await find(context, actor, other);
  const unknown = components.find((key) => !visible.has(key));
  if (unknown !== undefined) throw new AppError('not_found', `There is no component ${unknown.slice(0, 210)}.`);
}

/** Every component that it or its story names. */
function namedIn({ components, past, updates }: IncidentView): ComponentKey[] {
  const noted = updates.flatMap(({ fact }) => (fact !== null && 'component' in fact ? [fact.component] : []));
  return [...new Set([...components, ...past.map(({ component }) => component), ...noted])];
}

/** The version that a change rests on, wherever it is said. */
function withVersion(body: unknown, headers: Readonly<Record<string, string | undefined>>): unknown {
  const tag = headers['if-match']?.trim();
  if (tag === undefined || tag === '*') return body;
  const version = /^(?:W\/)?"v?(\d{1,15})"$/.exec(tag)?.[1];
  if (version === undefined)
    throw new AppError('invalid', 'If-Match holds no version: send the ETag that you were given.');
  const given = typeof body === 'object' && body !== null ? body : {};
  return { version: Number(version), ...given };
}

function addList(web: Web, context: StatusPageContext): void {
  web.api(
    {
      method: 'GET',
      path: '/api/incidents',
      operationId: 'listIncidents',
      summary: 'Incidents, maintenances and infos, latest start first',
      tag: TAG,
      query: IncidentQuery,
      answer: z.object({ data: z.array(IncidentShape), pagination: Pagination }),
    },
    async ({ actor, absolute, input: { query } }) => {
      const viewer = incidentActor(actor);
      const catalog = await readCatalog(context.db, { retired: true });
      const visible = await visibleKeys(context.components, actor);
      const { incidents, total } = await readIncidents(context.db, viewer, visible, filterOf(query, catalog));
      const isStaff = hasInternalView(viewer);
      return {
        data: incidents.map((view) => incidentOut(view, { catalog, absolute, isStaff })),
        pagination: {
          pageIndex: query.page,
          recordsPerPage: query.limit,
          totalRecords: total,
          totalPages: Math.ceil(total / query.limit),
        },
      };
    },
  );
}

function addOne(web: Web, context: StatusPageContext): void {
  web.api(
    {
      method: 'GET',
      path: '/api/incidents/{id}',
      operationId: 'getIncident',
      summary: 'One incident with its story',
      description: 'Staff get its version as ETag.',
      tag: TAG,
      params: Params,
      answer: IncidentShape,
      etag: ({ version }) => (version === undefined ? null : `v${version}`),
      problems: [404],
    },
    async ({ actor, absolute, input: { params } }) => await shown(context, { actor, absolute }, params.id),
  );
}

const OpenBody = z.discriminatedUnion('type', [
  OpenIncidentInput.extend({ type: z.literal('incident') }),
  AnnounceMaintenanceInput.omit({ confirmed: true }).extend({ type: z.literal('maintenance') }),
  PublishInfoInput.extend({ type: z.literal('info') }),
]);

function addOpen(web: Web, context: StatusPageContext): void {
  web.api(
    {
      method: 'POST',
      path: '/api/incidents',
      operationId: 'openIncident',
      summary: 'Open an incident, announce a maintenance, or publish an info',
      tag: TAG,
      allow: may('creator'),
      body: described(OpenBody),
      answer: IncidentShape,
      status: 201,
      problems: [409],
    },
    async ({ actor, absolute, input: { body } }) =>
      await shown(context, { actor, absolute }, await begin(context, actor, body)),
  );
}

/** The schemas of the actions check what comes in, after the actor was; this only describes it. */
function described(schema: z.ZodType) {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return z.unknown().meta(rest);
}

async function begin(context: StatusPageContext, actor: Actor, body: unknown): Promise<number> {
  const { type, ...input } = typeof body === 'object' && body !== null && 'type' in body ? body : { type: undefined };
  switch (type) {
    case 'incident':
      return (await openIncident(context, actor, input)).id;
    case 'info':
      return (await publishInfo(context, actor, input)).id;
    case 'maintenance': {
      // A program has nobody to ask back: a short notice is what it wants.
      const { id } = await announceMaintenance(context, actor, { ...input, confirmed: true });
      if (id !== null) return id;
      throw new AppError('conflict', 'The maintenance begins too soon.');
    }
    default:
      throw new AppError('invalid', 'type: must be incident, maintenance or info', {
        fields: [{ pointer: '/type', detail: 'must be incident, maintenance or info' }],
      });
  }
}

function addUpdate(web: Web, context: StatusPageContext): void {
  web.api(
    {
      method: 'POST',
      path: '/api/incidents/{id}/updates',
      operationId: 'postUpdate',
      summary: 'Tell what is new, and change what follows from it',
      tag: TAG,
      allow: may('creator'),
      params: Params,
      headers: IF_MATCH,
      body: described(UpdateInput),
      answer: IncidentShape,
      problems: [404, 409],
    },
    async ({ actor, absolute, headers, input: { params, body } }) => {
      await requireKnown(context, actor, body, params.id);
      await postUpdate(context, actor, params.id, withVersion(body, headers));
      return await shown(context, { actor, absolute }, params.id);
    },
  );
}

function addExtract(web: Web, context: StatusPageContext): void {
  web.api(
    {
      method: 'POST',
      path: '/api/incidents/{id}/extract',
      operationId: 'extractComponents',
      summary: 'Put some of its components into a new incident, or into another open one; answers that one',
      tag: TAG,
      allow: may('operator'),
      params: Params,
      headers: IF_MATCH,
      body: described(MoveInput),
      answer: IncidentShape,
      problems: [404, 409],
    },
    async ({ actor, absolute, headers, input: { params, body } }) => {
      await requireKnown(context, actor, body, params.id);
      const { id } = await moveComponents(context, actor, params.id, withVersion(body, headers));
      return await shown(context, { actor, absolute }, id);
    },
  );
}

function addMerge(web: Web, context: StatusPageContext): void {
  web.api(
    {
      method: 'POST',
      path: '/api/incidents/{id}/merge',
      operationId: 'mergeIncidents',
      summary: 'Merge other open incidents into this one',
      tag: TAG,
      allow: may('operator'),
      params: Params,
      headers: IF_MATCH,
      body: described(MergeInput),
      answer: IncidentShape,
      problems: [404, 409],
    },
    async ({ actor, absolute, headers, input: { params, body } }) => {
      await requireKnown(context, actor, body, params.id);
      await mergeIncidents(context, actor, params.id, withVersion(body, headers));
      return await shown(context, { actor, absolute }, params.id);
    },
  );
}
