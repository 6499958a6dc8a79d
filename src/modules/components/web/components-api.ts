import * as z from 'zod';
import {
  type Actor,
  ANONYMOUS,
  AppError,
  addMs,
  type Clock,
  type ComponentRow,
  DAY,
  HOUR,
  type Instant,
  LEVELS,
  SECOND,
  toInstant,
} from '../../../core/index.ts';
import { type Answer, csvAnswer, type Web } from '../../../platform/http/index.ts';
import { type ComponentReads, MOST_TRANSITIONS, type Stretch } from '../store/component-read.ts';
import {
  ComponentShape,
  componentOut,
  DayShape,
  TransitionShape,
  transitionOut,
  UptimeShape,
  uptimeOut,
} from './components-api-shapes.ts';

export interface ApiParts {
  reads: ComponentReads;
  clock: Clock;
  /** The newest cursor of the journal. */
  head(): Promise<string>;
}

/** How long a reading of the board serves everybody while nothing happens; expiries are no later than that. */
const SHARED_MS = 2 * SECOND;
const MOST_SHARED = 50;

const Params = z.object({ area: z.string().max(100), name: z.string().max(100) });
const WINDOWS = { '24h': 24 * HOUR, '7d': 7 * DAY, '30d': 30 * DAY, '90d': 90 * DAY } as const;

/** The board for programs. Every answer is cut to what the caller may see; what may not be seen does not exist. */
export function registerComponentsApi(web: Web, parts: ApiParts): void {
  addList(web, parts);
  addOne(web, parts);
  addHistory(web, parts);
}

const ListQuery = z.object({
  area: z.string().max(100).optional().describe('Only this area, such as facility.'),
  level: z.enum(LEVELS).optional().describe('Only components at this level.'),
  q: z.string().max(200).optional().describe('Only those whose name, key or group holds this text.'),
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('At most so many.'),
  after: z.string().max(201).optional().describe('Those after this key; `next` of the page before.'),
});

/** The board as everybody sees it: read once for all who ask until something happens. */
function sharedBoard({ reads, clock, head }: ApiParts): (area: string | undefined) => Promise<ComponentRow[]> {
  const kept = new Map<string | undefined, { head: string; until: Instant; rows: Promise<ComponentRow[]> }>();
  return async (area) => {
    const now = clock.now();
    const newest = await head();
    const known = kept.get(area);
    if (known !== undefined && known.head === newest && now < known.until) return known.rows;
    const rows = reads.rows(ANONYMOUS, area === undefined ? {} : { area });
    if (kept.size >= MOST_SHARED) kept.clear();
    kept.set(area, { head: newest, until: addMs(now, SHARED_MS), rows });
    rows.catch(() => kept.delete(area));
    return rows;
  };
}

function addList(web: Web, parts: ApiParts): void {
  const { reads, clock } = parts;
  const shared = sharedBoard(parts);
  web.api(
    {
      method: 'GET',
      path: '/api/components',
      operationId: 'listComponents',
      summary: 'The board: all components with their status, in list order',
      tag: 'components',
      query: ListQuery,
      answer: z.object({
        components: z.array(ComponentShape),
        total: z.number().int().describe('How many fit the filters.'),
        next: z.string().nullable().describe('Give it as `after` for the next page; null on the last one.'),
        asOf: z.string().describe('When this was true.'),
      }),
    },
    async ({ actor, absolute, input: { query } }) => {
      const asOf = clock.now();
      const { area } = query;
      const own = () => reads.rows(actor, area === undefined ? {} : { area });
      const rows = await (actor.kind === 'anonymous' ? shared(area) : own());
      const fitting = rows.filter((row) => fits(row, query));
      const start = query.after === undefined ? 0 : fitting.findIndex(({ key }) => key === query.after) + 1;
      const page = fitting.slice(start, start + query.limit);
      const next = start + page.length < fitting.length ? (page.at(-1)?.key ?? null) : null;
      return { components: page.map((row) => componentOut(row, absolute)), total: fitting.length, next, asOf };
    },
  );
}

function fits(row: ComponentRow, { level, q }: z.output<typeof ListQuery>): boolean {
  if (level !== undefined && row.status.level !== level) return false;
  if (q === undefined) return true;
  const wanted = q.trim().toLowerCase();
  return [row.name, row.key, row.group].some((text) => text.toLowerCase().includes(wanted));
}

