import { createTable, integer, type Migration, nullable, real, text } from '../../../../platform/database/index.ts';

const COMPONENT = {
  number: integer(),
  key: text(),
  catalog_key: nullable(text()),
  name: text(),
  region: nullable(text()),
  category: nullable(text()),
  attributes: text(),
  description: nullable(text()),
  docs_url: nullable(text()),
  visibility: text(),
  position: integer(),
  target: nullable(real()),
  owner: text(),
  watched_from: text(),
  created_at: text(),
  modified_at: text(),
  retired_at: nullable(text()),
};

const INCIDENT = {
  id: integer(),
  type: text(),
  title: text(),
  description: nullable(text()),
  impact: integer(),
  status: text(),
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
  series_date: nullable(text()),
  merged_into: nullable(integer()),
  told: integer(),
};

const UPDATE = {
  id: integer(),
  incident: integer(),
  at: text(),
  status: text(),
  system: integer(),
  text: nullable(text()),
  fact: nullable(text()),
  created_at: text(),
  created_by: text(),
  modified_at: nullable(text()),
  modified_by: nullable(text()),
};

const SERIES = {
  id: text(),
  title: text(),
  description: text(),
  components: text(),
  rule: text(),
  zone: text(),
  start_local: text(),
  duration_minutes: integer(),
  exceptions: text(),
  contact_email: nullable(text()),
  created_at: text(),
  created_by: text(),
  version: integer(),
  ended_at: nullable(text()),
};

const MONTH = {
  component: text(),
  month: text(),
  up: integer(),
  down: integer(),
  maintenance: integer(),
  unknown: integer(),
  degraded: integer(),
  frozen_at: text(),
};

const ofIncident = [{ columns: ['incident'], table: 'status_page_incident', to: ['id'], onDelete: 'cascade' }] as const;

export const statusPageTables: Migration = {
  name: '0001-status-page',
  async up(db, engine) {
    await createTable(db, engine, 'status_page_component', {
      columns: COMPONENT,
      identity: 'number',
      unique: [['key'], ['catalog_key']],
    });
    await createTable(db, engine, 'status_page_region', {
      columns: { id: text(), label: text(), position: integer(), owner: text() },
      primaryKey: ['id'],
    });
    await createTable(db, engine, 'status_page_incident', { columns: INCIDENT, identity: 'id' });
    await createTable(db, engine, 'status_page_incident_component', {
      columns: {
        incident: integer(),
        component: text(),
        from_at: text(),
        to_at: nullable(text()),
        moved_to: nullable(integer()),
        position: integer(),
      },
      primaryKey: ['incident', 'component', 'from_at'],
      references: ofIncident,
    });
    await createTable(db, engine, 'status_page_impact', {
      columns: { incident: integer(), from_at: text(), impact: integer() },
      primaryKey: ['incident', 'from_at'],
      references: ofIncident,
    });
    await createTable(db, engine, 'status_page_update', { columns: UPDATE, identity: 'id', references: ofIncident });
    await createTable(db, engine, 'status_page_update_revision', {
      columns: { update_id: integer(), at: text(), by: text(), text: text() },
      primaryKey: ['update_id', 'at'],
    });
    await createTable(db, engine, 'status_page_series', { columns: SERIES, primaryKey: ['id'] });
    await createTable(db, engine, 'status_page_template', {
      columns: {
        id: text(),
        name: text(),
        status: nullable(text()),
        text: text(),
        position: integer(),
        modified_at: text(),
      },
      primaryKey: ['id'],
    });
    await createTable(db, engine, 'status_page_report', {
      columns: { component: text(), impact: integer(), at: text() },
      primaryKey: ['component'],
    });
    await createTable(db, engine, 'status_page_month', { columns: MONTH, primaryKey: ['component', 'month'] });
    await createTable(db, engine, 'status_page_import', {
      columns: { source: text(), kind: text(), foreign_id: text(), ours: text() },
      primaryKey: ['source', 'kind', 'foreign_id'],
    });
    const indexes: [string, string, string[]][] = [
      ['status_page_component_name', 'status_page_component', ['name']],
      ['status_page_incident_end', 'status_page_incident', ['end_at']],
      ['status_page_incident_start', 'status_page_incident', ['start_at']],
      ['status_page_incident_component_component', 'status_page_incident_component', ['component', 'incident']],
      ['status_page_update_incident', 'status_page_update', ['incident', 'at']],
    ];
    for (const [name, table, columns] of indexes) {
      await db.schema.createIndex(name).on(table).columns(columns).execute();
    }
    // One maintenance for one day of a series, whoever makes it.
    await db.schema
      .createIndex('status_page_incident_series')
      .unique()
      .on('status_page_incident')
      .columns(['series', 'series_date'])
      .execute();
  },
};
