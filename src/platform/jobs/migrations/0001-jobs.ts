import { createTable, type Migration, nullable, text } from '../../database/index.ts';

export const createJobs: Migration = {
  name: '0001-jobs',
  async up(db, engine) {
    await createTable(db, engine, 'jobs_job', {
      columns: {
        name: text(),
        next_at: text(),
        started_at: nullable(text()),
        finished_at: nullable(text()),
        error: nullable(text()),
        claimed_by: nullable(text()),
        claimed_until: nullable(text()),
      },
      primaryKey: ['name'],
    });
  },
};
