import { join } from 'node:path';
import { schemaParts } from '../app/index.ts';
import { AppError } from '../core/index.ts';
import { backup, backupName, migrationStatus } from '../platform/database/index.ts';
import { CONFIG_AND_JSON, readArguments, showUsage } from './arguments.ts';
import type { Command } from './command.ts';
import { openConfigured, readConfig } from './open-configured.ts';

const USAGE = `Usage: signalbox backup [FILE] [--json]

Writes a verified backup to FILE, or to a new file in the folder of the scheduled backups. An existing file is never
overwritten. Works while the server runs. Takes --config FILE.`;

export const command: Command = {
  name: 'backup',
  summary: 'Write a verified backup of the database',
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, CONFIG_AND_JSON);
    if (values.help || positionals.length > 1) return showUsage(io, USAGE, values.help);
    const config = readConfig(values.config);
    await using db = await openConfigured(config);
    // An older database is backed up as it is: that is what one does before an update.
    const { applied } = await migrationStatus(db, schemaParts());
    if (applied.length === 0) throw new AppError('not_found', 'There is nothing to back up: the database is empty.');
    const target = positionals[0] ?? join(config.database.backup.folder, backupName(db.clock.now(), db.engine));
    const made = await backup(db, target);
    if (values.json) io.print(JSON.stringify(made));
    else {
      const rows = made.rows === null ? '' : ` and ${made.rows} rows`;
      io.print(`${made.path}: ${made.bytes} bytes, ${made.tables} tables${rows}, verified.`);
    }
    return 0;
  },
};
