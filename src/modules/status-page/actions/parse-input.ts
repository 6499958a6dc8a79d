import type * as z from 'zod';
import { AppError, type FieldError } from '../../../core/index.ts';

const MOST_TOLD = 5;
const LONGEST_VALUE = 60;

/** An input by its schema, or an error that names every field that is wrong. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  // Values stay out: some inputs hold addresses that are passwords.
  const fields = fieldErrors(result.error.issues, input);
  throw new AppError('invalid', detailOf(fields), { fields });
}

export function detailOf(fields: readonly FieldError[]): string {
  const told = fields.slice(0, MOST_TOLD).map(({ pointer, detail }) => `${pointer.slice(1) || 'input'}: ${detail}`);
  return told.join('; ');
}

/** What a schema found: where, and what would be right. */
export function fieldErrors(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  options: { values?: boolean } = {},
): FieldError[] {
  return issues.flatMap((issue) => {
    const pointer = pointerTo(issue.path);
    if (issue.code === 'unrecognized_keys') {
      const detail = 'is not known here: leave it out';
      return issue.keys.map((key) => ({ pointer: pointer + pointerTo([key]), detail }));
    }
    const value = issue.path.reduce<unknown>(memberOf, input);
    if (value === undefined) return [{ pointer, detail: `is missing: ${issue.message}` }];
    return [{ pointer, detail: `${issue.message}${options.values === true ? givenText(value) : ''}` }];
  });
}

/** How a sentence about a value ends; empty for what is no single value. */
export function givenText(value: unknown): string {
  if (value === undefined || (typeof value === 'object' && value !== null)) return '';
  const text = JSON.stringify(value);
  return ` (given: ${text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text})`;
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
}

function memberOf(value: unknown, part: PropertyKey): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, part)
    ? (value as Record<PropertyKey, unknown>)[part]
    : undefined;
}
