import type { Visibility } from '../../../core/index.ts';
import { integer, nullable, real, type TablesOf, text } from '../../../platform/database/index.ts';
import type { Said } from '../domain/concern.ts';
import type { IncidentStatus, IncidentType } from '../domain/incident.ts';
import type { Audience, SubscriptionKind, SubscriptionState } from '../domain/subscription.ts';

/** Kept in code beside the migrations that made them; a check compares both. */
export const tables = {
  /** The catalogue: one row per service and region. */
  status_page_component: {
    /** Its number for the predecessor's clients; never given twice. */
    number: integer(),
    key: text(),
    /** Identity in the catalogue file, stable over renames. */
    catalog_key: nullable(text()),
    name: text(),
    region: nullable(text()),
    category: nullable(text()),
    /** JSON: `[name, value]` pairs in their order, region and category included. */
    attributes: text(),
    description: nullable(text()),
    docs_url: nullable(text()),
    visibility: text<Visibility>(),
    position: integer(),
    /** Percent of a month that is promised, such as 99.9. */
    target: nullable(real()),
    /** Who says how it is: a later provision changes what files own, and nothing that a person owns. */
    owner: text<'file' | 'person'>(),
    /** From when on somebody watched it; months before are unknown. */
    watched_from: text(),
    created_at: text(),
    modified_at: text(),
    retired_at: nullable(text()),
  },
  /** Order and words of the regions. */
  status_page_region: { id: text(), label: text(), position: integer(), owner: text<'file' | 'person'>() },
  status_page_incident: {
    id: integer(),
    type: text<IncidentType>(),
    title: text(),
    description: nullable(text()),
    impact: integer(),
    status: text<IncidentStatus>(),
    start_at: text(),
    end_at: nullable(text()),
    system: integer(),
    version: integer(),
    created_at: text(),
    modified_at: text(),
    created_by: text(),
    created_by_id: nullable(text()),
    contact_email: nullable(text()),
    postmortem: nullable(text()),
    postmortem_at: nullable(text()),
    series: nullable(text()),
    /** Which day of its series, `YYYY-MM-DD`. */
    series_date: nullable(text()),
    merged_into: nullable(integer()),
    told: integer(),
  },
  status_page_incident_component: {
    incident: integer(),
    component: text(),
    from_at: text(),
    to_at: nullable(text()),
    moved_to: nullable(integer()),
    position: integer(),
  },
  /** Each change of an incident's impact with its time, for figures; the first row is its beginning. */
  status_page_impact: { incident: integer(), from_at: text(), impact: integer() },
  status_page_update: {
    id: integer(),
    incident: integer(),
    at: text(),
    status: text<IncidentStatus>(),
    system: integer(),
    text: nullable(text()),
    /** JSON: what the program noted. */
    fact: nullable(text()),
    created_at: text(),
    created_by: text(),
    modified_at: nullable(text()),
    modified_by: nullable(text()),
  },
  /** Who made which version of an incident, so that one who comes too late is told what was in the meantime. */
  status_page_change: {
    incident: integer(),
    version: integer(),
    at: text(),
    by: text(),
    change: text(),
    status: text<IncidentStatus>(),
  },
  /** What an update said before it was corrected. */
  status_page_update_revision: { update_id: integer(), at: text(), by: text(), text: text() },
  /** A maintenance that comes again. */
  status_page_series: {
    id: text(),
    title: text(),
    description: text(),
    /** JSON: keys. */
    components: text(),
    rule: text(),
    zone: text(),
    /** Wall clock of the first one, `YYYY-MM-DDTHH:MM`. */
    start_local: text(),
    duration_minutes: integer(),
    /** JSON: local dates left out. */
    exceptions: text(),
    contact_email: nullable(text()),
    created_at: text(),
    created_by: text(),
    version: integer(),
    ended_at: nullable(text()),
  },
  /** Words for updates that are written again and again. */
  status_page_template: {
    id: text(),
    name: text(),
    status: nullable(text<IncidentStatus>()),
    text: text(),
    position: integer(),
    modified_at: text(),
  },
  /** The last that monitors said of a component: a repetition within seconds costs nothing. */
  status_page_report: { component: text(), impact: integer(), at: text() },
  /** Troubles that signals told of and that are not over: each opens an incident once, and its end is noted once. */
  status_page_trouble: { component: text(), impact: integer(), at: text() },
  /** Months that ended: what they were stays (specification §13). */
  status_page_month: {
    component: text(),
    month: text(),
    up: integer(),
    down: integer(),
    maintenance: integer(),
    unknown: integer(),
    degraded: integer(),
    frozen_at: text(),
  },
  /** Which number of another system became which of ours: importing again finds it. */
  status_page_import: {
    source: text(),
    kind: text(),
    foreign_id: text(),
    ours: text(),
    /** What it said there when it was taken over last, as a hash. */
    fingerprint: nullable(text()),
    /** The version it had here then: another one now means that somebody touched it. */
    version: nullable(integer()),
  },
  /** What a component of the catalogue depends on. */
  status_page_dependency: {
    component: text(),
    depends_on: text(),
    propagate: nullable(text<'degraded'>()),
    position: integer(),
  },
  /** Components with the standing signal of those who vouch for them. */
  status_page_watch: { component: text(), since: text() },
  /** Who is told of incidents, by which way. */
  status_page_subscription: {
    id: text(),
    kind: text<SubscriptionKind>(),
    target: text(),
    target_hash: text(),
    /** JSON: keys that sign webhooks, the newest first. */
    secrets: text(),
    owner_email: nullable(text()),
    owner_hash: text(),
    language: text<'en' | 'it'>(),
    /** JSON. */
    filter: text(),
    state: text<SubscriptionState>(),
    confirm_hash: nullable(text()),
    confirm_until: nullable(text()),
    manage_token: text(),
    created_at: text(),
    created_by: text(),
    confirmed_at: nullable(text()),
    disabled_at: nullable(text()),
    disabled_reason: nullable(text()),
    ended_at: nullable(text()),
    /** `staff`: an address that is mailed about maintenances, and that nobody subscribed. */
    audience: text<Audience>(),
  },
  /** What a subscriber was told of an incident: what was told as broken is told as mended. */
  status_page_thread: {
    subscription: text(),
    incident: integer(),
    said: text<Said>(),
    opened_at: nullable(text()),
    closed_at: nullable(text()),
    /** Newest version of the incident that a message stands for, sent or on its way. */
    told_version: integer(),
    /** Newest update that a message told. */
    told_update: integer(),
    /** As it was told, for when nothing of the incident is public any more. */
    title: text(),
  },
  /** The outbox of messages to subscribers; the id is the same at every attempt. */
  status_page_delivery: {
    id: text(),
    subscription: text(),
    incident: nullable(integer()),
    /** Of the incident, when the delivery was planned or last joined. */
    version: integer(),
    type: text(),
    created_at: text(),
    next_at: text(),
    state: text<'pending' | 'sending' | 'sent' | 'failed'>(),
    attempts: integer(),
    locked_until: nullable(text()),
    last_error: nullable(text()),
    sent_at: nullable(text()),
    /** JSON: the message, made at the first attempt and the same at each; gone once it is sent. */
    payload: nullable(text()),
    /** The delivery whose message tells this one as well. */
    carrier: nullable(text()),
  },
} as const;

export type StatusPageTables = TablesOf<typeof tables>;
export type ComponentRecord = StatusPageTables['status_page_component'];
export type IncidentRecord = StatusPageTables['status_page_incident'];
export type MembershipRecord = StatusPageTables['status_page_incident_component'];
export type UpdateRecord = StatusPageTables['status_page_update'];
export type SeriesRecord = StatusPageTables['status_page_series'];
export type ChangeRecord = StatusPageTables['status_page_change'];
export type TemplateRecord = StatusPageTables['status_page_template'];
export type SubscriptionRecord = StatusPageTables['status_page_subscription'];
export type ThreadRecord = StatusPageTables['status_page_thread'];
export type DeliveryRecord = StatusPageTables['status_page_delivery'];
