import { startApp, type TestApp, type TestAppOptions } from '../../../../test/support/start-app.ts';
import {
  addMs,
  type ComponentDeclaration,
  ComponentDeclared,
  DAY,
  HOUR,
  type Instant,
  SignalReported,
  type Visibility,
} from '../../../core/index.ts';
import { announceIncident } from '../actions/write-incident.ts';
import type { Incident, IncidentUpdate } from '../domain/incident.ts';
import { saveComponent } from '../store/component-store.ts';
import { addMembers, findIncident, insertIncident, insertUpdates } from '../store/incident-store.ts';

export interface PageWorld extends TestApp {
  now: Instant;
  component(
    key: string,
    about: { name: string; region?: string; category?: string; visibility?: Visibility; description?: string },
  ): Promise<void>;
  incident(about: Partial<Incident> & { title: string }, keys: string[], updates?: NewUpdate[]): Promise<number>;
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; body: string; headers: Headers }>;
}

export type NewUpdate = Partial<IncidentUpdate> & { at: Instant };

/** The whole program with a catalogue of two regions; whoever starts it stops it. machine-driven: only tests call it. */
export async function pageWorld(options: TestAppOptions = {}): Promise<PageWorld> {
  const started = await startApp(options);
  const { db, journal, clock } = started.app;
  const now = clock.now();
  const site = { title: 'Test', publicUrl: started.url, basePath: '', timezone: 'Europe/Rome', demo: false };
  const context = { journal, clock, site: () => site, tellStaff: async () => undefined };
  let position = 0;
  const world: PageWorld = {
    ...started,
    now,
    component: (key, { name, region, category, visibility = 'public', description = null }) =>
      db.write(async (tx) => {
        position += 1;
        const given = { region, category };
        const attributes = Object.entries(given).flatMap(([id, value]) =>
          value === undefined ? [] : [[id, value] as const],
        );
        await saveComponent(tx, {
          key,
          catalogKey: null,
          name,
          region: region ?? null,
          category: category ?? null,
          attributes,
          description,
          docsUrl: null,
          visibility,
          position,
          target: null,
          owner: 'file',
          watchedFrom: addMs(now, -400 * DAY),
          createdAt: now,
          modifiedAt: now,
          retiredAt: null,
        });
        const group = category === undefined ? {} : { group: category };
        const declared: ComponentDeclaration = { key, name, kind: 'service', position, visibility, ...group };
        const payload = { ...declared, attributes: Object.fromEntries(attributes) };
        await journal.publish(tx, ComponentDeclared, { key, payload });
        const watch = { component: key, source: 'status-page', name: 'watch', level: 'operational' } as const;
        await journal.publish(tx, SignalReported, { key, payload: { ...watch, observedAt: now, required: false } });
      }),
    async incident(about, keys, updates = []) {
      const id = await db.write(async (tx) => {
        const incident = { ...blank(now), ...about };
        const made = await insertIncident(tx, incident);
        await addMembers(
          tx,
          made,
          keys.map((component) => ({ component, from: incident.start })),
        );
        const rows = updates.map((update) => ({
          incident: made,
          status: incident.status,
          system: false,
          text: null,
          fact: null,
          createdAt: update.at,
          createdBy: 'user:alice',
          ...update,
        }));
        const last = await insertUpdates(tx, rows);
        const stored = await findIncident(tx, made);
        if (stored !== null) await announceIncident(tx, context, stored, { change: 'opened', update: last });
        return made;
      });
      await journal.drain();
      return id;
    },
    async get(path, headers = {}) {
      const response = await fetch(started.url + path, { headers, redirect: 'manual' });
      return { status: response.status, body: await response.text(), headers: response.headers };
    },
  };
  await world.component('status-page/obs-reg1', { name: 'Object Storage', region: 'Reg1', category: 'Storage' });
  await world.component('status-page/obs-reg2', { name: 'Object Storage', region: 'Reg2', category: 'Storage' });
  await world.component('status-page/vm-reg1', { name: 'Virtual Servers', region: 'Reg1', category: 'Compute & Co' });
  await world.component('status-page/vault', {
    name: 'Secret Vault',
    region: 'Hidden',
    category: 'Secret',
    visibility: 'members',
  });
  await journal.drain();
  return world;
}

function blank(now: Instant): Omit<Incident, 'id' | 'title'> {
  return {
    type: 'incident',
    description: null,
    impact: 1,
    status: 'analysing',
    start: addMs(now, -2 * HOUR),
    end: null,
    system: false,
    version: 1,
    createdAt: addMs(now, -2 * HOUR),
    modifiedAt: now,
    createdBy: 'user:alice',
    createdById: null,
    contactEmail: null,
    postmortem: null,
    postmortemAt: null,
    series: null,
    mergedInto: null,
    told: true,
  };
}
