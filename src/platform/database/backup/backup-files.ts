import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HOUR, type Instant, toMs } from '../../../core/index.ts';

const SUFFIX = { sqlite: 'sqlite', postgres: 'dump' };
const PARTIAL = '.partial';
/** Exactly what `backupName` makes: retention removes nothing else, whatever lies in the folder. */
const OURS = /^signalbox-\d{8}T\d{6}Z\.(sqlite|dump)(\.partial)?$/;
const PARTIAL_KEPT_MS = HOUR;

/** Sorts by time. */
export function backupName(now: Instant, engine: 'sqlite' | 'postgres'): string {
  return `signalbox-${now.slice(0, 19).replaceAll(/[-:]/g, '')}Z.${SUFFIX[engine]}`;
}

/** An empty file beside `target` that only this user can read: a backup holds password hashes. */
export async function createPartial(target: string): Promise<string> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const partial = `${target}${PARTIAL}`;
  await rm(partial, { force: true });
  await (await open(partial, 'wx', 0o600)).close();
  return partial;
}

/** Gives a finished file its name; after a crash there is either none or a whole one of that name. */
export async function moveInPlace(partial: string, target: string): Promise<void> {
  await syncFile(partial);
  await rename(partial, target);
  await syncFolder(dirname(target));
}

export async function copyExclusively(source: string, target: string): Promise<void> {
  await copyFile(source, target, constants.COPYFILE_EXCL);
  await syncFile(target);
}

export async function exists(path: string): Promise<boolean> {
  return (await lstatOrNull(path)) !== null;
}

export async function lstatOrNull(path: string): Promise<Awaited<ReturnType<typeof lstat>> | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Removes the oldest backups but `keep`, and what a crash left half done. Resolves to the names removed. */
export async function keepNewest(folder: string, keep: number, now: Instant): Promise<string[]> {
  const whole: string[] = [];
  const gone: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile() || !OURS.test(entry.name)) continue;
    if (!entry.name.endsWith(PARTIAL)) whole.push(entry.name);
    else if (toMs(now) - (await lstat(join(folder, entry.name))).mtimeMs > PARTIAL_KEPT_MS) gone.push(entry.name);
  }
  gone.push(...whole.sort().slice(0, Math.max(0, whole.length - keep)));
  for (const name of gone) await rm(join(folder, name), { force: true });
  return gone;
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
