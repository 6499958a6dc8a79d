import type { Migration } from '../../database/index.ts';
import { createJobs } from './0001-jobs.ts';

export const jobsMigrations: readonly Migration[] = [createJobs];
