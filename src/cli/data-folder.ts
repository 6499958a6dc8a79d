import { mkdir } from 'node:fs/promises';
import { AppError } from '../core/index.ts';

/** Makes the folder of everything that is kept, or says by name why it cannot be. */
export async function makeDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const remedy = 'Make it writable for this user, or name another with data.folder or SIGNALBOX_DATA.';
    throw new AppError('unavailable', `The data folder ${folder} cannot be made (${code}). ${remedy}`, { cause });
  }
}
