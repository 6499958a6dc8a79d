import type { FastifyInstance } from 'fastify';

/** Which methods each address takes, for those who ask with another one. */
export class Methods {
  readonly #routes: { pattern: RegExp; methods: readonly string[] }[] = [];

  /** Notes every route that is added from now on. */
  watch(app: FastifyInstance): void {
    app.addHook('onRoute', ({ method, url }) => {
      this.#routes.push({ pattern: patternOf(url), methods: [method].flat() });
    });
  }

  at(path: string): string[] {
    const fitting = this.#routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(fitting.flatMap(({ methods }) => methods))].sort();
  }
}

function patternOf(route: string): RegExp {
  const source = route
    .replace(/\/$/, '')
    .replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replace(/:\w+/g, '[^/]+');
  return new RegExp(`^${source}/?$`);
}
