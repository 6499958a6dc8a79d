import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** A script of the repository in a process of its own, called as a person calls it. */
export interface RunningCommand {
  stdout(): string;
  stderr(): string;
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has ended and said everything. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** `file` is `bin/signalbox` or `script/start`. Nothing of the caller's own configuration gets through. */
export function startCommand(
  file: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): RunningCommand {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(SIGNALBOX|PORT$)/.test(name));
  const child = spawn(resolve(ROOT, file), args, {
    cwd: tmpdir(),
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  return {
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    signal: (name) => void child.kill(name),
    ended: once(child, 'close').then(() => ({ code: child.exitCode, ...said })),
  };
}

/** Runs `bin/signalbox` to its end. */
export async function signalbox(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return await startCommand('bin/signalbox', args, env).ended;
}
