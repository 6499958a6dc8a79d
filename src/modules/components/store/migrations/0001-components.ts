import { createTable, integer, type Migration, nullable, text } from '../../../../platform/database/index.ts';

export const migration: Migration = {
  name: '0001-components',
  async up(db, engine) {
    await createTable(db, engine, 'components_component', {
      columns: {
        key: text(),
        area: text(),
        name: text(),
        kind: text(),
        group_name: text(),
        group_position: integer(),
        position: integer(),
        visibility: text(),
        public_badge: integer(),
        link: nullable(text()),
        attributes: text(),
        declared_at: text(),
        withdrawn_at: nullable(text()),
      },
      primaryKey: ['key'],
    });
    await createTable(db, engine, 'components_dependency', {
      columns: { component: text(), depends_on: text(), propagate: nullable(text()) },
      primaryKey: ['component', 'depends_on'],
    });
    await createTable(db, engine, 'components_signal', {
      columns: {
        component: text(),
        source: text(),
        name: text(),
        level: text(),
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
        confirmed: nullable(text()),
        confirms_at: nullable(text()),
      },
      primaryKey: ['component', 'source', 'name'],
    });
    await createTable(db, engine, 'components_evidence', {
      columns: { source: text(), observed_at: text(), expires_at: text() },
      primaryKey: ['source'],
    });
    await createTable(db, engine, 'components_observation', {
      columns: { component: text(), source: text(), name: text(), observed_at: text(), level: text() },
      primaryKey: ['component', 'source', 'name', 'observed_at'],
    });
    await createTable(db, engine, 'components_status', {
      columns: {
        component: text(),
        level: text(),
        since: text(),
        seq: integer(),
        decided_at: text(),
        next_at: nullable(text()),
      },
      primaryKey: ['component'],
    });
    await createTable(db, engine, 'components_transition', {
      columns: {
        component: text(),
        seq: integer(),
        from_level: text(),
        to_level: text(),
        since: text(),
        recorded_at: text(),
        why: text(),
      },
      primaryKey: ['component', 'seq'],
    });
    await createTable(db, engine, 'components_outage', {
      columns: { from_at: text(), until_at: text(), recorded_at: text(), reason: text() },
      primaryKey: ['from_at'],
    });
    await createTable(db, engine, 'components_heartbeat', {
      columns: { name: text(), at: text() },
      primaryKey: ['name'],
    });
    await createTable(db, engine, 'components_request', {
      columns: { owner: text(), key: text(), body_hash: text(), answer: text(), at: text() },
      primaryKey: ['owner', 'key'],
    });
    const indexes: [string, string, string[]][] = [
      ['components_component_area', 'components_component', ['area']],
      ['components_dependency_depends_on', 'components_dependency', ['depends_on']],
      ['components_signal_source', 'components_signal', ['source']],
      ['components_observation_time', 'components_observation', ['observed_at']],
      ['components_status_next', 'components_status', ['next_at']],
      ['components_transition_since', 'components_transition', ['since', 'component']],
      ['components_request_at', 'components_request', ['at']],
    ];
    for (const [name, table, columns] of indexes) {
      await db.schema.createIndex(name).on(table).columns(columns).execute();
    }
  },
};
