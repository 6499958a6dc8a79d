import * as z from 'zod';
import { type ComponentRow, LEVELS, type Uptime, type Why } from '../../../core/index.ts';
import { uptimeForm } from '../domain/timeline.ts';
import type { Transition } from '../store/component-read.ts';

const Instant = z.string().describe('UTC, ISO 8601.');
const LevelName = z.enum(LEVELS);

export const UptimeShape = z.object({
  window: z.number().describe('Milliseconds; up, down, maintenance and unknown add up to it.'),
  up: z.number(),
  down: z.number(),
  maintenance: z.number(),
  unknown: z.number().describe('Nobody was watching.'),
  degraded: z.number().describe('Part of up.'),
  availability: z.number().nullable().describe('up / (up + down); null when nobody watched.'),
  coverage: z.number().describe('1 − unknown / window.'),
  percent: z
    .number()
    .nullable()
    .describe('availability in percent, cut to two decimals; null where it may not stand alone.'),
  form: z
    .enum(['plain', 'watched', 'unwatched'])
    .describe('watched: say it only together with the time that was watched, never as a plain percentage.'),
});

const WhyShape = z.object({
  rule: z.enum(['worst_signal', 'maintenance', 'missing_required', 'live_signal', 'no_signal', 'dependency']),
  signals: z
    .array(
      z.object({
        source: z.string(),
        name: z.string(),
        level: LevelName,
        state: z.string().nullable(),
        summary: z.string().nullable(),
        evidence: z.string().nullable(),
        observedAt: Instant,
        expiresAt: Instant.nullable(),
        live: z.boolean(),
        confidential: z.boolean().describe('A confidential report: nothing else of it is told.'),
      }),
    )
    .describe('The deciding ones first.'),
});

export const ComponentShape = z.object({
  key: z.string(),
  name: z.string(),
  area: z.string(),
  kind: z.string(),
  group: z.string(),
  region: z.string().nullable().describe('Where it is, if its area has regions.'),
  visibility: z.enum(['public', 'members']),
  level: LevelName,
  state: z.string().nullable().describe("The area's own word for the level."),
  maintenance: z.boolean(),
  since: Instant,
  evidenceAt: Instant.nullable().describe('Time of the newest evidence.'),
  lastKnown: z.object({ level: LevelName, state: z.string().nullable(), observedAt: Instant }).nullable(),
  why: WhyShape,
  causedBy: z.array(z.string()),
  link: z.string().nullable(),
  url: z.string(),
  badge: z.string(),
  uptime90: UptimeShape,
});

export const DayShape = z.object({ day: z.string(), level: LevelName, uptime: UptimeShape });

export const TransitionShape = z.object({
  seq: z.number().int(),
  from: LevelName,
  to: LevelName,
  since: Instant.describe('When it was observed.'),
  recordedAt: Instant,
  why: WhyShape,
});

export function uptimeOut(uptime: Uptime): z.output<typeof UptimeShape> {
  return { ...uptime, ...uptimeForm(uptime) };
}

function whyOut({ rule, signals }: Why): z.output<typeof WhyShape> {
  return { rule, signals: [...signals] };
}

export function componentOut(row: ComponentRow, absolute: (path: string) => string): z.output<typeof ComponentShape> {
  const { key, status } = row;
  return {
    key,
    name: row.name,
    area: key.slice(0, key.indexOf('/')),
    kind: row.kind,
    group: row.group,
    region: row.attributes['region'] ?? null,
    visibility: row.visibility,
    level: status.level,
    state: status.state,
    maintenance: status.maintenance,
    since: row.since,
    evidenceAt: row.evidenceAt,
    lastKnown: status.lastKnown,
    why: whyOut(status.why),
    causedBy: [...status.causedBy],
    link: row.link,
    url: absolute(`/components/${key}`),
    badge: absolute(`/badges/${key}.svg`),
    uptime90: uptimeOut(row.uptime90),
  };
}

export function transitionOut({ why, ...rest }: Transition): z.output<typeof TransitionShape> {
  return { ...rest, why: whyOut(why) };
}
