export type { Job, JobState, Jobs } from './jobs.ts';
