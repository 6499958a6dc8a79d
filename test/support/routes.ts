import { channel } from 'node:diagnostics_channel';

export interface Route {
  method: string;
  /** As registered, e.g. `/components/:area/:name`. */
  path: string;
}

interface Initialised {
  fastify: { addHook(name: 'onRoute', hook: (route: { method: string | string[]; url: string }) => void): void };
}

/** Everything the HTTP server answers, in the order of registration, so that no test keeps a list of its own. */
export async function withRoutes<T>(start: () => Promise<T>): Promise<{ started: T; routes: readonly Route[] }> {
  const routes: Route[] = [];
  const listen = (message: unknown): void => {
    (message as Initialised).fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) routes.push({ method: each, path: url });
    });
  };
  const initialised = channel('fastify.initialization');
  initialised.subscribe(listen);
  try {
    return { started: await start(), routes };
  } finally {
    initialised.unsubscribe(listen);
  }
}

/** An address that a route answers, its parameters filled in from `values` or else with `fallback`. */
export function fill(path: string, values: Readonly<Record<string, string>>, fallback = 'none'): string {
  return path.replace(/:(\w+)|\*/g, (_whole, name: string | undefined) => values[name ?? '*'] ?? fallback);
}
