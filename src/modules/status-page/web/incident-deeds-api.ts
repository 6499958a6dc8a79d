import * as z from 'zod';
import { type Actor, AppError } from '../../../core/index.ts';
import type { Web } from '../../../platform/http/index.ts';
import { BackDateInput, backDate } from '../actions/back-date.ts';
import { CorrectionInput, correctUpdate } from '../actions/correct-update.ts';
import { ReviewInput, reviewMaintenance } from '../actions/review-maintenance.ts';
import type { StatusPageContext } from '../actions/status-page-context.ts';
import { PostmortemInput, writePostmortem } from '../actions/write-postmortem.ts';
import { described, findKnown, IF_MATCH, IncidentParams, may, shown, TAG, withVersion } from './incident-api-parts.ts';
import { IncidentShape } from './incident-shapes.ts';

const UpdateParams = IncidentParams.extend({ update: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** What staff do on pages behind an incident, for programs. */
export function registerIncidentDeeds(web: Web, context: StatusPageContext): void {
  addCorrection(web, context);
  for (const deed of OPERATOR_DEEDS) addDeed(web, context, deed);
}

function addCorrection(web: Web, context: StatusPageContext): void {
  web.api(
    {
      method: 'PATCH',
      path: '/api/incidents/{id}/updates/{update}',
      operationId: 'correctUpdate',
      summary: 'Correct the text of an update; its status and time stay, and staff see what it said before',
      tag: TAG,
      allow: may('creator'),
      params: UpdateParams,
      headers: IF_MATCH,
      body: described(CorrectionInput),
      answer: IncidentShape,
      problems: [404, 409],
    },
    async ({ actor, absolute, headers, input: { params, body } }) => {
      const { id, update } = params;
      const { updates } = await findKnown(context, actor, id);
      if (!updates.some((one) => one.id === update)) {
        throw new AppError('not_found', `Incident ${id} has no update ${update}.`);
      }
      await correctUpdate(context, actor, { incident: id, update }, withVersion(body, headers));
      return await shown(context, { actor, absolute }, id);
    },
  );
}

interface Deed {
  method: 'POST' | 'PUT';
  /** Last part of the address. */
  path: string;
  operationId: string;
  summary: string;
  input: z.ZodType;
  act(context: StatusPageContext, actor: Actor, id: number, input: unknown): Promise<unknown>;
}

const OPERATOR_DEEDS: readonly Deed[] = [
  {
    method: 'POST',
    path: 'back-date',
    operationId: 'backDateIncident',
    summary: 'An open incident began at another time than was thought: its figures count from there',
    input: BackDateInput,
    act: backDate,
  },
  {
    method: 'PUT',
    path: 'postmortem',
    operationId: 'writePostmortem',
    summary: 'Write what was learned from an incident that has ended: a draft for staff, or published',
    input: PostmortemInput,
    act: writePostmortem,
  },
  {
    method: 'POST',
    path: 'review',
    operationId: 'reviewMaintenance',
    summary: 'Approve a maintenance that waits for its review, give it back to its author, or reject it',
    input: ReviewInput,
    act: reviewMaintenance,
  },
];

function addDeed(web: Web, context: StatusPageContext, { path, input: schema, act, ...about }: Deed): void {
  web.api(
    {
      ...about,
      path: `/api/incidents/{id}/${path}`,
      tag: TAG,
      allow: may('operator'),
      params: IncidentParams,
      headers: IF_MATCH,
      body: described(schema),
      answer: IncidentShape,
      problems: [404, 409],
    },
    async ({ actor, absolute, headers, input: { params, body } }) => {
      await findKnown(context, actor, params.id);
      await act(context, actor, params.id, withVersion(body, headers));
      return await shown(context, { actor, absolute }, params.id);
    },
  );
}
