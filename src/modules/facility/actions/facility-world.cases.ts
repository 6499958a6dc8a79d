import { createServer, type IncomingMessage } from 'node:http';
import { after } from 'node:test';
import { pino } from 'pino';
import type { Hook, Issue, Project } from '../../../../simulators/gitlab/index.ts';
import { type GitlabSimulator, startGitlabSimulator } from '../../../../simulators/gitlab/index.ts';
import { openTestDatabase } from '../../../../test/support/databases.ts';
import { GitLab } from '../../../connectors/gitlab/index.ts';
import { AppError, addMs, type Clock, type EventType, type Instant, newId } from '../../../core/index.ts';
import { type OpenedDatabase, type Tx } from '../../../platform/database/index.ts';
import type { Journal } from '../../../platform/journal/index.ts';
import { FacilityConfig } from '../config.ts';
import { migrations } from '../store/migrations/index.ts';
import { tables } from '../store/schema.ts';
import { acceptDelivery, type Delivery } from './accept-delivery.ts';
import type { FacilityContext } from './facility-context.ts';
import type { FacilityMetrics } from './facility-metrics.ts';
import { reconcileProject } from './reconcile-project.ts';
import { syncProjects } from './sync-projects.ts';

export class TestClock implements Clock {
  #now: Instant;
  constructor(now: Instant) {
    this.#now = now;
  }
  now(): Instant {
    return this.#now;
  }
  pass(milliseconds: number): void {
    this.#now = addMs(this.#now, milliseconds);
  }
}

export interface Published {
  type: string;
  key: string;
  payload: unknown;
}

export interface Received extends Delivery {
  status: number;
}

export const PROJECT = 'lab/301';
export const TOKEN = 'glpat-test-maintainer';
export const HOOK_TOKEN = 's3cr3t-for-tests';
export const PUBLIC_URL = 'https://status.example.test';

/** One GitLab project with a hook, our tables and everything that facility published. */
export interface FacilityWorld {
  gitlab: GitlabSimulator;
  project: Project;
  hook: Hook;
  clock: TestClock;
  db: OpenedDatabase;
  context: FacilityContext;
  published: Published[];
  log: string[];
  counts: Record<string, number>;
  /** What GitLab sent and what it was answered. */
  received: Received[];
  /** Types and payloads published since the last call. */
  news(): Published[];
  reconcile(id?: string): Promise<boolean>;
  issue(title: string, labels: string[], more?: { confidential?: boolean }): Issue;
  badges(): { id: number; name: string | null; kind: string }[];
}

type ConfigInput = Parameters<typeof FacilityConfig.parse>[0];

export async function facilityWorld(
  options: {
    labels?: readonly string[];
    project?: Record<string, unknown>;
    integration?: Record<string, unknown>;
    config?: (url: string) => ConfigInput;
    db?: OpenedDatabase;
  } = {},
): Promise<FacilityWorld> {
  const clock = new TestClock('2025-11-20T12:00:00.000Z');
  const gitlab = await startGitlabSimulator({ clock });
  after(() => gitlab.close());
  const project = gitlab.world.addProject({ path: 'lab/instrument-desk', id: 301, visibility: 'public' });
  for (const title of options.labels ?? ['CRITICAL', 'Information', 'Logbook', 'D:Cryo A', 'D:Laser 2']) {
    gitlab.world.addLabel(project, { title, color: '#009966' });
  }
  gitlab.world.addToken({ secret: TOKEN });
  const received: Received[] = [];
  let receive: (delivery: Delivery) => Promise<void> = async () => undefined;
  const address = await receiver(received, (delivery) => receive(delivery));
  const hook = gitlab.world.addHook(project, { url: `${address}/hooks/gitlab/lab`, token: HOOK_TOKEN });
  const db = options.db ?? (await openTestDatabase({ parts: [{ name: 'facility', tables, migrations }], clock }));
  const config = FacilityConfig.parse(
    options.config?.(gitlab.url) ?? {
      integrations: [{ id: 'lab', url: gitlab.url, token: TOKEN, hook_token: HOOK_TOKEN, ...options.integration }],
      projects: [{ integration: 'lab', project: 301, ...options.project }],
    },
  );
  const { context, published, log, counts } = contextOf(config, db, clock);
  receive = (delivery) => acceptDelivery(context, delivery);
  await syncProjects(context);
  let told = 0;
  return {
    gitlab,
    project,
    hook,
    clock,
    db,
    context,
    published,
    log,
    counts,
    received,
    news() {
      const news = published.slice(told);
      told = published.length;
      return news;
    },
    reconcile: (id = PROJECT) => reconcileProject(context, id, { by: newId(), signal: new AbortController().signal }),
    issue: (title, labels, more = {}) => gitlab.world.openIssue(project, { title, labels, ...more }),
    badges: () => gitlab.world.badgesOf(project).map(({ id, name, kind }) => ({ id, name, kind })),
  };
}

