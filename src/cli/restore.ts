import { schemaParts } from '../app/index.ts';
import { systemClock } from '../core/index.ts';
import { restore } from '../platform/database/index.ts';
import { CONFIG_AND_JSON, readArguments, showUsage } from './arguments.ts';
import type { Command } from './command.ts';
import { readConfig } from './open-configured.ts';

const USAGE = `Usage: signalbox restore FILE [--force] [--json]

Puts a backup in the place of the configured database. Stop the server first. The backup is read from end to end before
anything is touched.

--force  replaces a database that is there; a SQLite file is kept beside it under another name

Takes --config FILE.`;

export const command: Command = {
  name: 'restore',
  summary: 'Put a backup in the place of the database',
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, { ...CONFIG_AND_JSON, force: { type: 'boolean' } });
    const [source, ...rest] = positionals;
    if (values.help || source === undefined || rest.length > 0) return showUsage(io, USAGE, values.help);
    const config = readConfig(values.config);
    const { keptAs } = await restore({
      url: config.database.url,
      source,
      force: values.force === true,
      parts: schemaParts(),
      clock: systemClock,
    });
    if (values.json) io.print(JSON.stringify({ restored: source, keptAs }));
    else {
      io.print(`Restored ${source}.`);
      if (keptAs !== null) io.print(`What was there before is kept as ${keptAs}.`);
    }
    return 0;
  },
};
