import { readFile } from 'node:fs/promises';
import { AppError, system } from '../core/index.ts';
import {
  catalogContext,
  type ImportReport,
  importStatusDashboard,
  planStatusDashboard,
  readEnvironment,
  readSource,
} from '../modules/status-page/index.ts';
import type { Io } from './command.ts';
import { readConfig } from './open-configured.ts';
import { withConfiguredData } from './open-data.ts';
import { type FoundDatabase, findSdbDatabase } from './sdb-database.ts';
import { readSdb } from './sdb-snippet.ts';

interface Asked {
  config: string | undefined;
  /** Of the predecessor's database. */
  address: string | undefined;
  /** File with its settings. */
  env: string | undefined;
  dryRun: boolean;
  json: boolean;
}

/** Whoever may run this owns the data. */
const ACTOR = system('import');
/** So many remarks are read by a person; the rest is in --json. */
const MOST_REMARKS = 100;

export async function importDashboard(asked: Asked, io: Io): Promise<number> {
  const variables = asked.env === undefined ? null : readEnvironment(await readText(asked.env));
  const settings = variables === null ? null : readSdb(variables);
  if (settings !== null && !asked.json) {
    for (const line of settings.lines) io.error(line);
    if (settings.yaml !== '') io.print(settings.yaml.trimEnd());
  }
  const { address, lookedAt } = databaseOf(asked, settings);
  if (address === null) {
    if (asked.json) io.print(JSON.stringify({ settings: publicPart(settings), lookedAt }));
    else for (const line of nothingFound(lookedAt)) io.error(line);
    return 0;
  }
  // The section that was printed before refers to these; nothing else of that file is ours.
  const fallback = Object.fromEntries([...(variables ?? [])].filter(([name]) => name.startsWith('SDB_')));
  const config = readConfig(asked.config, fallback);
  const source = await readSource(address);
  return withConfiguredData(config, async ({ db, clock }) => {
    const context = catalogContext({ config, db, clock });
    const progress = (what: string, done: number, all: number) => {
      if (all > 1 && !asked.json) io.error(`${what}: ${done} of ${all}`);
    };
    const report = asked.dryRun
      ? await planStatusDashboard(context, ACTOR, source)
      : await importStatusDashboard(context, ACTOR, { source, progress });
    if (asked.json) io.print(JSON.stringify({ dryRun: asked.dryRun, ...report, settings: publicPart(settings) }));
    else for (const line of reportLines(report, asked.dryRun)) io.error(line);
    return 0;
  });
}

function databaseOf({ address, env }: Asked, settings: ReturnType<typeof readSdb> | null): FoundDatabase {
  if (address !== undefined || env === undefined) return { address: address ?? null, lookedAt: [] };
  return findSdbDatabase(settings?.database ?? null, env);
}

/** Settings alone are a complete run: they may be translated where the old server is not. */
function nothingFound(lookedAt: readonly string[]): string[] {
  if (lookedAt.length === 0) return ['No database is named: nothing is imported.'];
  return [
    'The database is in none of these places, so nothing is imported:',
    ...lookedAt.map((place) => `  ${place}`),
    'Name it, if it is elsewhere: signalbox import status-dashboard FILE',
  ];
}

/** The address of a database may hold a password. */
function publicPart(settings: ReturnType<typeof readSdb> | null) {
  return settings === null ? null : { yaml: settings.yaml, lines: settings.lines };
}

function reportLines(report: ImportReport, dryRun: boolean): string[] {
  const { components, incidents, updates, watchedFrom, watchedFromWhy, remarks } = report;
  const why =
    watchedFromWhy === 'first incident' ? 'the start of the first incident' : '90 days ago: there are no incidents';
  const shown = remarks
    .slice(0, MOST_REMARKS)
    .map(({ table, id, what, why: reason }) => `  ${table} ${id} ${what}: ${reason}`);
  const merged = components.merged === 0 ? '' : `, ${components.merged} told twice and joined`;
  const more = remarks.length - shown.length;
  return [
    dryRun ? 'Would be taken over:' : 'Taken over:',
    `  components: ${components.found} found, ${components.added} added, ${components.changed} changed, ${components.unchanged} unchanged, ${components.matched} were here already${merged}`,
    `  incidents: ${incidents.found} found, ${incidents.added} added, ${incidents.changed} changed, ${incidents.unchanged} unchanged, ${updates} updates in them`,
    `  watched from ${watchedFrom} on (${why})`,
    ...(remarks.length === 0
      ? ['Nothing was left out or changed.']
      : [`Left out or changed (${remarks.length}):`, ...shown]),
    ...(more > 0 ? [`  … and ${more} more; --json lists all`] : []),
  ];
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new AppError('invalid', `${file} cannot be read: does it exist, and may you read it?`, { cause });
  }
}
