export { CloudDesk } from './cloud-desk.ts';
export { cloudDeeds } from './deeds.ts';
export { forgetStories } from './forget-stories.ts';
export { runCloudLife } from './life.ts';
export { YEAR_DAYS } from './past.ts';
export { StatusPageClient } from './status-page-client.ts';
