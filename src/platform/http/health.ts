import type { Parts } from './parts.ts';

/** `/livez`: the event loop turns. `/readyz`: we can do our work. `/metrics`: for Prometheus (conventions C1, C14). */
export function registerHealth({ app, options, checks }: Parts): void {
  const prefixes = new Set(['', options.site().basePath]);
  for (const prefix of prefixes) {
    app.get(`${prefix}/livez`, async (_request, reply) =>
      reply.header('cache-control', 'no-store').type('text/plain').send('ok\n'),
    );
    app.get(`${prefix}/readyz`, async (_request, reply) => {
      const failed: string[] = [];
      for (const { name, check } of checks) {
        try {
          await check();
        } catch (err) {
          failed.push(name);
          options.log.warn({ err, check: name }, 'not ready');
        }
      }
      reply.header('cache-control', 'no-store').type('text/plain');
      return failed.length === 0
        ? 'ready\n'
        : reply
            .code(503)
            .header('retry-after', '2')
            .send(`not ready: ${failed.join(', ')}\n`);
    });
    app.get(`${prefix}/metrics`, async (_request, reply) => {
      const text = await options.metrics.render();
      return reply.header('cache-control', 'no-store').type('text/plain; version=0.0.4; charset=utf-8').send(text);
    });
  }
}
