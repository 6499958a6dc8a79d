import * as z from 'zod';
import { type Path, pathText, variableOf } from './read/mistake.ts';
import { absence, cores, type Notes, notesOf, optionsOf, type Schema, shapeOf } from './shape.ts';

/** One key of the configuration, for documentation. */
export interface Key {
  /** List entries are `0`, free keys `<name>`. */
  path: Path;
  schema: Schema;
  notes: Notes;
  required: boolean;
  /** Only of values that can be written down. */
  default: unknown;
  /** The environment name. */
  variable: string;
  type: string;
  /** It is a group, or a list of groups: its keys follow. */
  group: boolean;
  /** Of a group: the keys of its options, if it has several that exclude each other. */
  options: readonly Names[];
  /** Of a key of some options only: the keys of the others. */
  insteadOf: readonly Names[];
  /** It belongs to another option than the first. */
  second: boolean;
}

/** Names of keys that are given together. */
export type Names = readonly string[];

/** No section is nested deeper; a schema that contains itself ends here. */
const DEEPEST = 8;

/** Every key below a section, in the order of its schema, groups before their keys. */
export function keysOf(section: string, schema: Schema): Key[] {
  return [...walk(schema, [section])];
}

function* walk(schema: Schema, path: Path): Generator<Key> {
  if (path.length > DEEPEST) return;
  const shape = shapeOf([schema]);
  const options = namesOfOptions(schema);
  for (const [name, schemas] of shape.keys) {
    const [first] = schemas;
    if (first === undefined) continue;
    const at = [...path, name];
    const optional = absence(first);
    const group = isGroup(first);
    yield {
      path: at,
      schema: first,
      notes: notesOf(schemas),
      required: !optional.allowed,
      default: optional.value,
      variable: variableOf(at),
      type: typeText(first),
      group,
      options: namesOfOptions(first),
      insteadOf: options.filter((names) => !names.includes(name)),
      second: options[0]?.includes(name) === false,
    };
    if (group) yield* inside(first, at);
  }
}

function namesOfOptions(schema: Schema): Names[] {
  const groups = optionsOf(schema).map((option) => [...shapeOf([option]).keys.keys()]);
  const named = groups.filter((names) => names.length > 0);
  return named.length > 1 ? named : [];
}

/** `a and b, or c`. */
export function optionsText(options: readonly Names[], wordOf = (name: string) => name): string {
  return options.map((names) => names.map((name) => wordOf(name)).join(' and ')).join(', or ');
}

function* inside(schema: Schema, path: Path): Generator<Key> {
  const shape = shapeOf([schema]);
  if (shape.keys.size > 0) yield* walk(schema, path);
  for (const item of shape.items) yield* walk(item, [...path, 0]);
  for (const value of shape.values) yield* walk(value, [...path, '<name>']);
}

function isGroup(schema: Schema): boolean {
  const shape = shapeOf([schema]);
  return shape.keys.size > 0 || [...shape.items, ...shape.values].some((inner) => isGroup(inner));
}

export function allPaths(sections: Readonly<Record<string, Schema>>): Path[] {
  return Object.entries(sections).flatMap(([name, schema]) => [[name], ...keysOf(name, schema).map((key) => key.path)]);
}

/** Keys and sections that say nothing about themselves: a test asks that there are none. */
export function undescribedKeys(sections: Readonly<Record<string, Schema>>): string[] {
  return Object.entries(sections).flatMap(([name, schema]) => {
    const silent = keysOf(name, schema).filter((key) => key.notes.description === undefined);
    return [...(notesOf([schema]).description === undefined ? [name] : []), ...silent.map((key) => pathText(key.path))];
  });
}

/** The type of a value in a few words. */
function typeText(schema: Schema): string {
  const words = cores(schema).map((core) => coreText(core));
  return [...new Set(words)].filter((word) => word !== '').join(', or ');
}

function coreText(schema: z.core.$ZodTypes): string {
  const def = schema._zod.def;
  switch (def.type) {
    case 'string':
      return 'text';
    case 'number':
      return numberText(schema);
    case 'boolean':
      return '`true` or `false`';
    case 'enum':
      return Object.values(def.entries)
        .map((value) => `\`${value}\``)
        .join(', ');
    case 'literal':
      return def.values.map((value) => `\`${String(value)}\``).join(', ');
    case 'array':
      return `list of ${typeText(def.element)}`;
    case 'record':
      return `group of free keys, each ${typeText(def.valueType)}`;
    case 'object':
      return 'group';
    default:
      return '';
  }
}

function numberText(schema: Schema): string {
  if (!(schema instanceof z.ZodNumber)) return 'number';
  const { minValue, maxValue, format } = schema;
  const kind = format?.includes('int') === true ? 'whole number' : 'number';
  const least = minValue === null || minValue <= Number.MIN_SAFE_INTEGER ? null : minValue;
  const most = maxValue === null || maxValue >= Number.MAX_SAFE_INTEGER ? null : maxValue;
  if (least === null) return most === null ? kind : `${kind} up to ${most}`;
  return most === null ? `${kind} from ${least}` : `${kind} ${least}–${most}`;
}
