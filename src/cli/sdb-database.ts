import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What the predecessor takes when nothing is said. */
const DEFAULT = 'sqlite:///example.sqlite';

/** Where its database is; null: nowhere, and these are the places where it would have been. */
export interface FoundDatabase {
  address: string | null;
  lookedAt: string[];
}

/**
 * The database that settings in this file name. A relative SQLite address means `instance/` of the predecessor's folder
 * (Flask-SQLAlchemy), or the folder itself (older ones), where its file of settings lies.
 */
export function findSdbDatabase(named: string | null, settingsFile: string): FoundDatabase {
  const address = named ?? DEFAULT;
  const [prefix] = /^sqlite(\+\w+)?:(\/\/\/?)?/i.exec(address) ?? [];
  if (prefix === undefined) return { address, lookedAt: [] };
  const path = address.slice(prefix.length).replace(/\?.*$/, '');
  if (path === '' || path === ':memory:') return { address: null, lookedAt: [] };
  const folder = dirname(resolve(settingsFile));
  const lookedAt = [...new Set([join(folder, 'instance'), folder, process.cwd()].map((from) => resolve(from, path)))];
  return { address: lookedAt.find((place) => existsSync(place)) ?? null, lookedAt };
}
