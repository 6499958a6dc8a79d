import * as z from 'zod';
import type { ComponentKey } from '../../../core/index.ts';
import { Moment } from '../actions/incident-input.ts';
import { INCIDENT_TYPES, parseStatus } from '../domain/incident.ts';
import type { CatalogRead } from '../store/component-read.ts';
import type { IncidentFilter } from '../store/incident-read.ts';

const LIMITS = ['10', '20', '50'] as const;

/** `a,b`: each by the schema. */
function commaList<S extends z.ZodType<unknown, string>>(schema: S) {
  return z
    .string()
    .max(200)
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(schema).min(1).max(20));
}

const Impact = z.enum(['0', '1', '2', '3'], 'must be 0, 1, 2 or 3').transform(Number);
const StatusWord = z.string().transform((text, issue) => {
  const status = parseStatus(text);
  if (status !== null) return status;
  issue.addIssue({ code: 'custom', message: 'is no status' });
  return z.NEVER;
});

const YesNo = z.enum(['true', 'false'], 'must be true or false').transform((word) => word === 'true');

const Filters = z.object({
  type: commaList(z.enum(INCIDENT_TYPES)).optional().describe('incident, maintenance, info; several with commas.'),
  state: z.enum(['open', 'closed']).optional().describe('open: not ended.'),
  impact: commaList(Impact).optional().describe('0 to 3; several with commas.'),
  status: commaList(StatusWord).optional().describe('Several with commas.'),
  system: YesNo.optional().describe('true: opened by a machine and touched by nobody since; false: all others.'),
  region: z.string().max(200).optional().describe('Only those that hold or held a component of this region.'),
  service: z.string().max(210).optional().describe('Key or name of a component.'),
  from: Moment.optional().describe('Only those running at this time or later; not after `until`.'),
  until: Moment.optional().describe('Only those that began before.'),
  q: z.string().max(200).optional().describe('Words that must all occur.'),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  limit: z.enum(LIMITS, 'must be 10, 20 or 50').default('50').transform(Number),
});

export const IncidentQuery = Filters.superRefine(({ from, until }, issues) => {
  if (from === undefined || until === undefined || from <= until) return;
  issues.addIssue({ code: 'custom', path: ['from'], message: 'must not be after until' });
  issues.addIssue({ code: 'custom', path: ['until'], message: 'must not be before from' });
});
export type IncidentQuery = z.output<typeof IncidentQuery>;

/** What a list of incidents is asked for, as the store reads it. */
export function filterOf(query: IncidentQuery, catalog: CatalogRead): IncidentFilter {
  const { type, state, impact, status, system, from, until, q, page, limit } = query;
  const components = componentsIn(query, catalog);
  return {
    offset: (page - 1) * limit,
    limit,
    ...(type === undefined ? {} : { types: type }),
    ...(state === undefined ? {} : { state }),
    ...(impact === undefined ? {} : { impacts: impact }),
    ...(status === undefined ? {} : { statuses: status }),
    ...(system === undefined ? {} : { system }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(q === undefined ? {} : { query: q }),
    ...(components === null ? {} : { components }),
  };
}

function componentsIn(
  { region, service }: Pick<IncidentQuery, 'region' | 'service'>,
  catalog: CatalogRead,
): ComponentKey[] | null {
  if (region === undefined && service === undefined) return null;
  const wanted = service?.trim().toLowerCase();
  const found = [...catalog.components.values()].filter(
    (component) =>
      (region === undefined || component.region === region) &&
      (wanted === undefined || component.key === wanted || component.name.toLowerCase() === wanted),
  );
  // A component of another area is in no region and has its key alone.
  const foreign = region === undefined && wanted !== undefined && !catalog.components.has(wanted) ? [wanted] : [];
  return [...found.map(({ key }) => key), ...foreign];
}
