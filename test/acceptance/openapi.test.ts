import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Route, withRoutes } from '../support/routes.ts';
import { startApp, type TestApp } from '../support/start-app.ts';

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  responses: Record<string, { description: string; content: object }>;
  security: Record<string, string[]>[];
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: object; schemas: Record<string, object> };
}

/** Every object in a value, with where it stands. */
function* objectsIn(value: unknown, at = '#'): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  yield [at, value as Record<string, unknown>];
  for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner, `${at}/${key}`);
}

describe('/api/openapi.json of the whole program', () => {
  let server: TestApp;
  let routes: readonly Route[];
  let document: Document;

  before(async () => {
    ({ started: server, routes } = await withRoutes(() => startApp({ prefix: '/status' })));
    document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as Document;
  });
  after(() => server.stop());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

  it('describes every address under /api and nothing else', () => {
    const answered = routes
      .filter(({ method, path }) => path.startsWith('/status/api/') && method !== 'HEAD')
      .map(({ method, path }) => `${method} ${path.slice('/status'.length).replace(/:(\w+)/g, '{$1}')}`)
      .filter((one) => !/ \/api\/(openapi\.json|docs)$/.test(one));
    const described = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    assert.deepEqual(described.sort(), [...new Set(answered)].sort());
    assert.ok(described.length >= 5);
  });

  it('is of the shape that OpenAPI 3.1.0 asks for', () => {
    assert.equal(document.openapi, '3.1.0');
    assert.ok(document.info.title !== '' && document.info.version !== '');
    assert.equal(document.servers[0]?.url, server.url);
    const ids = operations().map(({ operation }) => operation.operationId);
    assert.equal(new Set(ids).size, ids.length);
    for (const { path, operation } of operations()) {
      assert.ok(operation.summary !== '' && operation.tags.length > 0, path);
      const inPath = operation.parameters.filter((one) => one.in === 'path');
      assert.deepEqual(
        inPath.map(({ name }) => name),
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      );
      assert.ok(inPath.every(({ required }) => required));
      assert.ok(Object.keys(operation.responses).some((status) => status.startsWith('2')));
      for (const [status, answer] of Object.entries(operation.responses)) {
        assert.ok(/^[1-5]\d\d$/.test(status) && answer.description !== '', `${path} ${status}`);
      }
    }
  });

  it('holds JSON Schema 2020-12 and references that lead somewhere', () => {
    for (const [at, { $ref, nullable, type, required, properties }] of objectsIn(document)) {
      assert.equal(nullable, undefined, `${at}: nullable is of OpenAPI 3.0`);
      if (typeof $ref === 'string') {
        const name = /^#\/components\/schemas\/(\w+)$/.exec($ref)?.[1] ?? '';
        assert.ok(document.components.schemas[name], `${at}: ${$ref}`);
      }
      if (type !== 'object' || !Array.isArray(required) || typeof properties !== 'object') continue;
      for (const name of required) assert.ok(Object.hasOwn(properties ?? {}, String(name)), `${at}: ${String(name)}`);
    }
  });
});
