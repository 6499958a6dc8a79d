import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { freemem, tmpdir } from 'node:os';
import path from 'node:path';

/** A PostgreSQL server of our own, in a temporary folder, on a free port of the loopback interface. */
export interface PostgresServer {
  /** Of a role that may create databases. */
  url: string;
  stop(): Promise<void>;
}

const READY = /database system is ready to accept connections/;
const READY_WITHIN_MS = 30_000;
const VERSIONS = '/usr/lib/postgresql';
const MEMORY_DISK = '/dev/shm';
const ROOMY = 4 * 1024 ** 3;

/** The folder with `initdb` and `postgres`; null when there is none. The newest of Debian's versions wins. */
export async function postgresBinaries(): Promise<string | null> {
  const versions = await readdir(VERSIONS).catch((): string[] => []);
  const candidates = versions.sort((a, b) => Number(b) - Number(a)).map((version) => `${VERSIONS}/${version}/bin`);
  try {
    candidates.unshift(execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: 'pipe' }).trim());
  } catch {
    // No pg_config: the version folders decide.
  }
  for (const folder of candidates) {
    const files = await readdir(folder).catch((): string[] => []);
    if (files.includes('initdb') && files.includes('postgres')) return folder;
  }
  return null;
}

/** PostgreSQL refuses to run as root, so root hands it to its own user. */
function asItsUser(binary: string, args: readonly string[]): { command: string; args: string[] } {
  const dropped = process.getuid?.() === 0 ? ['--reuid=postgres', '--regid=postgres', '--init-groups'] : [];
  // The server ends with us, however we end.
  return { command: 'setpriv', args: [...dropped, '--pdeathsig', 'INT', binary, ...args] };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The probe for a free port got no port.');
  return address.port;
}

/** Text ordered as a server installed in an English-speaking place does it, so that no query leans on the order of bytes. */
function collation(binaries: string): string[] {
  const version = execFileSync(path.join(binaries, 'postgres'), ['--version'], { encoding: 'utf8' });
  const major = Number(/(\d+)/.exec(version)?.[1] ?? 0);
  return major >= 15 ? ['--locale-provider=icu', '--icu-locale=en-US'] : [];
}

async function initialise(binaries: string, folder: string, password: string): Promise<void> {
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres:postgres', folder]);
  else await chmod(folder, 0o700);
  const passwordFile = path.join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o644 });
  const { command, args } = asItsUser(path.join(binaries, 'initdb'), [
    `--pgdata=${folder}/data`,
    '--username=signalbox',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    ...collation(binaries),
    '--no-sync',
  ]);
  execFileSync(command, args, { stdio: 'pipe', cwd: folder });
}

/** Resolves when the server says it is ready, and rejects with its log when it ends or hangs before. */
async function untilReady(server: ChildProcess): Promise<void> {
  let log = '';
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => reject(new Error(`PostgreSQL did not get ready:\n${log}`)), READY_WITHIN_MS);
  server.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    log = (log + chunk).slice(-10_000);
    if (READY.test(log)) resolve(undefined);
  });
  server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${String(code)}:\n${log}`)));
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** Where syncing costs least: a disk in memory if there is plenty of both, which containers seldom have. */
async function place(): Promise<string> {
  const { bavail, bsize } = await statfs(MEMORY_DISK).catch(() => ({ bavail: 0, bsize: 0 }));
  return Math.min(bavail * bsize, freemem()) > ROOMY ? MEMORY_DISK : tmpdir();
}

/** Durability as delivered (`fsync=on`): tests that count on commits mean it. */
export async function startPostgres(): Promise<PostgresServer> {
  const binaries = await postgresBinaries();
  if (binaries === null) throw new Error('PostgreSQL is not installed; script/test installs it or says how.');
  const folder = await mkdtemp(path.join(await place(), 'signalbox-postgres-'));
  const password = randomBytes(12).toString('hex');
  await initialise(binaries, folder, password);
  const port = await freePort();
  const { command, args } = asItsUser(path.join(binaries, 'postgres'), [
    '-D',
    `${folder}/data`,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `port=${String(port)}`,
    '-c',
    `unix_socket_directories=${folder}`,
    '-c',
    'max_connections=200',
  ]);
  const server = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder });
  const ended = once(server, 'exit');
  await untilReady(server);
  return {
    url: `postgres://signalbox:${password}@127.0.0.1:${String(port)}/postgres`,
    async stop() {
      // SIGINT is PostgreSQL's fast shutdown: it ends open sessions instead of waiting for them.
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
