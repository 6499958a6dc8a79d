import type { Level, Visibility } from '../../../core/index.ts';
import { integer, nullable, type TablesOf, text } from '../../../platform/database/index.ts';

/** Kept in code beside the migrations that made them; a check compares both. */
export const componentsTables = {
  components_component: {
    key: text(),
    area: text(),
    name: text(),
    kind: text(),
    group_name: text(),
    group_position: integer(),
    position: integer(),
    visibility: text<Visibility>(),
    public_badge: integer(),
    link: nullable(text()),
    /** JSON object of texts. */
    attributes: text(),
    declared_at: text(),
    withdrawn_at: nullable(text()),
  },
  components_dependency: {
    component: text(),
    depends_on: text(),
    propagate: nullable(text<'degraded'>()),
  },
  /** The newest claim per component, source and name. */
  components_signal: {
    component: text(),
    source: text(),
    name: text(),
    level: text<Level>(),
    state: nullable(text()),
    summary: nullable(text()),
    evidence: nullable(text()),
    confidential: integer(),
    required: integer(),
    observed_at: text(),
    expires_at: nullable(text()),
    from_at: nullable(text()),
    until_at: nullable(text()),
    recorded_at: text(),
    /** JSON: what of it is confirmed; null while nothing is. */
    confirmed: nullable(text()),
    /** When time alone will confirm it. */
    confirms_at: nullable(text()),
  },
  /** A source that looked again: renews all its claims with one row. */
  components_evidence: { source: text(), observed_at: text(), expires_at: text() },
  /** The latest observations of signals that need confirmation. */
  components_observation: {
    component: text(),
    source: text(),
    name: text(),
    observed_at: text(),
    level: text<Level>(),
  },
  /** What was decided last, for comparing and for knowing when to look again. */
  components_status: {
    component: text(),
    level: text<Level>(),
    since: text(),
    /** Number of the last transition; 0 while there was none. */
    seq: integer(),
    decided_at: text(),
    next_at: nullable(text()),
    /** How often its past was told: what is remembered of its steps holds for one number. */
    told: integer(),
  },
  /** Every change of level, for ever. */
  components_transition: {
    component: text(),
    /** From 1 on; below it stands what was told of the time before. */
    seq: integer(),
    from_level: text<Level>(),
    to_level: text<Level>(),
    since: text(),
    recorded_at: text(),
    /** JSON: the why for members, and for everybody where that is another one. */
    why: text(),
  },
  /** Times when this program was not watching. */
  components_outage: { from_at: text(), until_at: text(), recorded_at: text(), reason: text<'stopped' | 'stalled'>() },
  components_heartbeat: { name: text(), at: text() },
  /** Answers given to requests with an Idempotency-Key. */
  components_request: { owner: text(), key: text(), body_hash: text(), answer: text(), at: text() },
} as const;

export type ComponentsTables = TablesOf<typeof componentsTables>;
export type ComponentRecord = ComponentsTables['components_component'];
export type SignalRecord = ComponentsTables['components_signal'];
export type StatusRecord = ComponentsTables['components_status'];
export type TransitionRecord = ComponentsTables['components_transition'];
