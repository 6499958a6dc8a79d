import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, system } from '../core/index.ts';
import {
  catalogContext,
  catalogMistakesText,
  changesAnything,
  countPurge,
  exportCatalog,
  provisionCatalog,
  purgeCatalog,
  readCatalogPlan,
} from '../modules/status-page/index.ts';
import { readArguments, showUsage } from './arguments.ts';
import { planJson, planLines } from './catalog-report.ts';
import type { Command, Io } from './command.ts';
import { readConfig } from './open-configured.ts';
import { withData } from './open-data.ts';
import { type Prompt, terminalPrompt } from './prompt.ts';

const USAGE = `Usage: signalbox catalog provision [FILE] [--dry-run] [--json]
       signalbox catalog export [FILE]
       signalbox catalog purge [--dry-run] [--yes] [--json]

provision  makes the catalogue of the status page what FILE says; without FILE catalog.yaml in the data folder.
           Entries that changed are updated, those that vanished are retired: hidden, with their history kept.
           What people added or changed in the pages stays, unless the file names its key.
  --dry-run  only says what would change. Exit code: 0 nothing, 1 something.
export     writes the catalogue to FILE, or prints it. Providing it again changes nothing.
purge      removes everything of the status page: components, incidents, subscriptions. Asks first.
  --dry-run  only says what would be removed. Exit code: 0.
  --yes      does not ask

All take --config FILE and work while the server runs. docs/status-page-catalog.md describes the file.
Exit code: 0 done, 1 would change something (provision --dry-run) or not confirmed, 2 could not run, such as a mistake in the file.`;

/** Whoever may run this owns the data. */
const ACTOR = system('command-line');
/** Fewer are written in a blink. */
const WORTH_TELLING = 200;

export const command: Command = {
  name: 'catalog',
  summary: 'Provide, export or purge the catalogue of the status page',
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, {
      config: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
    });
    const [verb, file, ...rest] = positionals;
    const { config, json } = values;
    if (!values.help && rest.length === 0) {
      if (verb === 'provision' && !values.yes) return provision({ config, json, file, dryRun: values['dry-run'] }, io);
      if (verb === 'export' && !json && !values.yes && !values['dry-run']) return exportTo({ config, file }, io);
      if (verb === 'purge' && file === undefined) {
        if (values['dry-run']) return planPurge({ config, json }, io);
        return purge({ config, json, yes: values.yes }, io);
      }
    }
    return showUsage(io, USAGE, values.help);
  },
};

interface Asked {
  config: string | undefined;
  json: boolean;
}

async function provision(
  { config: configFile, json, file, dryRun }: Asked & { file: string | undefined; dryRun: boolean },
  io: Io,
): Promise<number> {
  const config = readConfig(configFile);
  const path = file ?? join(config.data.folder, 'catalog.yaml');
  const text = await readCatalog(path, file === undefined);
  return withData(configFile, async ({ db, clock }) => {
    const planned = await readCatalogPlan(db, text);
    if (planned.mistakes.length > 0) {
      if (json) io.print(JSON.stringify({ dryRun, ...planJson(planned) }));
      else io.error(catalogMistakesText(planned.mistakes, path));
      return 2;
    }
    const progress = (done: number, all: number) => {
      if (all >= WORTH_TELLING) io.error(`${done} of ${all}`);
    };
    const context = catalogContext({ config, db, clock });
    const plan = dryRun ? planned : await provisionCatalog(context, ACTOR, { text, file: path, progress });
    if (json) io.print(JSON.stringify({ dryRun, ...planJson(plan) }));
    else for (const line of planLines(plan)) io.print(line);
    if (!dryRun) return 0;
    if (!json) io.error('Nothing was changed: this was a dry run.');
    return changesAnything(plan) ? 1 : 0;
  });
}

async function readCatalog(path: string, isUsual: boolean): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const remedy = isUsual
      ? 'Put your catalogue there, or name it: signalbox catalog provision FILE. examples/catalog.yaml is one.'
      : 'Does it exist, and may you read it?';
    throw new AppError('invalid', `${path} cannot be read. ${remedy}`, { cause });
  }
}

async function exportTo(
  { config, file }: { config: string | undefined; file: string | undefined },
  io: Io,
): Promise<number> {
  return withData(config, async ({ db }) => {
    const text = await exportCatalog(db, ACTOR);
    if (file === undefined) io.print(text.trimEnd());
    else {
      await writeNew(file, text);
      io.error(`${file} is written.`);
    }
    return 0;
  });
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const problem = exists ? 'exists already and is never overwritten' : 'cannot be written';
    throw new AppError(exists ? 'conflict' : 'invalid', `${file} ${problem}. Name another file.`, { cause });
  }
}

async function planPurge({ config: configFile, json }: Asked, io: Io): Promise<number> {
  return withData(configFile, async ({ db }) => {
    const counts = await countPurge({ db }, ACTOR);
    if (json) io.print(JSON.stringify({ dryRun: true, ...counts }));
    else {
      io.print(`Would remove ${whatGoes(counts)}.`);
      io.error('Nothing was removed: this was a dry run.');
    }
    return 0;
  });
}

function whatGoes({ components, incidents }: Awaited<ReturnType<typeof countPurge>>): string {
  return `${components} components and ${incidents} incidents, with everything that belongs to them`;
}

async function purge(
  { config: configFile, json, yes }: Asked & { yes: boolean },
  io: Io,
  prompt: Prompt | null = yes ? null : terminalPrompt(),
): Promise<number> {
  const config = readConfig(configFile);
  try {
    return await withData(configFile, async ({ db, clock }) => {
      const context = catalogContext({ config, db, clock });
      const what = whatGoes(await countPurge(context, ACTOR));
      if (!yes && !(prompt !== null && (await prompt.yes(`Remove ${what}, for ever`)))) {
        io.error(`Nothing was removed.${prompt === null ? ` Add --yes to remove ${what}.` : ''}`);
        return 1;
      }
      const purged = await purgeCatalog(context, ACTOR);
      if (json) io.print(JSON.stringify(purged));
      else io.print(`Removed ${purged.components} components and ${purged.incidents} incidents.`);
      return 0;
    });
  } finally {
    prompt?.close();
  }
}
