import { isDeepStrictEqual } from 'node:util';
import { keysOf } from './keys.ts';
import { type Path, pathText } from './read/mistake.ts';
import type { Schema } from './shape.ts';

type Values = Readonly<Record<string, unknown>>;

/** Keys whose change counts only after a restart and that differ from what runs. */
export function changedAtStartOnly(sections: Readonly<Record<string, Schema>>, running: Values, fresh: Values): Path[] {
  return Object.entries(sections)
    .flatMap(([name, schema]) => keysOf(name, schema))
    .filter((key) => key.notes.restart && key.path.every((part) => typeof part === 'string' && part !== '<name>'))
    .map((key) => key.path)
    .filter((path) => !isDeepStrictEqual(at(running, path), at(fresh, path)));
}

/** The values with those of some paths taken from what runs. */
export function withRunning(fresh: Values, running: Values, paths: readonly Path[]): Values {
  return paths.reduce((values, path) => replaced(values, path, at(running, path)), fresh);
}

/** Sections whose values differ, for the log. */
export function changedSections(before: Values, after: Values): string[] {
  return Object.keys(after).filter((name) => !isDeepStrictEqual(before[name], after[name]));
}

export function pathTexts(paths: readonly Path[]): string[] {
  return paths.map((path) => pathText(path));
}

function at(values: Values, path: Path): unknown {
  return path.reduce<unknown>((found, part) => (isValues(found) ? found[part] : undefined), values);
}

function replaced(values: Values, [first = '', ...rest]: Path, value: unknown): Values {
  const inner = values[first];
  if (rest.length === 0) return { ...values, [first]: value };
  return { ...values, [first]: replaced(isValues(inner) ? inner : {}, rest, value) };
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null;
}
