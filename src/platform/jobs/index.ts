export { createJobs, type JobsParts } from './create-jobs.ts';
export type { Job, JobState, Jobs } from './jobs.ts';
export { jobsSchema } from './schema.ts';
