import { type CatalogService, keyOf } from '../../../../test/support/report-world.ts';
import { startApp, type TestApp, type TestAppOptions } from '../../../../test/support/start-app.ts';
import { ComponentDeclared, systemClock } from '../../../core/index.ts';
import type { Incident } from '../domain/incident.ts';
import { saveComponent } from '../store/component-store.ts';
import { addMembers, findIncident, insertIncident, insertUpdates, saveIncident } from '../store/incident-store.ts';

export interface V1World extends AsyncDisposable {
  box: TestApp;
  token: string;
  catalog(...services: CatalogService[]): Promise<string[]>;
  post(body: unknown, headers?: Record<string, string>): Promise<V1Reply>;
  report(name: string, impact: number, more?: Record<string, unknown>): Promise<V1Reply>;
  get(path: string): Promise<V1Reply>;
  /** Writes as a person does. */
  write(incident: Partial<Incident>, components: readonly string[]): Promise<number>;
  say(id: number, status: Incident['status'], text: string): Promise<void>;
  change(id: number, what: Partial<Incident>): Promise<void>;
}

/** Incidents, components and errors alike: a case looks at what it expects. */
export interface V1Object {
  id: number;
  text: string;
  impact: number;
  start_date: string;
  end_date: string | null;
  updates: { status: string; text: string; timestamp: string }[];
  name: string;
  incidents: V1Object[];
  code: number;
  status: string;
}

/** What a report is refused with when an incident holds the component already. */
export interface V1Refusal {
  message: string;
  targetComponent: string;
  existingIncidentId: number;
  existingIncidentTitle: string;
}

export interface V1Reply {
  status: number;
  type: string;
  text: string;
  headers: Headers;
  json: V1Object;
  /** The same, when it is a list. */
  list: V1Object[];
  /** The same, when it refuses a report. */
  refusal: V1Refusal;
}

/** The whole program, and a monitor with a token. machine-driven: only tests call it. */
export async function v1World(options: TestAppOptions = {}): Promise<V1World> {
  const box = await startApp({ scheduled: false, ...options });
  const { db, journal } = box.app;
  const token = await box.token('signals:write');
  const reply = async (answer: Response): Promise<V1Reply> => {
    const text = await answer.text();
    const type = answer.headers.get('content-type') ?? '';
    const parsed: unknown = type.includes('json') ? JSON.parse(text) : null;
    return {
      status: answer.status,
      type,
      text,
      headers: answer.headers,
      json: parsed as V1Object,
      list: parsed as V1Object[],
      refusal: parsed as V1Refusal,
    };
  };
  const post: V1World['post'] = async (body, headers = { authorization: `Bearer ${token}` }) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return reply(await fetch(`${box.url}/api/v1/component_status`, { ...init, body: text }));
  };
  return {
    box,
    token,
    catalog: async (...services) => {
      await db.write(async (tx) => {
        for (const service of services) {
          const { name, visibility = 'public', attributes = [] } = service;
          const [key, now] = [keyOf(service), systemClock.now()];
          const region = attributes.find(([attribute]) => attribute === 'region')?.[1] ?? null;
          await saveComponent(tx, {
            ...{ key, catalogKey: null, name, region, attributes, visibility, category: null, description: null },
            ...{ docsUrl: null, position: 0, target: null, owner: 'file', watchedFrom: now },
            ...{ createdAt: now, modifiedAt: now, retiredAt: null },
          });
          await journal.publish(tx, ComponentDeclared, { key, payload: { key, name, kind: 'service', visibility } });
        }
      });
      await journal.drain();
      return services.map(keyOf);
    },
    post,
    report: (name, impact, more = {}) => post({ name, impact, ...more }),
    get: async (path) =>
      reply(await fetch(box.url + path, { headers: { 'x-signalbox-after': await journal.head(db) } })),
    write: async (incident, components) =>
      await db.write(async (tx) => {
        const now = systemClock.now();
        const whole = { ...BLANK, start: now, createdAt: now, modifiedAt: now, ...incident };
        const id = await insertIncident(tx, whole);
        const members = components.map((component) => ({ component, from: whole.start }));
        await addMembers(tx, id, members);
        await journal.publish(tx, { name: 'test.written' }, { key: 'test', payload: null });
        return id;
      }),
    say: async (incident, status, text) => {
      await db.write(async (tx) => {
        const at = systemClock.now();
        await insertUpdates(tx, [
          { incident, at, status, system: false, text, fact: null, createdAt: at, createdBy: 'user:ada' },
        ]);
        await journal.publish(tx, { name: 'test.written' }, { key: 'test', payload: null });
      });
    },
    change: async (id, what) => {
      await db.write(async (tx) => {
        const incident = await findIncident(tx, id);
        if (incident === null) throw new Error(`no incident ${id}`);
        await saveIncident(tx, { ...incident, ...what });
        await journal.publish(tx, { name: 'test.written' }, { key: 'test', payload: null });
      });
    },
    [Symbol.asyncDispose]: () => box.stop(),
  };
}

const BLANK: Omit<Incident, 'id' | 'start' | 'createdAt' | 'modifiedAt'> = {
  type: 'incident',
  title: 'Written by hand',
  description: null,
  impact: 1,
  status: 'detected',
  end: null,
  system: false,
  version: 1,
  createdBy: 'user:ada',
  createdById: 'u1',
  contactEmail: null,
  postmortem: null,
  postmortemAt: null,
  series: null,
  mergedInto: null,
  told: true,
};
