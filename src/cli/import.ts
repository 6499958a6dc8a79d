import { readFile } from 'node:fs/promises';
import { AppError } from '../core/index.ts';
import { importBadger } from '../modules/facility/index.ts';
import { CONFIG_AND_JSON, readArguments, showUsage } from './arguments.ts';
import type { Command, Io } from './command.ts';
import { facilitySnippet, secretFiles } from './facility-snippet.ts';
import { importDashboard } from './import-dashboard.ts';

const USAGE = `Usage: signalbox import facility <badger.toml> [--integration NAME] [--json]
       signalbox import status-dashboard [FILE|postgres://…] [--env FILE] [--dry-run] [--json] [--config FILE]

facility          reads the configuration of facility-autobadge and prints the section for signalbox.yaml, and what is
                  left to do

status-dashboard  takes over components, incidents, updates and history from the database of status-dashboard, of the
                  Flask or of the Go generation, and says what was left out. It only reads there. Doing it again adds
                  what is new there and changes what changed there, unless it was changed here too.
  --env FILE      reads its SDB_ settings and prints the matching keys of signalbox.yaml; without another address the
                  database is the one named there, or example.sqlite. A relative one is looked for in the folder
                  instance beside FILE, beside FILE, and here; where there is none, the settings are all there is to do
  --dry-run       only says what would be taken over

docs/status-page-migration.md leads through an afternoon's switch-over. Exit code: 0 done, 2 could not run.`;

export const command: Command = {
  name: 'import',
  summary: 'Take over facility-autobadge or status-dashboard',
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, {
      ...CONFIG_AND_JSON,
      integration: { type: 'string', default: 'gitlab' },
      env: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
    });
    const [area, file, ...rest] = positionals;
    const isNamed = file !== undefined || values.env !== undefined;
    if (!values.help && area === 'status-dashboard' && rest.length === 0 && isNamed) {
      const { config, env, json = false } = values;
      return importDashboard({ config, env, address: file, dryRun: values['dry-run'], json }, io);
    }
    if (values.help || area !== 'facility' || file === undefined || rest.length > 0) {
      return showUsage(io, USAGE, values.help);
    }
    return importFacility(file, values, io);
  },
};

async function importFacility(
  file: string,
  options: { integration: string; json?: boolean | undefined },
  io: Io,
): Promise<number> {
  const { url, project } = importBadger(await readText(file));
  const { integration } = options;
  const files = secretFiles('secrets', integration, project);
  if (options.json === true) {
    io.print(JSON.stringify({ url, project, integration }));
    return 0;
  }
  io.print(facilitySnippet({ integration, url, project, files }).trimEnd());
  for (const line of nextSteps(url, project, integration)) io.error(line);
  return 0;
}

function nextSteps(url: string, project: number | string, integration: string): string[] {
  return [
    '',
    'What is left to do:',
    `1. Make a project access token in GitLab with the scope api and the role Maintainer.`,
    `2. signalbox facility connect --url ${url} --project ${project} --integration ${integration}`,
    '   It keeps the labels and takes over the badges, creates the webhook and writes the two secret files.',
    '3. Put the section above into signalbox.yaml, with the names of the files that were written, and start Signalbox.',
    '4. In GitLab, delete the webhook whose address begins with /update/ and revoke the token that stands in it:',
    '   it has been in the logs of everything between GitLab and the old server.',
  ];
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new AppError('invalid', `${file} cannot be read: does it exist, and may you read it?`, { cause });
  }
}
