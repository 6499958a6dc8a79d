import { ANONYMOUS, ERROR_CODES } from '../../core/index.ts';
import { type Html, html } from '../html/index.ts';
import { httpMessages } from './messages.ts';
import { allParametersOf, type JsonSchema, type Operation, type Parameter, schemaOf } from './openapi.ts';
import type { Parts } from './parts.ts';
import { sendAnswer } from './send-answer.ts';
import { visitOf } from './visit.ts';
import type { Visit } from './web.ts';

/** `/api/openapi.json` for programs and `/api/docs` for people. */
export function registerOpenApi({ app, openApi, options }: Parts): void {
  const base = options.site().basePath;
  app.get(`${base}/api/openapi.json`, async (request, reply) =>
    sendAnswer(request, reply, {
      type: 'application/json; charset=utf-8',
      body: JSON.stringify(openApi.document()),
      headers: { 'cache-control': 'no-cache', 'access-control-allow-origin': '*' },
    }),
  );
  app.get(`${base}/api/docs`, async (request, reply) => {
    const visit = visitOf(request, { actor: ANONYMOUS }, options);
    const words = httpMessages(visit.language);
    const page = { title: words.apiTitle, main: docsPage(openApi.operations, visit) };
    return reply.type('text/html; charset=utf-8').send(options.document(visit, page, options.clock.now()).toString());
  });
}

function whoMay({ scope, allow }: Operation, words: ReturnType<typeof httpMessages>): string {
  if (scope) return words.apiScope(scope);
  return allow ? words.apiScopeOrRole(allow.scope, allow.role) : words.apiOpen;
}

function docsPage(operations: readonly Operation[], visit: Visit): Html {
  const words = httpMessages(visit.language);
  const shown = operations.map((operation) => {
    const parameters = allParametersOf(operation);
    return html`<section class="card api" id="${operation.operationId}">
<h2><code>${operation.method} ${operation.path}</code></h2><p>${operation.summary}</p>
${operation.description ? html`<p class="soft">${operation.description}</p>` : null}
<p class="soft">${whoMay(operation, words)}</p>
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
