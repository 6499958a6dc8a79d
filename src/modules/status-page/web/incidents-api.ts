import * as z from 'zod';
import { type Actor, AppError } from '../../../core/index.ts';
import type { Web } from '../../../platform/http/index.ts';
import { AnnounceMaintenanceInput, announceMaintenance } from '../actions/announce-maintenance.ts';
import { incidentActor } from '../actions/incident-role.ts';
import { MergeInput, mergeIncidents } from '../actions/merge-incidents.ts';
import { MoveInput, moveComponents } from '../actions/move-components.ts';
import { OpenIncidentInput, openIncident } from '../actions/open-incident.ts';
import { parseBeginning } from '../actions/parse-beginning.ts';
import { postUpdate, UpdateInput } from '../actions/post-update.ts';
import { PublishInfoInput, publishInfo } from '../actions/publish-info.ts';
import type { StatusPageContext } from '../actions/status-page-context.ts';
import { INCIDENT_TYPES } from '../domain/incident.ts';
import { readCatalog } from '../store/component-read.ts';
import { hasInternalView, readIncidents, visibleKeys } from '../store/incident-read.ts';
import {
  described,
  IF_MATCH,
  IncidentParams,
  may,
  requireKnown,
  shown,
  TAG,
  withVersion,
} from './incident-api-parts.ts';
import { registerIncidentDeeds } from './incident-deeds-api.ts';
import { filterOf, IncidentQuery } from './incident-query.ts';
import { IncidentShape, incidentOut } from './incident-shapes.ts';

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
  registerIncidentDeeds(web, context);
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
      params: IncidentParams,
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

/** What all three have: what is wrong with it is told beside a type that is none. */
const AnyBeginning = PublishInfoInput.extend({
  type: z.enum(INCIDENT_TYPES, 'must be incident, maintenance or info'),
}).loose();

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
      await parseBeginning({ context, actor }, AnyBeginning, body);
      throw new AppError('invalid', 'type: must be incident, maintenance or info');
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
      params: IncidentParams,
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
      params: IncidentParams,
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
      params: IncidentParams,
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
