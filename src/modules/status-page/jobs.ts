import { HOUR } from '../../core/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import type { FiguresContext } from './actions/availability-figures.ts';
import { freezeEndedMonths } from './actions/freeze-months.ts';

export function registerJobs(jobs: Pick<Jobs, 'add'>, context: FiguresContext): void {
  jobs.add({
    name: 'status-page.freeze_months',
    schedule: { everyMs: HOUR },
    run: async () => {
      await freezeEndedMonths(context);
    },
  });
}
