import { addColumn, type Migration, text } from '../../../../platform/database/index.ts';

export const staffMail: Migration = {
  name: '0006-staff-mail',
  async up(db, engine) {
    const audience = { name: 'audience', column: text(), default: 'public' };
    await addColumn(db, engine, 'status_page_subscription', audience);
  },
};
