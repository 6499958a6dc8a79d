import type { Call } from '../server/exchange.ts';
import { ApiFailure, json400 } from './api-failure.ts';

/** Query and body of a request as one set of parameters, the body's first, as GitLab reads them. */
export class Input {
  readonly #body: Readonly<Record<string, unknown>>;
  readonly #query: URLSearchParams;

  constructor(call: Call) {
    this.#query = call.url.searchParams;
    this.#body = readBody(call);
  }

  text(name: string): string | undefined {
    const value = this.#one(name);
    return value === null || value === undefined ? undefined : scalar(name, value);
  }

  /** null: given as null or empty text, to take a value away. */
  nullableText(name: string): string | null | undefined {
    const value = this.#one(name);
    if (value === null || value === '') return null;
    return value === undefined ? undefined : scalar(name, value);
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined || text === '') return undefined;
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    throw json400({ error: `${name} is invalid` });
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined || text === '') return undefined;
    if (!/^-?\d{1,9}$/.test(text)) throw json400({ error: `${name} is invalid` });
    return Number(text);
  }

  choice<const T extends string>(name: string, values: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = values.find((value) => value === text);
    if (found === undefined) throw json400({ error: `${name} does not have a valid value` });
    return found;
  }

  /** `a,b`, `name[]=a&name[]=b` or a JSON array. */
  list(name: string): string[] | undefined {
    const value = this.#body[name] ?? this.#body[`${name}[]`];
    const given = value ?? this.#fromQuery(name);
    if (given === undefined) return undefined;
    const items: unknown[] = Array.isArray(given) ? given : [given];
    return items
      .flatMap((item) => scalar(name, item).split(','))
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }

  objects(name: string): Record<string, unknown>[] | undefined {
    const value = this.#body[name];
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every(isRecord)) throw json400({ error: `${name} is invalid` });
    return value;
  }

  #one(name: string): unknown {
    return Object.hasOwn(this.#body, name) ? this.#body[name] : (this.#query.get(name) ?? undefined);
  }

  #fromQuery(name: string): string[] | undefined {
    const values = [...this.#query.getAll(name), ...this.#query.getAll(`${name}[]`)];
    return values.length === 0 ? undefined : values;
  }
}

function scalar(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw json400({ error: `${name} is invalid` });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readBody(call: Call): Record<string, unknown> {
  if (call.body.length === 0) return {};
  const type = call.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded'))
    return formFields(new URLSearchParams(call.body.toString('utf8')));
  if (!type.startsWith('application/json')) {
    throw new ApiFailure(415, { error: "The provided content-type '' is not supported." });
  }
  const value = parseJson(call.body.toString('utf8'));
  if (!isRecord(value)) throw json400({ error: 'The request body is not a JSON object' });
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApiFailure(400, { message: '400 Bad request - message body does not match declared format' }, { cause });
  }
}

/** A field that comes once is a text, one that is repeated or ends in `[]` a list. */
export function formFields(form: URLSearchParams): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name);
    fields[name.replace(/\[\]$/, '')] = values.length > 1 || name.endsWith('[]') ? values : (values[0] ?? '');
  }
  return fields;
}
