import * as z from 'zod';
import { allSections, type Sections } from '../load-config.ts';
import { notesOf, shapeOf } from '../shape.ts';

type Json = Record<string, unknown>;

/** Our own notes on schemas; in the published form they become standard words or prose. */
const OWN_NOTES = ['secret', 'restart', 'defaultText', 'pem'];

/** The JSON Schema (draft 2020-12) of the file, for completion and checks in editors. */
export function configJsonSchema(sections: Sections): Json {
  const all = allSections(sections) as Record<string, z.ZodType>;
  const schema = z.toJSONSchema(z.object(all), {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => finish(zodSchema, jsonSchema),
  });
  const { $schema, ...rest } = schema as Json;
  const complete = { $schema, title: 'Signalbox configuration', ...(withVariables(rest) as Json) };
  return { ...complete, $defs: { ...(rest['$defs'] as Json | undefined), variable: VARIABLE } };
}

const VARIABLE = {
  type: 'string',
  pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}',
  description: `A text with \${VARIABLE} in it, filled in from the environment.`,
};

function finish(zodSchema: z.core.$ZodType, json: Json): void {
  const notes = notesOf([zodSchema]);
  for (const note of OWN_NOTES) delete json[note];
  if (notes.secret) json['writeOnly'] = true;
  if (notes.defaultText !== undefined) {
    delete json['default'];
    json['description'] = `${notes.description ?? ''}. Default: ${notes.defaultText}`;
  }
  // A group whose default is "nothing said" says nothing about its keys.
  if (isEmptyObject(json['default'])) delete json['default'];
  if (json['type'] === 'object' && json['properties'] !== undefined) addTwins(zodSchema, json);
}

/** `token` may be given as `token_file`: the name of a file that holds it. */
function addTwins(zodSchema: z.core.$ZodType, json: Json): void {
  json['additionalProperties'] ??= false;
  const properties = json['properties'] as Json;
  const choices: Json[] = [];
  for (const [key, schemas] of shapeOf([zodSchema]).keys) {
    const notes = notesOf(schemas);
    const twin = `${key}_file`;
    if (!notes.secret || properties[key] === undefined || properties[twin] !== undefined) continue;
    properties[twin] = { type: 'string', description: `File that holds nothing but the value of ${key}` };
    const required = (json['required'] as string[] | undefined) ?? [];
    if (!required.includes(key)) continue;
    json['required'] = required.filter((name) => name !== key);
    choices.push({ oneOf: [{ required: [key] }, { required: [twin] }] });
  }
  if (choices.length > 0) json['allOf'] = choices;
}

/** Wherever a value has a form, `${VAR}` may stand instead; free texts may hold it anyway. */
function withVariables(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((item) => withVariables(item));
  if (!isObject(schema)) return schema;
  const walked: Json = {};
  for (const [key, value] of Object.entries(schema)) {
    walked[key] = KEPT.includes(key) ? value : key === 'properties' ? eachValue(value) : withVariables(value);
  }
  if (!hasForm(walked)) return walked;
  const form = Object.fromEntries(Object.entries(walked).filter(([key]) => !NOTES.includes(key)));
  const notes = Object.fromEntries(Object.entries(walked).filter(([key]) => NOTES.includes(key)));
  return { ...notes, anyOf: [form, { $ref: '#/$defs/variable' }] };
}

const NOTES = ['description', 'default', 'examples', 'writeOnly', 'title', 'deprecated'];
const KEPT = [...NOTES, 'propertyNames', 'required', 'enum', 'const', 'allOf'];

function eachValue(properties: unknown): unknown {
  if (!isObject(properties)) return properties;
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, withVariables(value)]));
}

function hasForm(schema: Json): boolean {
  const { type } = schema;
  if (type === 'number' || type === 'integer' || type === 'boolean') return true;
  if (type !== undefined && type !== 'string') return false;
  // `${A}` is the shortest variable.
  if (typeof schema['minLength'] === 'number' && schema['minLength'] > 4) return true;
  return ['enum', 'const', 'pattern', 'format'].some((word) => schema[word] !== undefined);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmptyObject(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}
