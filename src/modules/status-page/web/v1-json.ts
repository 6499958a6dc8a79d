import { STATUS_CODES } from 'node:http';
import type { Answer } from '../../../platform/http/index.ts';

/** JSON as the predecessor wrote it: keys in the order of the alphabet, at every depth. */
export function v1Json(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

export function v1Answer(
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, type: 'application/json', body, headers };
}

/** `{"code":404,"message":"…","status":"Not Found"}` */
export function v1Problem(code: number, message: string): Answer {
  return v1Answer(code, v1Json({ code, message, status: phrase(code) }));
}

/** Mistakes in a body or a query: `{"code":422,"errors":{"json":{…}},"status":"Unprocessable Entity"}`. */
export function v1Mistakes(code: number, errors: Readonly<Record<string, unknown>>): Answer {
  return v1Answer(code, v1Json({ code, errors, status: phrase(code) }));
}

/** Python's word for 422, whatever newer registries say. */
function phrase(code: number): string {
  return code === 422 ? 'Unprocessable Entity' : (STATUS_CODES[code] ?? 'Error');
}
