import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../test/support/free-port.ts';
import { until } from '../../test/support/until.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A server in a process of its own, so that it does not share its thread with what loads it. */
export interface Program extends AsyncDisposable {
  url: string;
  folder: string;
  /** From spawning to the first good answer of /readyz, in milliseconds. */
  readyMs: number;
  /** Resident memory in MB. */
  memory(): Promise<number>;
  /** Processor time of all its threads so far, in milliseconds. */
  processorMs(): Promise<number>;
  /** Runs a command of the program on the same data folder. */
  command(...args: string[]): Promise<string>;
}

export interface ProgramOptions {
  /** YAML below `http:`, which is written here. */
  config?: string;
  folder?: string;
  /** The compiled program instead of the sources. */
  compiled?: boolean;
}

export async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'signalbox-bench-')));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const limits = 'limits: { pages: 1000000, forms: 1000000, denials: 1000000 }';
  const yaml = `http: { listen: "127.0.0.1:${port}", public_url: "${url}", ${limits} }\nlog: { level: warn }\n${options.config ?? ''}`;
  await writeFile(join(folder, 'signalbox.yaml'), yaml);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    SIGNALBOX_DATA: folder,
    SIGNALBOX_CONFIG: join(folder, 'signalbox.yaml'),
  };
  if (options.compiled) env['SIGNALBOX_COMPILED'] = '1';
  const main = join(ROOT, 'bin/signalbox');
  const started = performance.now();
  const child = spawn(main, ['serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  await isReady(child, `${url}/readyz`);
  const readyMs = performance.now() - started;
  return {
    url,
    folder,
    readyMs,
    memory: () => residentMemory(child),
    processorMs: () => processorTime(child),
    command: async (...args) => (await promisify(execFile)(main, args, { env })).stdout,
    [Symbol.asyncDispose]: async () => {
      await end(child);
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Bare Fastify that answers every request with the same bytes: the yardstick. */
export async function startBareFastify(body: Buffer, encoding: string | null): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-bare-'));
  const port = await freePort();
  await writeFile(join(folder, 'body'), body);
  const started = performance.now();
  const args = [join(import.meta.dirname, 'bare-fastify.ts'), String(port), join(folder, 'body'), encoding ?? ''];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  await isReady(child, url);
  const readyMs = performance.now() - started;
  return {
    url,
    folder,
    readyMs,
    memory: () => residentMemory(child),
    processorMs: () => processorTime(child),
    command: () => Promise.reject(new Error('The yardstick has no commands.')),
    [Symbol.asyncDispose]: async () => {
      await end(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function isReady(child: ChildProcess, url: string): Promise<void> {
  await until(
    `${url} answers`,
    async () => {
      if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}`);
      return (await fetch(url)).ok;
    },
    30_000,
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function residentMemory(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** In the kernel's units of 10 ms. */
async function processorTime(child: ChildProcess): Promise<number> {
  const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}
