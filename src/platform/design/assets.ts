import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Asset } from '../http/index.ts';
import { favicon } from './logo.ts';

const STYLES = ['tokens', 'base', 'layout', 'components'];
const SCRIPTS = ['live', 'time', 'search', 'form', 'navigation', 'kiosk'];

export type AssetName = 'app.css' | 'app.js' | 'icon.svg';

let made: ReadonlyMap<AssetName, Asset> | undefined;

function all(): ReadonlyMap<AssetName, Asset> {
  made ??= new Map([
    [
      'app.css',
      hashed('app', 'css', 'text/css; charset=utf-8', STYLES.map((name) => read('css', `${name}.css`)).join('\n')),
    ],
    ['app.js', hashed('app', 'js', 'text/javascript; charset=utf-8', SCRIPTS.map(script).join('\n'))],
    ['icon.svg', hashed('icon', 'svg', 'image/svg+xml', favicon().toString())],
  ]);
  return made;
}

function read(folder: string, file: string): string {
  return readFileSync(join(import.meta.dirname, folder, file), 'utf8');
}

/** Scripts travel together, each in a block of its own, so that their names stay apart without a bundler. */
function script(name: string): string {
  return `{\n${read('client', `${name}.client.js`)}}`;
}

function hashed(stem: string, ending: string, type: string, content: string): Asset {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return { path: `/assets/${stem}.${hash}.${ending}`, type, content };
}

/** Everything the pages load besides themselves; the HTTP layer serves it. */
export function designAssets(): readonly Asset[] {
  return [...all().values()];
}

/** Path of an asset, with the hash of its content. Put `visit.link` around it. */
export function asset(name: AssetName): string {
  const found = all().get(name);
  if (found === undefined) throw new Error(`there is no asset "${name}"`);
  return found.path;
}
