import * as z from 'zod';
import { ERROR_CODES } from '../../core/index.ts';
import type { SiteConfig } from '../config/index.ts';
import { httpMessages } from './messages.ts';
import type { ApiOptions, StreamOptions } from './web.ts';

export type Operation = ApiOptions<z.ZodType, z.ZodType, z.ZodType, z.ZodType> & {
  /** Of the success answer; application/json if absent. */
  mediaType?: string;
};

export interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  required?: string[];
  description?: string;
  [key: string]: unknown;
}

/** What the document is about. */
interface Subject {
  site: () => SiteConfig;
  version: string;
}

const ALWAYS = [400, 413, 429, 500];

/** Collects the operations as they are registered and describes them as OpenAPI 3.1.0. */
export class OpenApi {
  readonly #operations: Operation[] = [];
  readonly #options: Subject;

  constructor(options: Subject) {
    this.#options = options;
  }

  add(operation: Operation): void {
    this.#operations.push(operation);
  }

  addStream(about: StreamOptions & { path: string }): void {
    const headers = { 'Last-Event-ID': 'The id of the last event that arrived; later ones follow.' };
    const answer = z.string().describe('Server-sent events.');
    this.add({ ...about, method: 'GET', headers, answer, mediaType: 'text/event-stream', problems: [403] });
  }

  get operations(): readonly Operation[] {
    return this.#operations;
  }

  document(): Record<string, unknown> {
    const site = this.#options.site();
    const paths: Record<string, Record<string, unknown>> = {};
    for (const operation of this.#operations) {
      const path = (paths[operation.path] ??= {});
      path[operation.method.toLowerCase()] = describe(operation);
    }
    return {
      openapi: '3.1.0',
      jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
      info: {
        title: `${site.title} API`,
        version: this.#options.version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: site.publicUrl }],
      tags: [...new Set(this.#operations.map(({ tag }) => tag))].map((name) => ({ name })),
      paths,
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'signalbox token create' } },
        schemas: { Problem: PROBLEM },
      },
    };
  }
}

const PROBLEM = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { enum: [...ERROR_CODES, 'internal'] },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: { pointer: { type: 'string', format: 'json-pointer' }, detail: { type: 'string' } },
      },
    },
  },
};

function describe(operation: Operation): Record<string, unknown> {
  const scope = operation.scope ?? operation.allow?.scope;
  const problems = [...ALWAYS, ...(scope ? [401, 403] : []), ...(operation.problems ?? [])].sort();
  const answers: Record<string, unknown> = {
    [String(operation.status ?? 200)]: {
      description: 'Done',
      content: {
        [operation.mediaType ?? 'application/json']: { schema: schemaOf(operation.answer, 'output') },
        ...Object.fromEntries((operation.alternates ?? []).map((type) => [type, { schema: { type: 'string' } }])),
      },
    },
  };
  for (const [status, { description, type, schema }] of Object.entries(operation.compatible?.answers ?? {})) {
    answers[status] = { description, content: { [type]: { schema: schemaOf(schema, 'output') } } };
  }
  for (const status of operation.compatible ? [] : problems) {
    answers[String(status)] = {
      description: httpMessages('en').errorTitle(status),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return {
    operationId: operation.operationId,
    summary: operation.summary,
    ...(operation.description ? { description: operation.description } : {}),
    tags: [operation.tag],
    // Without a scope it is open to everybody, and a token may show more.
    security: scope ? [{ token: [scope] }] : [{}, { token: ['read'] }],
    parameters: allParametersOf(operation),
    ...(operation.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(operation.body, 'input') } },
          },
        }
      : {}),
    responses: answers,
  };
}

export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
  });
  return rest as JsonSchema;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: Omit<JsonSchema, 'description'>;
}

export function allParametersOf({ params, query, headers = {} }: Operation): Parameter[] {
  const described = Object.entries(headers).map(
    ([name, description]): Parameter => ({
      name,
      in: 'header',
      required: false,
      description,
      schema: { type: 'string' },
    }),
  );
  return [...parametersOf(params, 'path'), ...parametersOf(query, 'query'), ...described];
}

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): Parameter[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input');
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description ? { description } : {}),
    schema: rest,
  }));
}
