import * as z from 'zod';
import { type Actor, type ComponentKey, isComponentKey } from '../../../core/index.ts';
import type { Mistake } from '../domain/mistake.ts';
import { fieldErrors } from './parse-input.ts';
import { MOST_FIELDS, Refusal } from './refusal.ts';
import { unknownComponents } from './require-components.ts';
import type { StatusPageContext } from './status-page-context.ts';

interface Asking {
  context: Pick<StatusPageContext, 'db' | 'components'>;
  actor: Actor;
}

/** Every field that is good by itself: undefined where it may be absent and is, without the key where it is wrong. */
export type Readable<S extends z.ZodType> = Partial<z.output<S>>;

/**
 * The input that an incident, maintenance or info begins with, or one refusal that names every mistake: of the schema,
 * of its components, and of rules over what can be read of it, whatever is wrong with the rest.
 */
export async function parseBeginning<S extends z.ZodObject>(
  { context, actor }: Asking,
  schema: S,
  input: unknown,
  rules: (given: Readable<S>) => readonly Mistake[] = () => [],
): Promise<z.output<S>> {
  const result = schema.safeParse(input);
  const fields = result.success ? [] : fieldErrors(result.error.issues.slice(0, MOST_FIELDS), input, { values: true });
  const mistakes = [...(await unknownComponents(context, actor, keysIn(input))), ...rules(readable(schema, input))];
  if (result.success && mistakes.length === 0) return result.data;
  throw new Refusal(mistakes, { fields, input });
}

function readable<S extends z.ZodObject>(schema: S, input: unknown): Readable<S> {
  const given = Members.safeParse(input).data ?? {};
  const good = Object.entries(schema.shape).flatMap(([name, part]) => {
    const result = z.safeParse(part, given[name]);
    return result.success ? [[name, result.data] as const] : [];
  });
  return Object.fromEntries(good) as Readable<S>;
}

const Members = z.record(z.string(), z.unknown());
const MOST_KEYS = 1000;

/** The keys that are good by themselves, of a list that need not be. */
function keysIn(input: unknown): ComponentKey[] {
  const components = Members.safeParse(input).data?.['components'];
  if (!Array.isArray(components)) return [];
  const keys = components.filter((key): key is ComponentKey => typeof key === 'string' && isComponentKey(key));
  return [...new Set(keys)].slice(0, MOST_KEYS);
}
