import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type App, createApp, listenOrStop, modules, untilStopped } from '../../src/app/index.ts';
import { readArguments, showUsage } from '../../src/cli/arguments.ts';
import { AppError, type Instant, newId, type Scope, system, systemClock } from '../../src/core/index.ts';
import { createToken, ensureFirstAdministrator, listTokens, revokeToken } from '../../src/platform/auth/index.ts';
import { type Config, environment, requireConfig } from '../../src/platform/config/index.ts';
import { createLogger } from '../../src/platform/log/index.ts';
import { type GitlabSimulator, startGitlabSimulator } from '../gitlab/index.ts';
import { type MailCatcher, startMailCatcher } from '../mail/index.ts';
import { forgetStories, runCloudLife, StatusPageClient } from './cloud/index.ts';
import { DEVICE_GROUPS, type DemoWorld, demoScript, runDemoScript, seedDemoWorld } from './index.ts';
import { seedPast } from './seed-past.ts';

const SEED = 1;
const HOOK = 'demo';
const DEFAULT_PORT = '8080';
const READY_WITHIN_MS = 20_000;

const USAGE = `Usage: signalbox demo
Runs the whole product against bundled simulators. PORT and SIGNALBOX_DATA are honoured.`;
const print = (line: string) => process.stdout.write(`${line}\n`);
const io = { print, error: (line: string) => process.stderr.write(`${line}\n`) };

process.exitCode = await demo(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof AppError)) throw error;
  io.error(`signalbox demo: ${error.message}`);
  return 2;
});

async function demo(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, {});
  if (values.help || positionals.length > 0) return showUsage(io, USAGE, values.help);
  const env = environment();
  const log = createLogger(env['SIGNALBOX__LOG__LEVEL'] ?? 'warn');
  const port = await usablePort(Number(env['PORT'] ?? DEFAULT_PORT));
  const secret = `glpat-${newId()}`;
  let world: DemoWorld | undefined;
  const now = systemClock.now();
  await using gitlab = await startGitlabSimulator({
    clock: systemClock,
    seed: (empty) => {
      world = seedDemoWorld(empty, { seed: SEED, tokenSecret: secret });
    },
  });
  if (!world) throw new Error('The demo world was not made.');
  await using mail = await startMailCatcher({ clock: systemClock });
  const config = demoConfig({ port, gitlab, mail, secret });
  await mkdir(config.data.folder, { recursive: true, mode: 0o700 });
  const projectUrl = `${gitlab.url}/lab/instrument-desk`;
  if (!isSeeded(config)) await seedPast({ config, now, seed: SEED, projectUrl, standing: world.standing });

  const app = await createApp({ config: () => config, clock: systemClock, log });
  const password = await demoPassword(app, config);
  const { hookToken } = secretsOf(secret);
  gitlab.world.addHook(world.project, { url: `${config.http.public_url}/hooks/gitlab/${HOOK}`, token: hookToken });
  const monitor = await newToken(app, 'demo-monitor', 'signals:write');
  const desk = await newToken(app, 'demo-desk', 'incidents:write');
  await boardIsFilled(app, now);
  await listenOrStop(app, config.http.listen.host, port);
  const script = runDemoScript(gitlab.world, world, demoScript(SEED));
  const life = runCloudLife({
    client: new StatusPageClient({ url: config.http.public_url, monitor, desk }),
    clock: systemClock,
    forget: () => forgetStories(app),
    failed: (err) => log.warn({ err }, 'a step of the demo failed'),
  });
  print(`Signalbox: ${config.http.public_url}`);
  print(`GitLab simulator: ${projectUrl}`);
  print(`Project: ${world.project.id}`);
  print(`API token for the simulator: ${secret}`);
  print(`Sign in: admin ${password}`);
  print(`Monitor token: ${monitor}`);
  print(`Mail that was sent: ${mail.url}`);
  await untilStopped(async () => {
    script.stop();
    await life.stop();
    await app.stop();
    await gitlab.close();
    await mail.close();
  }, log);
  return 0;
}

