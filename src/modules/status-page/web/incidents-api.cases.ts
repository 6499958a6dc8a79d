import assert from 'node:assert/strict';
import { after } from 'node:test';
import type * as z from 'zod';
import { openTestDatabase } from '../../../../test/support/databases.ts';
import { CREATOR, OPERATOR, person, program, statusPageWorld } from '../../../../test/support/status-page-world.ts';
import { type Actor, ANONYMOUS, AppError } from '../../../core/index.ts';
import { html } from '../../../platform/html/index.ts';
import { createHttpServer } from '../../../platform/http/index.ts';
import { createJobs } from '../../../platform/jobs/index.ts';
import { registerIncidents } from '../register-incidents.ts';
import type { IncidentShape } from './incident-shapes.ts';

export type Out = z.input<typeof IncidentShape>;

/** Headers, and the method if it is another one than POST. */
type Sending = Record<string, string> & { method?: string };

const ACTORS: Record<string, Actor> = {
  creator: CREATOR,
  operator: OPERATOR,
  reporter: person('reporter'),
  robot: program('incidents:write'),
  reader: program('read'),
};

/** The API of incidents on a port of its own, with a token for each kind of caller. machine-driven: only tests call it. */
export async function startApi() {
  const world = await statusPageWorld(openTestDatabase);
  const { context, clock, journal, db, metrics } = world;
  const server = await createHttpServer({
    site: context.site,
    trustedProxies: [],
    limits: { pages: 1000, forms: 100, denials: 1000, streams: 100 },
    authenticator: {
      authenticate: async ({ authorization }) => {
        if (authorization === undefined) return { actor: ANONYMOUS };
        const actor = ACTORS[authorization.replace('Bearer ', '')];
        if (actor === undefined) throw new AppError('unauthenticated', 'This token is not known.');
        return { actor };
      },
      verifyCsrf: () => true,
    },
    document: (_visit, page) => html`${page.main}`,
    staleNotice: () => html``,
    assets: [],
    head: () => journal.head(db),
    clock,
    log: context.log,
    metrics,
    version: '0.0.0',
  });
  const jobs = createJobs({ db, clock, log: context.log });
  registerIncidents({ jobs, web: server.web, config: context.config }, context);
  const { port } = await server.listen('127.0.0.1', 0);
  after(() => server.close());
  const bearer = (as?: string): Record<string, string> => (as === undefined ? {} : { authorization: `Bearer ${as}` });
  const origin = `http://127.0.0.1:${port}`;
  return {
    world,
    jobs,
    ask: (path: string, as?: string, headers = {}) => fetch(origin + path, { headers: { ...bearer(as), ...headers } }),
    send: (path: string, body: unknown, as?: string, { method = 'POST', ...headers }: Sending = {}) =>
      fetch(origin + path, {
        method,
        headers: { 'content-type': 'application/json', ...bearer(as), ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

export async function one(answer: Response, status = 200): Promise<Out> {
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  return JSON.parse(text) as Out;
}
