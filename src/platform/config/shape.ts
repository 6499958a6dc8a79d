import * as z from 'zod';

export type Schema = z.core.$ZodType;

/** What may stand at one place of the configuration, whatever wrappers and choices its schema is made of. */
export interface Shape {
  /** Known keys, each with the schemas it has in the different choices. */
  keys: ReadonlyMap<string, readonly Schema[]>;
  /** Schemas of the values under free keys (records). */
  values: readonly Schema[];
  /** Schemas of the entries of a list. */
  items: readonly Schema[];
  text: boolean;
  number: boolean;
  boolean: boolean;
  nullable: boolean;
}

/** The notes we keep on a schema beside its description. */
export interface Notes {
  description: string | undefined;
  /** Redacted everywhere, and has a `_file` twin. */
  secret: boolean;
  /** A change counts after a restart only. */
  restart: boolean;
  /** What the default is, when it depends on the machine. */
  defaultText: string | undefined;
  examples: readonly unknown[];
  /** It names a PEM file, and what is in it. */
  pem: PemContents | undefined;
}

/** `authority`: certificates of authorities, to which no key belongs. */
const PEM_CONTENTS = ['certificate', 'key', 'authority'] as const;
export type PemContents = (typeof PEM_CONTENTS)[number];

/** The wrappers' inner schemas; the schema itself when it is no wrapper. */
function* layers(schema: Schema): Generator<{ schema: Schema; wrapper: boolean }> {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'catch':
      yield { schema, wrapper: true };
      yield* layers(def.innerType);
      return;
    case 'pipe': {
      yield { schema, wrapper: true };
      const input = (def.in as z.core.$ZodTypes)._zod.def.type;
      yield* layers(input === 'transform' ? def.out : def.in);
      return;
    }
    case 'lazy':
      yield { schema, wrapper: true };
      yield* layers(def.getter());
      return;
    case 'union':
      yield { schema, wrapper: true };
      for (const option of def.options) yield* layers(option);
      return;
    case 'intersection':
      yield { schema, wrapper: true };
      yield* layers(def.left);
      yield* layers(def.right);
      return;
    default:
      yield { schema, wrapper: false };
  }
}

/** The options of the first choice that a value of this schema has to make; empty when there is none. */
export function optionsOf(schema: Schema): readonly Schema[] {
  for (const layer of layers(schema)) {
    const def = (layer.schema as z.core.$ZodTypes)._zod.def;
    if (def.type === 'union') return def.options;
  }
  return [];
}

export function shapeOf(schemas: readonly Schema[]): Shape {
  const keys = new Map<string, Schema[]>();
  const shape = {
    keys,
    values: [] as Schema[],
    items: [] as Schema[],
    text: false,
    number: false,
    boolean: false,
    nullable: false,
  };
  for (const { schema } of schemas.flatMap((one) => [...layers(one)])) addLayer(shape, keys, schema);
  return shape;
}

type Growing = { -readonly [K in keyof Shape]: Shape[K] } & { values: Schema[]; items: Schema[] };

function addLayer(shape: Growing, keys: Map<string, Schema[]>, schema: Schema): void {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'object':
      for (const [key, value] of Object.entries(def.shape)) keys.set(key, [...(keys.get(key) ?? []), value]);
      return;
    case 'record':
      shape.values.push(def.valueType);
      return;
    case 'array':
      shape.items.push(def.element);
      return;
    case 'nullable':
    case 'null':
      shape.nullable = true;
      return;
    case 'number':
    case 'bigint':
      shape.number = true;
      return;
    case 'boolean':
      shape.boolean = true;
      return;
    case 'enum':
    case 'literal': {
      const values = def.type === 'enum' ? Object.values(def.entries) : def.values;
      for (const value of values) {
        if (typeof value === 'number') shape.number = true;
        else if (typeof value === 'boolean') shape.boolean = true;
        else shape.text = true;
      }
      return;
    }
    case 'string':
    case 'template_literal':
      shape.text = true;
      return;
    default:
  }
}

export function notesOf(schemas: readonly Schema[]): Notes {
  const metas = schemas
    .flatMap((schema) => [...layers(schema)])
    .map(({ schema }) => z.globalRegistry.get(schema) ?? {});
  const first = (key: string): unknown => metas.find((meta) => meta[key] !== undefined)?.[key];
  const text = (key: string): string | undefined => {
    const value = first(key);
    return typeof value === 'string' ? value : undefined;
  };
  const examples = first('examples');
  return {
    description: text('description'),
    secret: first('secret') === true,
    restart: first('restart') === true,
    defaultText: text('defaultText'),
    examples: Array.isArray(examples) ? examples : [],
    pem: PEM_CONTENTS.find((contents) => contents === first('pem')),
  };
}

/** True when the key may be left out, and the value it then has, if that is a plain one. */
export function absence(schema: Schema): { allowed: boolean; value?: unknown } {
  for (const layer of layers(schema)) {
    const def = (layer.schema as z.core.$ZodTypes)._zod.def;
    if (def.type === 'default' || def.type === 'prefault') return { allowed: true, value: def.defaultValue };
    if (def.type === 'optional') return { allowed: true };
  }
  return { allowed: false };
}

/** The innermost schemas of one place: what a value is in the end compared with. */
export function cores(schema: Schema): z.core.$ZodTypes[] {
  return [...layers(schema)].filter(({ wrapper }) => !wrapper).map((layer) => layer.schema as z.core.$ZodTypes);
}

/** The schemas at a path below the sections; empty when nothing may stand there. */
export function schemasAt(sections: Readonly<Record<string, Schema>>, path: readonly PropertyKey[]): readonly Schema[] {
  const [section, ...rest] = path;
  const root = typeof section === 'string' && Object.hasOwn(sections, section) ? sections[section] : undefined;
  return schemasBelow(root ? [root] : [], rest);
}

export function schemasBelow(schemas: readonly Schema[], path: readonly PropertyKey[]): readonly Schema[] {
  let found = schemas;
  for (const part of path) {
    const shape = shapeOf(found);
    found = typeof part === 'number' ? shape.items : (shape.keys.get(String(part)) ?? shape.values);
  }
  return found;
}