/** The file beside the database that tells a demo's data folder from anybody else's. */
function passwordFile(config: Config): string {
  return join(config.data.folder, 'demo-password');
}

/** Never seeds into somebody's real installation, nor goes on with half a past. */
function isSeeded(config: Config): boolean {
  if (existsSync(passwordFile(config))) return true;
  if (!existsSync(join(config.data.folder, 'signalbox.db'))) return false;
  throw new AppError(
    'conflict',
    `The folder ${config.data.folder} holds an installation that is not a demo (or one that was never finished). ` +
      'Choose another for the demo: SIGNALBOX_DATA=./demo-data ./script/start',
  );
}

function secretsOf(secret: string): { hookToken: string } {
  return { hookToken: `hook-${secret.slice(-12)}` };
}

function demoConfig(parts: { port: number; gitlab: GitlabSimulator; mail: MailCatcher; secret: string }): Config {
  const { port, gitlab, mail, secret } = parts;
  const sections = Object.fromEntries(modules.map((module) => [module.name, module.config]));
  return requireConfig({
    env: { ...environment(), PORT: String(port) },
    sections,
    purpose: 'demo',
    values: {
      site: { title: 'Signalbox' },
      http: { public_url: `http://127.0.0.1:${port}` },
      // Nothing leaves the machine: a page shows what would have been sent.
      smtp: { host: '127.0.0.1', port: mail.smtpPort, security: 'none', from: 'signalbox@demo.invalid' },
      // What visitors report by hand goes away again, and who subscribes need not wait long.
      'status-page': { auto_close: '20m', subscriptions: { group_within: '10s' } },
      facility: {
        integrations: [{ id: HOOK, url: gitlab.url, token: secret, hook_token: secretsOf(secret).hookToken }],
        projects: [
          {
            integration: HOOK,
            project: 301,
            title: 'Instrument Desk',
            visibility: 'public',
            groups: Object.fromEntries(DEVICE_GROUPS.map(({ color, name }) => [color, name])),
          },
        ],
      },
    },
  });
}

/** The same password as long as the data folder lives; only its owner can read the file. */
async function demoPassword(app: App, config: Config): Promise<string> {
  const file = passwordFile(config);
  const first = await ensureFirstAdministrator(app.db, app.clock, { keep: true });
  if (first) {
    await writeFile(file, `${first.password}\n`, { mode: 0o600 });
    return first.password;
  }
  return (await readFile(file, 'utf8').catch(() => '(as you set it)')).trim();
}

/** One token of each name at a time, however often the demo is started. */
async function newToken(app: App, name: string, scope: Scope): Promise<string> {
  const actor = system('demo');
  for (const { id, name: other, revoked_at } of await listTokens(app.db)) {
    if (other === name && revoked_at === null) await revokeToken(app, actor, id);
  }
  return (await createToken(app, actor, { name, scopes: [scope] })).token;
}

/** Nobody is answered before every device is on the board as this run has read it: what the past says is not enough. */
async function boardIsFilled(app: App, since: Instant): Promise<void> {
  const expected = DEVICE_GROUPS.reduce((sum, { devices }) => sum + devices.length, 0);
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const rows = await app.components.rows(system('demo'), { area: 'facility' });
    const known = rows.filter(({ evidenceAt }) => evidenceAt !== null && evidenceAt > since).length;
    if (known >= expected) return;
    if (Date.now() > deadline) {
      await app.stop();
      throw new AppError('unavailable', `Only ${known} of ${expected} devices came onto the board; the log says why.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The port asked for; 0 is any free one. The address must be known before anything is told about it. */
async function usablePort(wanted: number): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', resolve);
    });
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `Port ${wanted} is taken or not allowed. Choose another: PORT=8081 ./script/start`,
      { cause },
    );
  }
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address === null || typeof address === 'string' ? wanted : address.port;
}
