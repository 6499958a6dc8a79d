import { addColumn, type Migration, nullable, text } from '../../../../platform/database/index.ts';

export const dueDates: Migration = {
  name: '0003-due-dates',
  async up(db, engine) {
    for (const table of ['facility_device', 'facility_issue'])
      await addColumn(db, engine, table, { name: 'due_on', column: nullable(text()) });
  },
};
