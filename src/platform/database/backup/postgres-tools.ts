import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../core/index.ts';
import type { Location } from '../location.ts';

type Tool = 'pg_dump' | 'pg_restore';

/** Debian puts each version's programs here and not on the PATH. */
const DEBIAN = '/usr/lib/postgresql';
const ERROR_LENGTH = 500;

/** Runs one of PostgreSQL's programs on the database; the password goes through a file only this user can read. */
export async function runTool(
  tool: Tool,
  location: Location & { engine: 'postgres' },
  args: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-pg-'));
  try {
    const url = new URL(location.connectionString);
    const passfile = join(folder, 'pgpass');
    const escaped = decodeURIComponent(url.password).replaceAll(/[\\:]/g, '\\$&');
    await writeFile(passfile, `*:*:*:*:${escaped}\n`, { mode: 0o600 });
    url.password = '';
    url.searchParams.set('passfile', passfile);
    return await run(tool, [...args, '--no-password', '--dbname', url.href], signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same for a file alone. */
export async function runToolOnFile(tool: Tool, args: readonly string[]): Promise<string> {
  return await run(tool, args, undefined);
}

async function run(tool: Tool, args: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  for (const program of [tool, ...(await installed(tool))]) {
    const result = await start(program, args, signal);
    if (result === 'missing') continue;
    if (result.code === 0) return result.output;
    throw new AppError(
      'unavailable',
      `${tool} ended with ${result.code ?? 'a signal'}: ${result.errors.trim().slice(0, ERROR_LENGTH)}`,
    );
  }
  throw new AppError(
    'unavailable',
    `${tool} is not installed: install PostgreSQL's client programs (Debian: postgresql-client).`,
  );
}

interface Ended {
  code: number | null;
  output: string;
  errors: string;
}

function start(program: string, args: readonly string[], signal: AbortSignal | undefined): Promise<Ended | 'missing'> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(signal ? { signal } : {}) });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('error', (error) => ('code' in error && error.code === 'ENOENT' ? resolve('missing') : reject(error)));
    child.on('close', (code) => resolve({ code, output, errors }));
  });
}

/** Newest first: an older program refuses a newer server. */
async function installed(tool: Tool): Promise<string[]> {
  try {
    const versions = (await readdir(DEBIAN)).filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(DEBIAN, version, 'bin', tool));
  } catch {
    return [];
  }
}
