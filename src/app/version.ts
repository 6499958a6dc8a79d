import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The program's version, as package.json says it; the file lies two folders up from here, one up from dist/. */
export const VERSION: string = readVersion();

function readVersion(): string {
  for (const up of ['../..', '..']) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(import.meta.dirname, up, 'package.json'), 'utf8')) as {
        name: string;
        version: string;
      };
      if (name === 'signalbox') return version;
    } catch {}
  }
  return 'unreleased';
}
