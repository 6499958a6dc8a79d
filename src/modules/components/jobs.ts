import { HOUR, SECOND } from '../../core/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import { beat } from './actions/beat.ts';
import type { ComponentsContext } from './actions/components-context.ts';
import { expireSignals } from './actions/expire-signals.ts';
import { pruneComponents } from './actions/prune-components.ts';

export function registerJobs(jobs: Pick<Jobs, 'add'>, context: ComponentsContext): void {
  jobs.add({
    name: 'components.expire',
    schedule: { everyMs: 5 * SECOND },
    run: async () => {
      await expireSignals(context);
    },
  });
  jobs.add({ name: 'components.beat', schedule: { everyMs: 10 * SECOND }, run: () => beat(context) });
  jobs.add({ name: 'components.prune', schedule: { everyMs: HOUR }, run: () => pruneComponents(context) });
}
