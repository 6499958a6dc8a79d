import { nullable, type SchemaPart, type TablesOf, text } from '../database/index.ts';
import { jobsMigrations } from './migrations/index.ts';

export const jobsTables = {
  jobs_job: {
    name: text(),
    next_at: text(),
    started_at: nullable(text()),
    finished_at: nullable(text()),
    error: nullable(text()),
    claimed_by: nullable(text()),
    claimed_until: nullable(text()),
  },
};

export type JobsTables = TablesOf<typeof jobsTables>;

/** What the migrator is given for scheduled work. */
export const jobsSchema: SchemaPart = { name: 'jobs', tables: jobsTables, migrations: jobsMigrations };
