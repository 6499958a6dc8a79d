import type { Actor, Visibility } from './actor.ts';
import type { Instant } from './clock.ts';
import { AppError } from './errors.ts';
import { eventType } from './event.ts';
import type { Level } from './level.ts';

/** `<area>/<name>`, exactly one slash, e.g. `facility/krios1` (contracts §2). */
export type ComponentKey = string;

const KEY = /^[a-z0-9][a-z0-9._-]{0,99}\/[a-z0-9][a-z0-9._-]{0,99}$/;

export function isComponentKey(text: string): boolean {
  return KEY.test(text);
}

export function componentKey(text: string): ComponentKey {
  if (isComponentKey(text)) return text;
  throw new AppError(
    'invalid',
    `"${text.slice(0, 210)}" is not a component key: write <area>/<name>, each of a-z 0-9 . _ - and at most 100 characters.`,
  );
}

export function areaOf(key: ComponentKey): string {
  return key.slice(0, key.indexOf('/'));
}

/** What one source currently claims about one component. A newer claim with the same component, source and name replaces the older. */
export interface Signal {
  component: ComponentKey;
  /** Who claims, e.g. `facility/lab/301`, `api/<token name>`, `user/<name>`. */
  source: string;
  name: string;
  level: Level;
  /** The area's own word for it, e.g. `RUNNING | INFO`; shown instead of the level's word. */
  state?: string | undefined;
  /** One line a person would say. Never anything confidential. */
  summary?: string | undefined;
  /** A link to what the claim rests on. Never to something confidential. */
  evidence?: string | undefined;
  observedAt: Instant;
  /** After this moment the claim proves nothing. Absent: it lives until replaced or withdrawn. */
  expiresAt?: Instant | undefined;
  /** A maintenance or incident counts only within [from, until). */
  from?: Instant | undefined;
  until?: Instant | undefined;
  /** True by default: when it expires the component is unknown (contracts §1 rule 3). */
  required?: boolean | undefined;
  /** The claim rests on something confidential: public bytes may depend on its level and since only (contracts §8). */
  confidential?: boolean | undefined;
}

/** What an area says about a component's existence; repeated declarations change the rest and keep the key. */
export interface ComponentDeclaration {
  key: ComponentKey;
  name: string;
  kind: string;
  /** Heading under which lists show it. */
  group?: string | undefined;
  groupPosition?: number | undefined;
  /** Place within the group; ties are ordered by name. */
  position?: number | undefined;
  visibility: Visibility;
  /** Members-only component whose badge may show its level to everybody (contracts §8). */
  publicBadge?: boolean | undefined;
  /** Where people work on it, e.g. the device's issue list. */
  link?: string | undefined;
  dependsOn?: readonly { key: ComponentKey; propagate?: 'degraded' | undefined }[] | undefined;
  attributes?: Readonly<Record<string, string>> | undefined;
}

/** An area declares or changes a component. */
export const ComponentDeclared = eventType<ComponentDeclaration>('component.declared');
/**
 * An area no longer has the component: it leaves the lists and keeps its history. `forget`: the area was emptied by
 * hand, so what was known of the component goes too, and one that is declared under its key is another.
 */
export const ComponentWithdrawn = eventType<{ key: ComponentKey; forget?: boolean | undefined }>('component.withdrawn');
/** A source claims something about a component. */
export const SignalReported = eventType<Signal>('component.signal_reported');
/** A source takes a claim back. */
export const SignalWithdrawn = eventType<{ component: ComponentKey; source: string; name: string }>(
  'component.signal_withdrawn',
);
/** A source has looked again and found all its claims still true: one row renews them all (contracts §3). */
export const EvidenceRenewed = eventType<{ source: string; observedAt: Instant; expiresAt: Instant }>(
  'component.evidence_renewed',
);
/** What a source claimed openly with this evidence is confidential now: its words leave what is remembered (contracts §8). */
export const EvidenceHidden = eventType<{ source: string; evidence: string }>('component.evidence_hidden');
/**
 * What is known of the time before a component was declared here, such as by the system it comes from. Told again, it
 * replaces what was told before; what Signalbox has seen itself stays as it is. Periods: in order, without overlap.
 */
export const HistoryTold = eventType<{
  component: ComponentKey;
  periods: readonly {
    level: Level;
    from: Instant;
    until: Instant;
    summary?: string | undefined;
    evidence?: string | undefined;
  }[];
}>('component.history_told');

