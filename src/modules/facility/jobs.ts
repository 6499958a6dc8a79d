import { addMs, DAY, SECOND } from '../../core/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import type { FacilityContext } from './actions/facility-context.ts';
import type { ReconcileRunner } from './actions/reconcile-runner.ts';
import { readAllSoon, syncProjects } from './actions/sync-projects.ts';
import { forgetDeliveries } from './store/delivery-store.ts';

const REMEMBER_DELIVERIES = 2 * DAY;

export const LOOK_JOB = 'facility.look';

export function registerJobs(jobs: Jobs, context: FacilityContext, runner: ReconcileRunner): void {
  let known = context.config();
  jobs.add({
    name: LOOK_JOB,
    schedule: { everyMs: 30 * SECOND },
    async run() {
      await syncProjects(context);
      // After a reload labels may mean something else.
      if (context.config() !== known) await readAllSoon(context);
      known = context.config();
      runner.wakeAll();
    },
  });
  jobs.add({
    name: 'facility.forget_deliveries',
    schedule: { everyMs: DAY },
    async run() {
      const before = addMs(context.clock.now(), -REMEMBER_DELIVERIES);
      await context.db.write((tx) => forgetDeliveries(tx, before));
    },
  });
}
