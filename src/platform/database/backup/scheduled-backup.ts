import { join } from 'node:path';
import { HOUR } from '../../../core/index.ts';
import type { Logger } from '../../log/index.ts';
import type { OpenedDatabase } from '../database.ts';
import { backup } from './backup.ts';
import { backupName, keepNewest } from './backup-files.ts';

export interface ScheduledBackup {
  db: OpenedDatabase;
  folder: string;
  /** How many backups stay, the newest ones. */
  keep: number;
  cron: string;
  zone: string;
  log: Logger;
}

/** A job for `jobs.add`. (Its type is not named here: jobs keep their state in the database, not the other way round.) */
export interface BackupJob {
  name: string;
  schedule: { cron: string; zone: string };
  timeoutMs: number;
  run(signal: AbortSignal): Promise<void>;
}

export function scheduledBackup({ db, folder, keep, cron, zone, log }: ScheduledBackup): BackupJob {
  return {
    name: 'database.backup',
    schedule: { cron, zone },
    timeoutMs: HOUR,
    async run(signal) {
      const made = await backup(db, join(folder, backupName(db.clock.now(), db.engine)), signal);
      const removed = await keepNewest(folder, Math.max(1, keep), db.clock.now());
      log.info({ path: made.path, bytes: made.bytes, removed }, 'backup made and verified');
    },
  };
}