/** The one answer of `components`; everything else listens to it. */
export const StatusChanged = eventType<{
  key: ComponentKey;
  name: string;
  visibility: Visibility;
  from: Level;
  to: Level;
  state: string | null;
  /** When the change was observed, which may lie before it was recorded. */
  since: Instant;
}>('component.status_changed');

/** Which rule of contracts §1 decided. */
export type WhyRule = 'worst_signal' | 'maintenance' | 'missing_required' | 'live_signal' | 'no_signal' | 'dependency';

export interface WhySignal {
  source: string;
  name: string;
  level: Level;
  state: string | null;
  summary: string | null;
  evidence: string | null;
  observedAt: Instant;
  expiresAt: Instant | null;
  live: boolean;
  /** True: show "a confidential report" and nothing else of it. */
  confidential: boolean;
}

/** Why a status is what it is: the rule, and the signals it looked at with the deciding ones first. */
export interface Why {
  rule: WhyRule;
  signals: readonly WhySignal[];
}

export interface Status {
  level: Level;
  /** The deciding signal's own word, when its level is the status. */
  state: string | null;
  /** A maintenance is active, whatever the level. */
  maintenance: boolean;
  /** With `unknown`: what the last evidence said. */
  lastKnown: { level: Level; state: string | null; observedAt: Instant } | null;
  why: Why;
  /** Dependencies at partial_outage or worse. */
  causedBy: readonly ComponentKey[];
}

/** One period during which the level stayed the same. */
export interface Period {
  from: Instant;
  /** null: still going on. */
  until: Instant | null;
  level: Level;
}

/** How long a window was what, in milliseconds; the parts sum up to the window (contracts §4). */
export interface Uptime {
  window: number;
  up: number;
  down: number;
  maintenance: number;
  unknown: number;
  /** Part of `up` that was degraded or partly out. */
  degraded: number;
  /** up / (up + down); null when nothing was watched. */
  availability: number | null;
  /** 1 − unknown / window. */
  coverage: number;
}

/** One day of a history bar. */
export interface DayCell {
  /** Local date `YYYY-MM-DD` in the site's zone. */
  day: string;
  /** Worst level of the day by attention; `unknown` only if at least half of the day was unknown and nothing was worse. */
  level: Level;
  uptime: Uptime;
}

/** What a list shows of a component: already cut down to what the viewer may see. */
export interface ComponentRow {
  key: ComponentKey;
  name: string;
  kind: string;
  group: string;
  groupPosition: number;
  position: number;
  visibility: Visibility;
  link: string | null;
  /** Such as `region` and `category`. */
  attributes: Readonly<Record<string, string>>;
  status: Status;
  since: Instant;
  /** When it was first declared. */
  declaredAt: Instant;
  /** Time of the newest evidence behind the status; null when there never was any. */
  evidenceAt: Instant | null;
  days: readonly DayCell[];
  uptime90: Uptime;
}

/** The read side of `components`, for the areas that show their own things with their status. */
export interface ComponentReader {
  /** The level of every component the viewer may see: what is recorded, without its history. Cheap. */
  levels(viewer: Actor): Promise<ReadonlyMap<ComponentKey, Level>>;
  /** What the claims about some components make of them now, without their history; those the viewer may see. */
  statuses(viewer: Actor, keys: readonly ComponentKey[]): Promise<ReadonlyMap<ComponentKey, Status>>;
  /** Keys of what the viewer may see, also of what is withdrawn by now: what happened to it may still be told. */
  known(viewer: Actor): Promise<ReadonlySet<ComponentKey>>;
  /** Rows in list order; only what the viewer may see. Default: all areas. */
  rows(viewer: Actor, filter?: { area?: string; keys?: readonly ComponentKey[] }): Promise<ComponentRow[]>;
  /** Periods within a window, oldest first, the first and last cut to it. */
  periods(viewer: Actor, key: ComponentKey, window: { from: Instant; until: Instant }): Promise<Period[]>;
  /** The same of many components, which is far cheaper than asking for each; without those the viewer may not see. */
  periodsOf(
    viewer: Actor,
    keys: readonly ComponentKey[],
    window: { from: Instant; until: Instant },
  ): Promise<ReadonlyMap<ComponentKey, Period[]>>;
}