function contextOf(
  config: FacilityConfig,
  db: OpenedDatabase,
  clock: Clock,
): { context: FacilityContext; published: Published[]; log: string[]; counts: Record<string, number> } {
  const published: Published[] = [];
  const log: string[] = [];
  const counts: Record<string, number> = {};
  const count = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const metrics: FacilityMetrics = {
    delivery: (outcome) => count(`delivery ${outcome}`),
    reconcile: (outcome) => count(`reconcile ${outcome}`),
    badgeWrite: (operation) => count(`badge ${operation}`),
    gitlabCall: ({ method, resource }) => count(`${method} ${resource}`),
    projects: () => undefined,
  };
  const { url = '', token = TOKEN } = config.integrations[0] ?? {};
  const client = new GitLab({
    url,
    token,
    clock,
    pause: async () => undefined,
    timeoutMs: 2000,
    onCall: (call) => metrics.gitlabCall(call),
  });
  const context: FacilityContext = {
    config: () => config,
    site: () => ({ title: 'Test', publicUrl: PUBLIC_URL, basePath: '', timezone: 'UTC', demo: false }),
    db,
    journal: recordingJournal(published),
    clock,
    log: pino({ level: 'debug', base: null }, { write: (line: string) => void log.push(line) }),
    metrics,
    gitlab: () => client,
  };
  return { context, published, log, counts };
}

const STATUS: Readonly<Record<string, number>> = { invalid: 400, unauthenticated: 401, forbidden: 403, not_found: 404 };

/** Takes deliveries over a real socket; the routes of the module are tested elsewhere. */
async function receiver(received: Received[], accept: (delivery: Delivery) => Promise<void>): Promise<string> {
  const server = createServer((request, response) => {
    void (async () => {
      const delivery = await deliveryOf(request);
      const status = await accept(delivery).then(
        () => 204,
        (error: unknown) => (error instanceof AppError ? (STATUS[error.code] ?? 500) : 500),
      );
      received.push({ ...delivery, status });
      response.writeHead(status).end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The receiver listens on no port.');
  return `http://127.0.0.1:${address.port}`;
}

async function deliveryOf(request: IncomingMessage): Promise<Delivery> {
  const chunks: Uint8Array[] = [];
  const body: AsyncIterable<Uint8Array> = request;
  for await (const chunk of body) chunks.push(chunk);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { integration: 'lab', headers, body: Buffer.concat(chunks), ip: '127.0.0.1' };
}

/** Keeps what was committed. */
function recordingJournal(published: Published[]): Journal {
  const unused = (): never => {
    throw new Error('The actions of facility only publish.');
  };
  return {
    async publish<P>(tx: Tx, type: EventType<P>, event: { key: string; payload: P }) {
      tx.afterCommit(() => published.push({ type: type.name, ...event }));
    },
    consume: unused,
    readAfter: unused,
    head: unused,
    onNew: unused,
    start: unused,
    stop: unused,
    drain: unused,
    deadLetters: unused,
    retryDeadLetter: unused,
  };
}
