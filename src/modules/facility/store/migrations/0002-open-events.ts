import { addColumn, integer, type Migration } from '../../../../platform/database/index.ts';

export const openEvents: Migration = {
  name: '0002-open-events',
  async up(db, engine) {
    await addColumn(db, engine, 'facility_project', { name: 'open_seq', column: integer(), default: 0 });
  },
};
