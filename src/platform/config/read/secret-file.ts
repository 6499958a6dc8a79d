import { readFileSync } from 'node:fs';

const LARGEST_SECRET = 64 * 1024;

/** What stands in a file that holds one secret, without the line ends editors put behind it; or what is wrong with it. */
export function readSecretFile(
  path: string,
  written: string,
): { secret: string } | { problem: string; remedy: string } {
  try {
    const bytes = readFileSync(path);
    if (bytes.length <= LARGEST_SECRET) return { secret: bytes.toString('utf8').replace(/[\r\n]+$/, '') };
    return { problem: 'names a file larger than 64 kB', remedy: 'The file must hold nothing but the secret.' };
  } catch (error) {
    return unreadable(
      error instanceof Error && 'code' in error ? String(error.code) : 'unknown',
      looksLikePath(written) ? path : 'the file',
    );
  }
}

export function unreadable(code: string, file: string): { problem: string; remedy: string } {
  switch (code) {
    case 'ENOENT':
      return {
        problem: 'names a file that does not exist',
        remedy: `Create ${file}, readable by the user Signalbox runs as.`,
      };
    case 'EACCES':
      return { problem: 'names a file this user may not read', remedy: `Let the user Signalbox runs as read ${file}.` };
    case 'EISDIR':
      return { problem: 'names a folder', remedy: `Write the path of a file; ${file} is a folder.` };
    default:
      return { problem: `names a file that cannot be read (${code})`, remedy: `Look at ${file}.` };
  }
}

/** Somebody may have put the secret itself where its file belongs: only what looks like a path is repeated. */
export function looksLikePath(written: string): boolean {
  return /\.[a-z]{2,6}$|^\.{0,2}\/([\w.-]+\/)*[\w.-]+$/i.test(written);
}
