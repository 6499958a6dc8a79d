import type * as z from 'zod';
import { AppError, type FieldError } from '../../../core/index.ts';

const MOST_TOLD = 5;

/** An input by its schema, or an error that names every field that is wrong. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const fields: FieldError[] = result.error.issues.map(({ path, message }) => ({
    pointer: path.map((part) => `/${String(part).replace(/~/g, '~0').replace(/\//g, '~1')}`).join(''),
    detail: message,
  }));
  const told = fields.slice(0, MOST_TOLD).map(({ pointer, detail }) => `${pointer.slice(1) || 'input'}: ${detail}`);
  throw new AppError('invalid', told.join('; '), { fields });
}
