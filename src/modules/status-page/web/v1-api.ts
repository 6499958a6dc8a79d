import * as z from 'zod';
import { requireReporter } from '../../../core/index.ts';
import type { Answer, Compatible, Visit, Web } from '../../../platform/http/index.ts';
import { type ReportingContext, reportStatus } from '../actions/report-status.ts';
import { findByAttributes } from '../domain/find-component.ts';
import { componentsNamed, displayLabel } from '../store/component-read.ts';
import { V1Answers } from './v1-answers.ts';
import { v1Incident } from './v1-incident.ts';
import { v1Answer, v1Json, v1Mistakes, v1Problem } from './v1-json.ts';
import { v1Components, v1IncidentPage, v1Public } from './v1-lists.ts';
import { readV1Query, V1_FILTERS, type V1Filter } from './v1-query.ts';
import { readV1Report } from './v1-request.ts';

const BODY_LIMIT = 64 * 1024;
const TAG = 'status page, version 1';
const PUBLIC = { 'access-control-allow-origin': '*' };

const IncidentObject = z.object({
  end_date: z.string().nullable().describe('YYYY-MM-DD HH:MM, UTC; null while it is open.'),
  id: z.int(),
  impact: z.int().describe('0 maintenance, 1 minor, 2 major, 3 outage.'),
  start_date: z.string(),
  text: z.string().describe('Its title.'),
  updates: z.array(z.object({ status: z.string(), text: z.string(), timestamp: z.string() })).describe('Newest first.'),
});

const Pair = z.object({ name: z.string(), value: z.string() });

const ComponentObject = z.object({
  attributes: z.array(Pair),
  id: z.int(),
  incidents: z.array(IncidentObject).describe('All it ever was in.'),
  name: z.string(),
});

const Problem = z.object({ code: z.int(), message: z.string(), status: z.string() });
const Mistakes = z.object({ code: z.int(), errors: z.record(z.string(), z.unknown()), status: z.string() });

const Body = z.unknown().meta({
  type: 'object',
  required: ['name', 'impact'],
  properties: {
    name: { type: 'string', description: 'Name of the component.' },
    impact: { type: 'integer', enum: [1, 2, 3] },
    text: { type: 'string', default: 'Incident', description: 'Title of an incident that it may open.' },
    attributes: {
      type: 'array',
      items: { type: 'object', required: ['name', 'value'], properties: { name: {}, value: {} } },
      description: 'Which of several components of that name, such as its region.',
    },
  },
});

const json = (description: string, schema: z.ZodType) => ({ description, type: 'application/json', schema });

/** Errors as the predecessor's clients know them (specification §8.1). */
const COMPATIBLE: Compatible = {
  error({ status, detail }) {
    if (status === 401) return { status, type: 'text/html; charset=utf-8', body: 'Unauthorized Access' };
    if (status === 400) return v1Mistakes(400, { json: ['Invalid JSON body.'] });
    return v1Problem(status, detail);
  },
  answers: {
    400: json('The impact is not allowed, or there is no such component', Problem),
    401: { description: 'No token, or not a good one', type: 'text/html', schema: z.string() },
    409: json('An incident holds the component already', z.object({ existingIncidentId: z.int() }).loose()),
    422: json('A field is missing, unknown or of the wrong type', Mistakes),
  },
};

/** `/api/v1`: wire compatible with the predecessor (specification §5). */
export function registerV1(web: Web, context: ReportingContext): void {
  const answers = new V1Answers(context);
  web.api(
    {
      method: 'POST',
      path: '/api/v1/component_status',
      operationId: 'reportComponentStatusV1',
      summary: 'Say that a component is in trouble',
      description:
        'For monitors of the predecessor, which repeat it as long as the trouble lasts. Opens an incident, joins or worsens one; never closes one. 409 says that nothing had to be done.',
      tag: TAG,
      allow: { scope: 'signals:write', role: 'reporter', check: requireReporter },
      body: Body,
      bodyLimit: BODY_LIMIT,
      answer: IncidentObject,
      status: 201,
      compatible: COMPATIBLE,
    },
    async ({ actor, input: { body } }) => {
      const read = readV1Report(body);
      if ('errors' in read) return v1Mistakes(422, { json: read.errors });
      const { name, impact, text, attributes } = read.report;
      if (!context.config().v1_impacts.includes(impact)) {
        context.metrics.report('refused');
        return v1Problem(400, 'Incident impact is not allowed by configuration');
      }
      const component = findByAttributes(await componentsNamed(context.db, name), attributes);
      if (component === null) {
        context.metrics.report('refused');
        return v1Problem(400, 'Component not found');
      }
      const [outcome] = await reportStatus(context, actor, { components: [component], impact, title: text });
      if (outcome === undefined) throw new Error('A report was not answered.');
      const { kind, incident } = outcome;
      if (kind === 'known' || kind === 'manual') return conflict(displayLabel(component), incident);
      return v1Answer(201, await answers.incident(actor, component.key, incident));
    },
  );
  registerLists(web, context);
}

