import { readFileSync } from 'node:fs';
import { fastify } from 'fastify';

const [port, file, encoding] = process.argv.slice(2);
const body = readFileSync(file ?? '');
const app = fastify();
app.get('/', (_request, reply) => {
  reply.type('text/html; charset=utf-8');
  if (encoding) reply.header('content-encoding', encoding);
  return reply.send(body);
});
await app.listen({ port: Number(port), host: '127.0.0.1' });
process.once('SIGTERM', () => void app.close());
