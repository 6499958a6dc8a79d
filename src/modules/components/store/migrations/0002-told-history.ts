import { addColumn, integer, type Migration } from '../../../../platform/database/index.ts';

export const toldHistory: Migration = {
  name: '0002-told-history',
  async up(db, engine) {
    await addColumn(db, engine, 'components_status', { name: 'told', column: integer(), default: 0 });
  },
};
