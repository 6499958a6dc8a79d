import { createTable, integer, type Migration, nullable, text } from '../../../../platform/database/index.ts';

const PROJECT = {
  id: text(),
  integration: text(),
  gitlab_id: nullable(integer()),
  path: nullable(text()),
  title: nullable(text()),
  web_url: nullable(text()),
  visibility: nullable(text()),
  dirty_seq: integer(),
  done_seq: integer(),
  claim: nullable(text()),
  claim_until: nullable(text()),
  started_at: nullable(text()),
  succeeded_at: nullable(text()),
  next_at: text(),
  hold_until: nullable(text()),
  failures: integer(),
  error: nullable(text()),
  error_reason: nullable(text()),
  stale_since: nullable(text()),
  badge_error: nullable(text()),
  unknown_labels: text(),
  last_event_at: nullable(text()),
  health: nullable(text()),
  health_at: nullable(text()),
};

const DEVICE = {
  key: text(),
  source: text(),
  label_id: integer(),
  label: text(),
  name: text(),
  colour: text(),
  group_name: text(),
  group_position: integer(),
  position: integer(),
  declared: text(),
  state: text(),
  level: text(),
  since: text(),
  confidential: integer(),
  issue_id: nullable(integer()),
  iid: nullable(integer()),
  issue_title: nullable(text()),
  issue_url: nullable(text()),
  updated_at: nullable(text()),
  public_issues: integer(),
  signal_at: text(),
  withdrawn_at: nullable(text()),
};

const ISSUE = {
  source: text(),
  issue_id: integer(),
  iid: nullable(integer()),
  title: nullable(text()),
  url: nullable(text()),
  confidential: integer(),
  labels: text(),
  open: integer(),
  updated_at: text(),
  seen_at: text(),
};

const DELIVERY = {
  id: text(),
  integration: text(),
  project: nullable(text()),
  kind: text(),
  received_at: text(),
};

const STATE_CHANGE = {
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
};

export const facilityTables: Migration = {
  name: '0001-facility',
  async up(db, engine) {
    await createTable(db, engine, 'facility_project', { columns: PROJECT, primaryKey: ['id'] });
    await createTable(db, engine, 'facility_device', {
      columns: DEVICE,
      primaryKey: ['key'],
      unique: [['source', 'label_id']],
    });
    await createTable(db, engine, 'facility_issue', { columns: ISSUE, primaryKey: ['source', 'issue_id'] });
    await createTable(db, engine, 'facility_delivery', { columns: DELIVERY, primaryKey: ['id'] });
    await createTable(db, engine, 'facility_state_change', { columns: STATE_CHANGE, primaryKey: ['id'] });
    await db.schema.createIndex('facility_device_source').on('facility_device').column('source').execute();
    await db.schema.createIndex('facility_delivery_received').on('facility_delivery').column('received_at').execute();
    await db.schema
      .createIndex('facility_state_change_device')
      .on('facility_state_change')
      .columns(['device', 'at'])
      .execute();
    await db.schema
      .createIndex('facility_state_change_issue')
      .on('facility_state_change')
      .columns(['source', 'issue_id'])
      .execute();
  },
};
