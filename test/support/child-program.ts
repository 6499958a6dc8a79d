import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from './until.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The program in a process of its own: one that can be killed, signalled, or run on a bad disk. */
export interface ChildProgram {
  readonly url: string;
  readonly configFile: string;
  /** Everything it has written, of both streams. */
  output(): string;
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** Ends it at once, as a power cut does; resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends it politely; resolves to its exit code. */
  stop(): Promise<number | null>;
  /** Resolves to its exit code when it ends by itself. */
  ended(): Promise<number | null>;
}

export interface ChildOptions {
  /** Data folder; the configuration is written into it. */
  folder: string;
  port: number;
  /** YAML after the section `http`. */
  config?: string;
  env?: Readonly<Record<string, string>>;
  /** False: only started. */
  ready?: boolean;
}

export function configText(options: Pick<ChildOptions, 'port' | 'config'>): string {
  const http = `http: { listen: "127.0.0.1:${options.port}", public_url: "http://127.0.0.1:${options.port}", limits: { pages: 1000000, forms: 1000000, denials: 1000000 } }`;
  return `site: { timezone: Europe/Rome }\n${http}\nlog: { level: debug }\n${options.config ?? ''}\n`;
}

export async function startChild(options: ChildOptions): Promise<ChildProgram> {
  const { folder, port } = options;
  // Two of them may share a folder.
  const configFile = join(folder, `signalbox-${port}.yaml`);
  const url = `http://127.0.0.1:${port}`;
  await writeFile(configFile, configText(options)).catch((error: unknown) => {
    // A folder that cannot be written still has the file of the run before.
    if (options.ready !== false) throw error;
  });
  const env = { ...process.env, SIGNALBOX_DATA: folder, SIGNALBOX_CONFIG: configFile, ...options.env };
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts'), 'serve'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exit = once(child, 'exit');
  const program: ChildProgram = {
    url,
    configFile,
    output: () => output,
    pid: child.pid ?? 0,
    signal: (name) => void child.kill(name),
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exit;
      return child.exitCode;
    },
    ended: async () => {
      await exit;
      return child.exitCode;
    },
  };
  if (options.ready !== false) await isReady(child, program);
  return program;
}

async function isReady(child: ChildProcess, program: ChildProgram): Promise<void> {
  try {
    await until(
      'the program is ready',
      async () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${program.output()}`);
        return (await fetch(`${program.url}/readyz`)).ok;
      },
      30_000,
    );
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}
