import { addMs, type Clock, DAY, HOUR } from '../core/index.ts';
import type { Config } from '../platform/config/index.ts';
import { type OpenedDatabase, scheduledBackup } from '../platform/database/index.ts';
import type { Jobs } from '../platform/jobs/index.ts';
import type { OperatedJournal } from '../platform/journal/index.ts';
import type { Logger } from '../platform/log/index.ts';

interface Parts {
  jobs: Jobs;
  journal: OperatedJournal;
  db: OpenedDatabase;
  config: () => Config;
  clock: Clock;
  log: Logger;
}

/** Work that belongs to no area: forgetting delivered events, backing up. */
export function addPlatformJobs({ jobs, journal, db, config, clock, log }: Parts): void {
  jobs.add({
    name: 'journal.prune',
    schedule: { everyMs: 6 * HOUR },
    run: async () => {
      const removed = await journal.prune(addMs(clock.now(), -config().retention.journal_days * DAY));
      if (removed > 0) log.info({ removed }, 'old events left the journal');
    },
  });
  const { backup } = config().database;
  if (backup.schedule !== undefined) {
    const { schedule, keep, folder } = backup;
    jobs.add(scheduledBackup({ db, folder, keep, cron: schedule, zone: config().site.timezone, log }));
  }
}
