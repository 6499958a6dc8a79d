import { integer, nullable, type TablesOf, text } from '../../../platform/database/index.ts';

export const tables = {
  /** One row per configured project; the configuration is the source of the rest. */
  facility_project: {
    /** `<integration>/<project as configured>`. */
    id: text(),
    integration: text(),
    gitlab_id: nullable(integer()),
    path: nullable(text()),
    title: nullable(text()),
    web_url: nullable(text()),
    visibility: nullable(text()),
    /** Counts events; `done_seq` is how far the last good reading covers them. */
    dirty_seq: integer(),
    done_seq: integer(),
    /** The newest of these events that was not about something confidential. */
    open_seq: integer(),
    /** The process that reconciles it now, and until when it may be silent. */
    claim: nullable(text()),
    claim_until: nullable(text()),
    started_at: nullable(text()),
    succeeded_at: nullable(text()),
    /** Next reading even if nothing happens. */
    next_at: text(),
    /** No reading before this moment. */
    hold_until: nullable(text()),
    failures: integer(),
    error: nullable(text()),
    error_reason: nullable(text()),
    stale_since: nullable(text()),
    badge_error: nullable(text()),
    unknown_labels: text(),
    last_event_at: nullable(text()),
    /** JSON: what the last check of hook and token found. */
    health: nullable(text()),
    health_at: nullable(text()),
  },
  facility_device: {
    key: text(),
    /** `facility/<integration>/<project id in GitLab>`, as in its signals. */
    source: text(),
    label_id: integer(),
    label: text(),
    name: text(),
    colour: text(),
    group_name: text(),
    group_position: integer(),
    position: integer(),
    /** JSON of the declaration that was published last. */
    declared: text(),
    state: text(),
    level: text(),
    since: text(),
    confidential: integer(),
    issue_id: nullable(integer()),
    iid: nullable(integer()),
    issue_title: nullable(text()),
    issue_url: nullable(text()),
    /** Its due date: the planned end. */
    due_on: nullable(text()),
    /** Last activity of the deciding issue. */
    updated_at: nullable(text()),
    public_issues: integer(),
    /** `observedAt` of the signal that was published last. */
    signal_at: text(),
    withdrawn_at: nullable(text()),
  },
  /** Open issues with labels, and closed ones for a day. Number, title, address and due date are null for confidential ones. */
  facility_issue: {
    source: text(),
    issue_id: integer(),
    iid: nullable(integer()),
    title: nullable(text()),
    url: nullable(text()),
    due_on: nullable(text()),
    confidential: integer(),
    labels: text(),
    open: integer(),
    updated_at: text(),
    seen_at: text(),
  },
  /** Which deliveries were accepted, to know a repetition. Nothing of their content. */
  facility_delivery: {
    id: text(),
    integration: text(),
    project: nullable(text()),
    kind: text(),
    received_at: text(),
  },
  /** Every change of a device's state. */
  facility_state_change: {
    id: text(),
    device: text(),
    source: text(),
    at: text(),
    from_state: nullable(text()),
    to_state: text(),
    to_level: text(),
    issue_id: nullable(integer()),
    iid: nullable(integer()),
    issue_url: nullable(text()),
    confidential: integer(),
  },
} as const;

export type FacilityTables = TablesOf<typeof tables>;
