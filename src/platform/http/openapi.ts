import { z } from 'zod';
import { ANONYMOUS, ERROR_CODES } from '../../core/index.ts';
import { type Html, html } from '../html/index.ts';
import { httpMessages } from './messages.ts';
import type { HttpOptions, Parts } from './server.ts';
import { visitOf } from './visit.ts';
import type { ApiOptions, Visit } from './web.ts';

export type Operation = ApiOptions<z.ZodType, z.ZodType, z.ZodType, z.ZodType>;

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  required?: string[];
  description?: string;
  [key: string]: unknown;
}

const ALWAYS = [400, 413, 429, 500];

/** Collects the operations as they are registered and describes them as OpenAPI 3.1.0. */
export class OpenApi {
  readonly #operations: Operation[] = [];
  readonly #options: Pick<HttpOptions, 'site' | 'version'>;

  constructor(options: Pick<HttpOptions, 'site' | 'version'>) {
    this.#options = options;
  }

  add(operation: Operation): void {
    this.#operations.push(operation);
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
  const problems = [...ALWAYS, ...(operation.scope ? [401, 403] : []), ...(operation.problems ?? [])].sort();
  const answers: Record<string, unknown> = {
    [String(operation.status ?? 200)]: {
      description: 'Done',
      content: {
        'application/json': { schema: schemaOf(operation.answer, 'output') },
        ...Object.fromEntries((operation.alternates ?? []).map((type) => [type, { schema: { type: 'string' } }])),
      },
    },
  };
  for (const status of problems) {
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
    security: operation.scope ? [{ token: [operation.scope] }] : [],
    parameters: [...parametersOf(operation.params, 'path'), ...parametersOf(operation.query, 'query')],
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

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
  });
  return rest as JsonSchema;
}

interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description?: string;
  schema: Omit<JsonSchema, 'description'>;
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

/** `/api/openapi.json` for programs and `/api/docs` for people. */
export function registerOpenApi({ app, openApi, options }: Parts): void {
  const base = options.site().basePath;
  app.get(`${base}/api/openapi.json`, async (_request, reply) => {
    reply.header('cache-control', 'no-cache').header('access-control-allow-origin', '*');
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(openApi.document()));
  });
  app.get(`${base}/api/docs`, async (request, reply) => {
    const visit = visitOf(request, { actor: ANONYMOUS }, options);
    const words = httpMessages(visit.language);
    const page = { title: words.apiTitle, main: docsPage(openApi.operations, visit) };
    return reply.type('text/html; charset=utf-8').send(options.document(visit, page, options.clock.now()).toString());
  });
}

function docsPage(operations: readonly Operation[], visit: Visit): Html {
  const words = httpMessages(visit.language);
  const shown = operations.map((operation) => {
    const parameters = [...parametersOf(operation.params, 'path'), ...parametersOf(operation.query, 'query')];
    return html`<section class="card api" id="${operation.operationId}">
<h2><code>${operation.method} ${operation.path}</code></h2><p>${operation.summary}</p>
${operation.description ? html`<p class="soft">${operation.description}</p>` : null}
<p class="soft">${operation.scope ? words.apiScope(operation.scope) : words.apiOpen}</p>
${parameters.length === 0 ? null : html`<h3>${words.apiParameters}</h3><dl>${parameters.map(parameterView)}</dl>`}
${operation.body ? html`<details><summary>${words.apiBody}</summary>${code(schemaOf(operation.body, 'input'))}</details>` : null}
<details><summary>${words.apiAnswer}</summary>${code(schemaOf(operation.answer, 'output'))}</details></section>`;
  });
  return html`<div class="page-head"><h1>${words.apiTitle}</h1></div>
<p>${words.apiIntro} <a href="${visit.link('/api/openapi.json')}">${words.apiDocument}</a></p>${shown}
<section class="card api"><h2>${words.apiErrors}</h2><p>${words.apiErrorsIntro}</p><ul>${ERROR_CODES.map(
    (name) => html`<li id="error-${name}"><code>${name}</code></li>`,
  )}</ul></section>`;
}

function parameterView(parameter: Parameter): Html {
  return html`<dt><code>${parameter.name}</code> <span class="soft">${parameter.in}</span></dt>
<dd>${parameter.description} <code>${JSON.stringify(parameter['schema'])}</code></dd>`;
}

function code(schema: JsonSchema): Html {
  return html`<pre tabindex="0"><code>${JSON.stringify(schema, null, 2)}</code></pre>`;
}