function addOne(web: Web, { reads }: ApiParts): void {
  web.api(
    {
      method: 'GET',
      path: '/api/components/{area}/{name}',
      operationId: 'getComponent',
      summary: 'One component: its status and why, its last 90 days, its uptime',
      tag: 'components',
      params: Params,
      answer: ComponentShape.extend({
        days: z.array(DayShape).describe("The last 90 days in the site's zone, oldest first."),
        uptime: z.object({ '24h': UptimeShape, '7d': UptimeShape, '30d': UptimeShape, '90d': UptimeShape }),
      }),
      problems: [404],
    },
    async ({ actor, absolute, input: { params } }) => {
      const row = await find(reads, actor, params);
      const [day, week, month, quarter] = await reads.uptimes(actor, row.key, Object.values(WINDOWS));
      if (!day || !week || !month || !quarter) throw missing(row.key);
      return {
        ...componentOut(row, absolute),
        days: row.days.map(({ uptime, ...cell }) => ({ ...cell, uptime: uptimeOut(uptime) })),
        uptime: { '24h': uptimeOut(day), '7d': uptimeOut(week), '30d': uptimeOut(month), '90d': uptimeOut(quarter) },
      };
    },
  );
}

async function find(
  reads: ComponentReads,
  actor: Actor,
  { area, name }: z.output<typeof Params>,
): Promise<ComponentRow> {
  const row = await reads.row(actor, `${area}/${name}`);
  if (row === null) throw missing(`${area}/${name}`);
  return row;
}

function missing(key: string): AppError {
  return new AppError('not_found', `There is no component ${key}.`);
}

const Moment = z.iso
  .datetime({ offset: true, error: 'write a time such as 2026-11-21T12:00:00Z' })
  .transform((text) => toInstant(Date.parse(text)))
  .refine((instant) => /^\d{4}-/.test(instant), 'is too far away');

const HistoryQuery = z.object({
  from: Moment.optional().describe('90 days ago if absent.'),
  until: Moment.optional().describe('Now if absent.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(200)
    .describe('At most so many changes; a CSV has every stretch.'),
  before: z.coerce.number().int().optional().describe('Changes before this number; `next` of the page before.'),
  format: z.enum(['json', 'csv']).default('json'),
});

function addHistory(web: Web, { reads, clock }: ApiParts): void {
  web.api(
    {
      method: 'GET',
      path: '/api/components/{area}/{name}/history',
      operationId: 'getHistory',
      summary: 'Changes of status, newest first, with their why; also as CSV',
      tag: 'components',
      params: Params,
      query: HistoryQuery,
      answer: z.object({
        key: z.string(),
        from: z.string(),
        until: z.string(),
        transitions: z.array(TransitionShape),
        periods: z
          .array(z.object({ from: z.string(), until: z.string().nullable(), level: z.enum(LEVELS) }))
          .describe('The window without gaps, oldest first; times when we were down ourselves are unknown.'),
        next: z.number().int().nullable().describe('Give it as `before` for older ones; null when there are none.'),
      }),
      alternates: ['text/csv'],
      problems: [404],
    },
    async ({ actor, input: { params, query } }) => {
      const { key } = await find(reads, actor, params);
      const until = query.until ?? clock.now();
      const from = query.from ?? addMs(until, -90 * DAY);
      if (from >= until) throw new AppError('invalid', 'query/from: must be before until');
      // A change of this very millisecond belongs to what there is until now.
      const range = { key, from, until: query.until ?? addMs(until, 1), before: query.before };
      if (query.format === 'csv') {
        const stretches = startingBefore(await reads.stretches(actor, key, { from, until }), query.before);
        return historyCsv(key, stretches.slice(0, MOST_TRANSITIONS));
      }
      const found = await reads.transitions(actor, { ...range, limit: query.limit + 1 });
      const transitions = found.slice(0, query.limit);
      const periods = await reads.periods(actor, key, { from, until });
      const next = found.length > query.limit ? (transitions.at(-1)?.seq ?? null) : null;
      return { key, from, until, transitions: transitions.map(transitionOut), periods, next };
    },
  );
}

/** The stretches of the History tab, newest first: time that nobody watched is a row of its own. */
function historyCsv(key: string, stretches: readonly Stretch[]): Answer {
  const head = [
    'component',
    'since',
    'until',
    'seconds',
    'from',
    'to',
    'recorded_at',
    'rule',
    'source',
    'signal',
    'summary',
    'evidence',
  ];
  const rows = stretches.map(({ from, until, level, confidential, summary, evidence, change }, index) => {
    const before = stretches[index + 1]?.level ?? (change?.since === from ? change.from : null);
    const first = change?.why.signals[0];
    return [
      key,
      from,
      until,
      until === null ? null : (Date.parse(until) - Date.parse(from)) / 1000,
      before,
      level,
      change?.recordedAt ?? null,
      change?.why.rule ?? null,
      first?.source ?? null,
      first?.name ?? null,
      confidential ? 'a confidential report' : summary,
      evidence,
    ];
  });
  return csvAnswer(`${key.replace('/', '-')}-history.csv`, [head, ...rows]);
}

/** From the newest one on whose change has a number before this. */
function startingBefore(stretches: readonly Stretch[], seq: number | undefined): readonly Stretch[] {
  if (seq === undefined) return stretches;
  const start = stretches.findIndex(({ change }) => change !== null && change.seq < seq);
  return start === -1 ? [] : stretches.slice(start);
}
