import { schemaParts, VERSION } from '../app/index.ts';
import { migrate, migrationStatus, type OpenedDatabase } from '../platform/database/index.ts';
import { CONFIG_AND_JSON, readArguments, showUsage } from './arguments.ts';
import type { Command, Io } from './command.ts';
import { openConfigured, readConfig } from './open-configured.ts';

const USAGE = `Usage: signalbox migrate status [--json]
       signalbox migrate up [--json]

status  shows which migrations the database has seen; ends with 1 when some are missing
up      applies the missing ones, as the server does when it starts

Both take --config FILE and work while the server runs.`;

export const command: Command = {
  name: 'migrate',
  summary: 'Show or apply the migrations of the database',
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, CONFIG_AND_JSON);
    const [verb, ...rest] = positionals;
    if (values.help || (verb !== 'status' && verb !== 'up') || rest.length > 0) {
      return showUsage(io, USAGE, values.help);
    }
    await using db = await openConfigured(readConfig(values.config));
    const json = values.json === true;
    return verb === 'up' ? await up(db, json, io) : await status(db, json, io);
  },
};

async function status(db: OpenedDatabase, json: boolean, io: Io): Promise<number> {
  const { applied, pending } = await migrationStatus(db, schemaParts());
  if (json) io.print(JSON.stringify({ applied, pending }));
  else {
    for (const { module, name, appliedAt, version } of applied) {
      io.print(`applied  ${`${module}/${name}`.padEnd(40)} ${appliedAt}  Signalbox ${version}`);
    }
    for (const { module, name } of pending) io.print(`missing  ${module}/${name}`);
  }
  return pending.length === 0 ? 0 : 1;
}

async function up(db: OpenedDatabase, json: boolean, io: Io): Promise<number> {
  const done = await migrate(db, schemaParts(), { version: VERSION });
  if (json) io.print(JSON.stringify({ applied: done }));
  else if (done.length === 0) io.print('The database is up to date.');
  else for (const { module, name } of done) io.print(`applied  ${module}/${name}`);
  return 0;
}