function conflict(targetComponent: string, { id, title }: { id: number; title: string }): Answer {
  return v1Answer(
    409,
    v1Json({
      message: 'Incident with this the component already exists',
      targetComponent,
      existingIncidentId: id,
      existingIncidentTitle: title,
      details: 'Check your request parameters',
    }),
  );
}

function registerLists(web: Web, context: ReportingContext): void {
  web.file(
    '/api/v1/component_status',
    {
      cached: { query: ['name', 'attribute_name', 'attribute_value'] },
      described: {
        operationId: 'listComponentStatusV1',
        summary: 'Components with all their incidents',
        description:
          'With attribute_name and attribute_value it answers with one component instead of a list, or with 404.',
        tag: TAG,
        query: z.object({
          name: z.string().optional().describe('Beginning of the name; with an attribute the whole name.'),
          attribute_name: z.string().optional(),
          attribute_value: z.string().optional(),
        }),
        answer: z.union([z.array(ComponentObject), ComponentObject]),
        compatible: { ...COMPATIBLE, answers: { 404: json('There is no such component', Problem) } },
      },
    },
    ({ query }) => componentStatus(context, query),
  );
  web.file(
    '/api/v1/incidents',
    {
      cached: { query: V1_FILTERS },
      described: {
        operationId: 'listIncidentsV1',
        summary: 'Incidents and maintenances',
        description:
          'Without parameters every one there ever was, in the order of their numbers. With any of them the newest first, in pages: X-Total-Count says how many there are, Link where the next ones are.',
        tag: TAG,
        query: z.object({
          from: z.string().optional().describe('Running at or after this day or time (RFC 3339).'),
          until: z.string().optional().describe('Running before this time, or on this day.'),
          impact: z.string().optional().describe('0 to 3, several with commas.'),
          status: z.string().optional().describe('Such as resolved, several with commas.'),
          region: z.string().optional(),
          service: z.string().optional().describe('Name of a component.'),
          page: z.string().optional().describe('From 1.'),
          limit: z.string().optional().describe('On one page: 1 to 100, else 50.'),
        }),
        answer: z.array(IncidentObject),
        compatible: {
          ...COMPATIBLE,
          answers: {
            400: json('`from` is after `until`', Mistakes),
            422: json('A parameter is not valid', Mistakes),
          },
        },
      },
    },
    (visit) => incidents(context, visit),
  );
}

async function componentStatus(context: ReportingContext, query: URLSearchParams): Promise<Answer> {
  const all = await v1Public(context);
  const name = query.get('name');
  const [attribute, value] = [query.get('attribute_name'), query.get('attribute_value')];
  if (attribute !== null && value !== null) {
    const named = all.components.filter((component) => component.name === name);
    const found = findByAttributes(named, [[attribute, value]]);
    if (found === null) return v1Problem(404, 'Component does not exist');
    return v1Answer(200, (await v1Components(context, all, [found])).join(''), PUBLIC);
  }
  const wanted = all.components.filter((component) => component.name.startsWith(name ?? ''));
  return v1Answer(200, `[${(await v1Components(context, all, wanted)).join(',')}]`, PUBLIC);
}

async function incidents(context: ReportingContext, visit: Visit): Promise<Answer> {
  const all = await v1Public(context);
  const asked = readV1Query(visit.query, all.components);
  if (asked !== null && 'errors' in asked) return v1Mistakes(asked.code, { query: asked.errors });
  const { incidents: listed, total } = await v1IncidentPage(context, all, asked?.filter ?? null);
  const body = `[${listed.map((incident) => v1Incident(incident, all.names)).join(',')}]`;
  return v1Answer(200, body, { ...PUBLIC, ...(asked === null ? {} : pagingHeaders(visit, asked, total)) });
}

function pagingHeaders(visit: Visit, { page, limit }: V1Filter, total: number): Record<string, string> {
  const last = Math.max(1, Math.ceil(total / limit));
  const address = (to: number) => {
    const query = new URLSearchParams(visit.query);
    query.set('page', String(to));
    return visit.absolute(`${visit.path}?${query.toString()}`);
  };
  const links = [
    ...(page < last ? [`<${address(page + 1)}>; rel="next"`] : []),
    ...(page > 1 ? [`<${address(Math.min(page - 1, last))}>; rel="prev"`] : []),
    `<${address(last)}>; rel="last"`,
  ];
  const exposed = 'Link, X-Total-Count';
  return { link: links.join(', '), 'x-total-count': String(total), 'access-control-expose-headers': exposed };
}
