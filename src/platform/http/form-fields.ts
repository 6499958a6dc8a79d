import type { FastifyRequest } from 'fastify';
import { AppError } from '../../core/index.ts';
import { JsonBody } from './body.ts';
import { readMultipart } from './multipart.ts';
import type { FormOptions } from './web.ts';

/** What a form sent, in either of the two ways browsers send one. */
export function formFields(
  request: FastifyRequest,
  { upload }: FormOptions,
): Readonly<Record<string, string | string[]>> {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return (request.body ?? {}) as Record<string, string | string[]>;
  }
  if (upload !== undefined && type.startsWith('multipart/form-data') && request.body instanceof JsonBody) {
    return readMultipart(type, request.body.bytes);
  }
  throw new AppError('invalid', 'Send this form as application/x-www-form-urlencoded.');
}
