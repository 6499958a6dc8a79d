import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { modules } from '../app/modules.ts';
import { AppError } from '../core/index.ts';
import { configJsonSchema, exampleYaml } from '../platform/config/index.ts';
import { readArguments, showUsage } from './arguments.ts';
import type { Command, Io } from './command.ts';

const SCHEMA_FILE = 'signalbox.schema.json';

const USAGE = `Usage: signalbox init [FILE] [--force]
Writes FILE (default signalbox.yaml), and ${SCHEMA_FILE} beside it, by which editors complete it.`;

export const command: Command = {
  name: 'init',
  summary: 'Write a commented signalbox.yaml to begin with',
  run: init,
};

async function init(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, { force: { type: 'boolean' } });
  if (values.help || positionals.length > 1) return showUsage(io, USAGE, values.help);
  const file = positionals[0] ?? 'signalbox.yaml';
  const schemaFile = join(dirname(file), SCHEMA_FILE);
  const sections = Object.fromEntries(modules.map((module) => [module.name, module.config]));
  // Tokens will be written into it: nobody else on the machine needs to read them.
  await write(file, exampleYaml(sections), { flag: values.force ? 'w' : 'wx', mode: 0o600 });
  await write(schemaFile, `${JSON.stringify(configJsonSchema(sections), null, 2)}\n`, { flag: 'w', mode: 0o644 });
  io.print(`Wrote ${file} and ${schemaFile}.`);
  io.print(`Set http.public_url in it, then: signalbox check-config ${file}`);
  return 0;
}

async function write(file: string, text: string, how: { flag: 'w' | 'wx'; mode: number }): Promise<void> {
  try {
    await writeFile(file, text, how);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'EEXIST') throw new AppError('conflict', `${file} exists. Use --force to write over it.`, { cause });
    if (code === 'ENOENT') throw new AppError('not_found', `The folder ${dirname(file)} does not exist.`, { cause });
    throw new AppError('unavailable', `${file} cannot be written (${String(code)}).`, { cause });
  }
}
