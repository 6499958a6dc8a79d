import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../../core/index.ts';
import { sqliteError } from './sqlite-error.ts';

// https://www.sqlite.org/fileformat2.html#the_database_header
const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
const NOT_A_DATABASE = 26;
const CANNOT_OPEN = 14;

/**
 * Refuses a file that is no database or is shorter than it says itself, before SQLite touches it: SQLite would notice
 * the second only when a query reaches a missing page. Makes the folder of a new file.
 */
export function checkFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) return;
    const file = openSync(path, 'r');
    try {
      const header = Buffer.alloc(HEADER_BYTES);
      const bytes = readSync(file, header, 0, HEADER_BYTES, 0);
      if (bytes > 0) checkHeader(path, header.subarray(0, bytes), fstatSync(file).size);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw sqliteError({ message: error instanceof Error ? error.message : String(error), errcode: CANNOT_OPEN }, path);
  }
}

/** With a log beside it the file may have been cut off in the middle of a checkpoint, which SQLite finishes. */
function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function checkHeader(path: string, header: Buffer, size: number): void {
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, 16) !== MAGIC) {
    throw sqliteError({ message: 'file header', errcode: NOT_A_DATABASE }, path);
  }
  const stored = header.readUInt16BE(16);
  const pageSize = stored === 1 ? 65536 : stored;
  // The page count holds only while it was written by the last change (§1.3.7 of the format).
  const counted = header.readUInt32BE(24) === header.readUInt32BE(92);
  const expected = header.readUInt32BE(28) * pageSize;
  if (counted && size < expected && !hasLog(path)) {
    throw new AppError(
      'unavailable',
      `The database ${path} is cut short: ${size} of ${expected} bytes are there. ` +
        'Restore a backup: signalbox restore <file> --force.',
    );
  }
}
