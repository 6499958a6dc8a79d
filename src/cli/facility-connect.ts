import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { AppError, systemClock } from '../core/index.ts';
import {
  type Connection,
  type ConnectionPlan,
  connectProject,
  integrationAt,
  planConnection,
  requireAccessToken,
} from '../modules/facility/index.ts';
import type { Io } from './command.ts';
import { facilitySnippet, type SecretFiles, secretFiles } from './facility-snippet.ts';
import { stepLine } from './facility-steps.ts';
import type { Known } from './known-installation.ts';
import { type Prompt, terminalPrompt } from './prompt.ts';

export interface ConnectOptions {
  url: string | undefined;
  project: string | undefined;
  tokenFile: string | undefined;
  /** Absent: as the configuration calls the GitLab at this address, else `gitlab`. */
  integration: string | undefined;
  publicUrl: string | undefined;
  devices: readonly string[];
  folder: string;
  badges: boolean;
  dryRun: boolean;
  yes: boolean;
}

/** The walk from a GitLab project to its first badges. Doing it again repairs what is missing. */
export async function connect(
  options: ConnectOptions,
  io: Io,
  { prompt = terminalPrompt(), known = NOTHING_KNOWN }: { prompt?: Prompt | null; known?: Known } = {},
): Promise<number> {
  try {
    const connection = await askConnection(options, known, { prompt, io });
    const plan = await planConnection(connection, systemClock, known.installation);
    const files = secretFiles(options.folder, connection.integration, plan.project.id);
    const hookToken = plan.configured?.hookToken ?? (await keptSecret(files.hook));
    if (known.problem !== null) io.print(`Attention: badges are left to the server. ${known.problem}`);
    describePlan(plan, hookToken !== null, io);
    if (options.dryRun) return 0;
    if (!options.yes && !(prompt !== null && (await prompt.yes('Do this')))) {
      io.error(
        prompt === null ? 'Nothing was done: add --yes to do it, or --dry-run to only look.' : 'Nothing was done.',
      );
      return 1;
    }
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const hooked = { ...connection, hookToken: hookToken ?? randomBytes(32).toString('hex') };
    await carryOut(hooked, { files, plan, io, known });
    return 0;
  } finally {
    prompt?.close();
  }
}

const NOTHING_KNOWN: Known = { installation: null, problem: null };

/** What a person may get wrong at one question before the walk ends. */
const MOST_ANSWERS = 3;

interface Question<T> {
  text: string;
  /** What the command line says already: nobody is asked, and a mistake in it ends the walk. */
  given: string | undefined;
  flag: string;
  secret?: boolean;
  /** Throws for what cannot be an answer; `name` is what it is called. */
  read(answer: string, name: string): T;
}

async function answerTo<T>(question: Question<T>, prompt: Prompt | null, io: Io): Promise<T> {
  const { text: asked, given, flag, read } = question;
  if (given !== undefined || prompt === null) {
    if (given === undefined || given === '') throw new AppError('invalid', `${flag} is missing.`);
    return read(given, flag);
  }
  for (let left = MOST_ANSWERS - 1; ; left--) {
    const answer = await (question.secret === true ? prompt.secret(asked) : prompt.ask(asked));
    try {
      if (answer.trim() === '') throw new AppError('invalid', 'Something is needed here.');
      return read(answer, 'This');
    } catch (error) {
      if (left === 0 || !(error instanceof AppError)) throw error;
      io.error(error.message);
    }
  }
}

