import type { Path } from './mistake.ts';

/** The plain value at a path below another; undefined where there is none. */
export function valueBelow(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (found, part) =>
      typeof found === 'object' && found !== null ? (found as Record<string | number, unknown>)[part] : undefined,
    value,
  );
}
