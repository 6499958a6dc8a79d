/** What a report of the predecessor's clients says (specification §5.1). */
export interface V1Report {
  name: string;
  impact: number;
  text: string | undefined;
  attributes: readonly [name: string, value: string][];
}

/** Mistakes by field, in the predecessor's words and nesting. */
export interface V1Errors {
  [field: string]: string[] | V1Errors;
}

const MISSING = 'Missing data for required field.';
const UNKNOWN = 'Unknown field.';
const NULL = 'Field may not be null.';
const NOT_A_STRING = 'Not a valid string.';
const NOT_AN_INTEGER = 'Not a valid integer.';
const NOT_A_LIST = 'Not a valid list.';
const WRONG_INPUT = 'Invalid input type.';

type Fields = Readonly<Record<string, unknown>>;

/** Reads a body as the predecessor's schemas did, with all mistakes at once. */
export function readV1Report(body: unknown): { report: V1Report } | { errors: V1Errors } {
  if (!isFields(body)) return { errors: { _schema: [WRONG_INPUT] } };
  const errors: V1Errors = {};
  const name = text(body, 'name', { required: true, errors });
  const impact = integer(body, errors);
  const title = text(body, 'text', { required: false, errors });
  const attributes = pairs(body, errors);
  unknown(body, ['name', 'impact', 'text', 'attributes'], errors);
  if (Object.keys(errors).length > 0 || name === undefined || impact === undefined) return { errors };
  return { report: { name, impact, text: title, attributes } };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(
  fields: Fields,
  field: string,
  { required, errors }: { required: boolean; errors: V1Errors },
): string | undefined {
  const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (typeof value === 'string') return value;
  if (value === undefined) {
    if (required) errors[field] = [MISSING];
  } else errors[field] = [value === null ? NULL : NOT_A_STRING];
  return undefined;
}

/** Numbers lose their fraction and texts of digits count, as they did. */
function integer(fields: Fields, errors: V1Errors): number | undefined {
  const value = fields['impact'];
  if (typeof value === 'number' && Number.isFinite(value)) return Math.trunc(value);
  if (typeof value === 'string' && /^\s*[+-]?\d{1,15}\s*$/.test(value)) return Number(value);
  errors['impact'] = [value === undefined ? MISSING : value === null ? NULL : NOT_AN_INTEGER];
  return undefined;
}

function pairs(fields: Fields, errors: V1Errors): [string, string][] {
  const value = fields['attributes'];
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    errors['attributes'] = [value === null ? NULL : NOT_A_LIST];
    return [];
  }
  const found: [string, string][] = [];
  const wrong: V1Errors = {};
  value.forEach((item: unknown, index) => {
    const mistakes: V1Errors = {};
    if (isFields(item)) {
      const name = text(item, 'name', { required: true, errors: mistakes });
      const own = text(item, 'value', { required: true, errors: mistakes });
      unknown(item, ['name', 'value'], mistakes);
      if (name !== undefined && own !== undefined) found.push([name, own]);
    } else mistakes['_schema'] = [WRONG_INPUT];
    if (Object.keys(mistakes).length > 0) wrong[String(index)] = mistakes;
  });
  if (Object.keys(wrong).length > 0) errors['attributes'] = wrong;
  return found;
}

function unknown(fields: Fields, known: readonly string[], errors: V1Errors): void {
  for (const field of Object.keys(fields)) if (!known.includes(field)) errors[field] = [UNKNOWN];
}