async function askConnection(
  options: ConnectOptions,
  known: Known,
  { prompt, io }: { prompt: Prompt | null; io: Io },
): Promise<Connection> {
  const ask = async <T>(question: Question<T>): Promise<T> => answerTo(question, prompt, io);
  const url = await ask({
    text: 'Address of the GitLab, such as https://gitlab.example.org',
    given: options.url,
    flag: '--url',
    read: webAddressOf,
  });
  const project = await ask({
    text: 'Number or path of the project',
    given: options.project,
    flag: '--project',
    read: (answer) => answer,
  });
  const publicUrl = await ask({
    text: 'Our own address, as GitLab reaches it, such as https://status.example.org',
    given: options.publicUrl,
    flag: '--public-url',
    read: webAddressOf,
  });
  const { tokenFile } = options;
  const token = await ask({
    text: 'Access token (scope api, role Maintainer; not shown)',
    given: tokenFile === undefined ? undefined : (await tokenIn(tokenFile)).trim(),
    flag: '--token-file',
    secret: true,
    read: tokenOf,
  });
  const { installation, problem } = known;
  const integration =
    options.integration ?? (installation === null ? null : integrationAt(installation, url)) ?? 'gitlab';
  if (!/^[a-z0-9][a-z0-9-]{0,49}$/.test(integration))
    throw new AppError('invalid', '--integration takes a-z, 0-9 and -.');
  return {
    url,
    token,
    project: /^\d+$/.test(project) ? Number(project) : project,
    integration,
    publicUrl,
    devices: options.devices,
    badges: options.badges && problem === null,
  };
}

function webAddressOf(given: string, name: string): string {
  const url = URL.parse(given);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '')
    return url.href.replace(/\/+$/, '');
  throw new AppError('invalid', `${name} is not an http or https address: ${given.slice(0, 200)}`);
}

function tokenOf(answer: string): string {
  const token = answer.trim();
  if (/\s/.test(token)) throw new AppError('invalid', 'The token has a space or a line break in it.');
  requireAccessToken(token);
  return token;
}

/** Never from the command line itself, where every user of the machine can read it. */
async function tokenIn(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (cause) {
    throw new AppError('invalid', `${file} cannot be read: does it exist, and may you read it?`, { cause });
  }
}

function describePlan(plan: ConnectionPlan, hasSecret: boolean, io: Io): void {
  const { project, warnings, labels, hook, badges } = plan;
  io.print(`Project ${project.id}: ${project.name} (${project.path_with_namespace}, ${project.visibility})`);
  for (const warning of warnings) io.print(`Attention: ${warning}`);
  for (const label of labels) io.print(`create label ${label.name}`);
  io.print(
    hook.existing === null
      ? `create webhook ${hook.address}`
      : `give webhook ${hook.existing} (${hook.address}) ${hasSecret ? 'the secret we have' : 'a new secret'}${hook.missingEvents ? ' and all events' : ''}`,
  );
  for (const step of badges) io.print(stepLine(step));
}

async function carryOut(
  connection: Connection & { hookToken: string },
  { files, plan, io, known }: { files: SecretFiles; plan: ConnectionPlan; io: Io; known: Known },
): Promise<void> {
  const { integration, url, token, hookToken } = connection;
  // Before GitLab knows it: whatever happens in between, doing it again goes on with the same secret.
  await writeSecret(files.token, token);
  await writeSecret(files.hook, hookToken);
  const done = await connectProject(connection, systemClock, known.installation);
  io.print(`Done: ${done.labels} labels created, webhook ready, ${done.badges} badges written.`);
  const { configured } = plan;
  const next =
    configured === null
      ? 'Put this into signalbox.yaml and start, or reload, Signalbox:'
      : `${configured.id} is configured; if it names other files for its secrets, let it name these and reload:`;
  io.print(`Secrets: ${files.token}, ${files.hook}. ${next}`);
  io.print('');
  io.print(facilitySnippet({ integration, url, project: plan.project.id, files }).trimEnd());
  io.print('');
  io.print('Then press Test, Issue events beside the webhook in GitLab: the badges of the project turn green.');
}

/** The secret of an earlier run: a server that knows it goes on understanding GitLab. */
async function keptSecret(file: string): Promise<string | null> {
  const secret = await readFile(file, 'utf8').catch(() => '');
  return secret.trim() === '' ? null : secret.trim();
}

/** Readable by its owner only, also when a file was there before. */
async function writeSecret(file: string, secret: string): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, `${secret}\n`, { mode: 0o600, flag: 'wx' });
}
