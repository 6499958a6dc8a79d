import { ComponentDeclared, ComponentWithdrawn, HOUR, type Visibility } from '../../src/core/index.ts';
import { announceMaintenance } from '../../src/modules/status-page/actions/announce-maintenance.ts';
import { cancelMaintenance } from '../../src/modules/status-page/actions/cancel-maintenance.ts';
import { correctUpdate } from '../../src/modules/status-page/actions/correct-update.ts';
import { mergeIncidents } from '../../src/modules/status-page/actions/merge-incidents.ts';
import { moveComponents } from '../../src/modules/status-page/actions/move-components.ts';
import { openIncident } from '../../src/modules/status-page/actions/open-incident.ts';
import { postUpdate } from '../../src/modules/status-page/actions/post-update.ts';
import { publishInfo } from '../../src/modules/status-page/actions/publish-info.ts';
import { removeComponent } from '../../src/modules/status-page/actions/remove-component.ts';
import { reviewMaintenance } from '../../src/modules/status-page/actions/review-maintenance.ts';
import { saveSeries } from '../../src/modules/status-page/actions/save-series.ts';
import { saveTemplate } from '../../src/modules/status-page/actions/save-template.ts';
import type { StatusPageContext } from '../../src/modules/status-page/actions/status-page-context.ts';
import { statusPageMetrics } from '../../src/modules/status-page/actions/status-page-metrics.ts';
import { writePostmortem } from '../../src/modules/status-page/actions/write-postmortem.ts';
import { StatusPageConfig } from '../../src/modules/status-page/config.ts';
import { findComponent, saveComponent } from '../../src/modules/status-page/store/component-store.ts';
import { createLogger } from '../../src/platform/log/index.ts';
import { createMetrics } from '../../src/platform/metrics/index.ts';
import type { TestApp } from './start-app.ts';
import { at, person, type TestClock } from './status-page-world.ts';

/**
 * Who may know a word. `members`: who may see components that are for members; `writers`: who may see what is not public
 * yet of incidents that everybody may see, their authors, contacts and drafts; `staff`: who may do both.
 */
export type Circle = 'everybody' | 'members' | 'writers' | 'staff' | 'nobody';

const ONE = ['/incidents/:id', '/api/incidents/:id', '/api/incidents'];
const DONE = [...ONE, '/history', '/feeds/:file', '/api/v1/incidents'];
const OPEN = [...ONE, '/', '/feeds/:file', '/api/v1/incidents', '/api/v2/summary.json'];
const WORK = [...ONE, '/maintenances', '/feeds/:file'];
const API = ['/api/incidents/:id', '/api/incidents'];

/** Every word that stands in a field of its own, who may know it, and where those must find it. */
export const WORDS: readonly [word: string, circle: Circle, where: readonly string[]][] = [
  [
    'OPENNAME',
    'everybody',
    ['/', '/api/components', '/availability', '/api/v2/components.json', '/badges/:area/:file'],
  ],
  ['SHUTNAME', 'members', ['/', '/api/components', '/availability', '/components/:area/:name', '/badges/:area/:file']],
  ['SHUTREGION', 'members', ['/', '/availability', '/feeds/region/:file']],
  ['SHUTCATEGORY', 'members', ['/', '/availability', '/feeds/category/:file']],
  ['SHUTDESCRIPTION', 'members', []],
  ['SHUTDOCS', 'members', []],
  ['SHUTATTRIBUTE', 'members', []],
  ['OLDNAME', 'everybody', ['/incidents/:id']],
  ['GONENAME', 'members', ['/incidents/:id']],

  ['PUBLICTITLE', 'everybody', OPEN],
  ['PUBLICABOUT', 'everybody', ['/incidents/:id', ...API]],
  ['PUBLICSAID', 'everybody', [...DONE.filter((route) => route !== '/history'), '/api/v2/summary.json']],
  ['CORRECTEDSAID', 'everybody', OPEN],
  ['BEFORECORRECTION', 'nobody', []],
  ['MEMBERTITLE', 'members', [...ONE, '/history', '/feeds/:file']],
  ['MEMBERABOUT', 'members', ONE],
  ['MEMBERSAID', 'members', [...ONE, '/feeds/:file']],
  ['MIXEDTITLE', 'everybody', OPEN],
  ['MIXEDSAID', 'everybody', OPEN],
  ['SPLITTITLE', 'members', ONE],
  ['MERGEDTITLE', 'members', [...ONE, '/history']],
  ['MACHINETITLE', 'everybody', OPEN],
  ['MACHINESECRET', 'members', ['/components/:area/:name']],
  ['INFOTITLE', 'everybody', [...ONE, '/', '/feeds/:file']],
  ['OLDTITLE', 'everybody', DONE],
  ['GONETITLE', 'members', [...ONE, '/history', '/feeds/:file']],
  ['LEARNED', 'everybody', ['/incidents/:id', ...API, '/feeds/:file']],
  ['DRAFTED', 'writers', API],
  ['WITHDRAWNDRAFT', 'writers', API],

  ['PENDINGTITLE', 'writers', API],
  ['PENDINGABOUT', 'writers', API],
  ['PENDINGSAID', 'writers', API],
  ['REVIEWEDTITLE', 'writers', API],
  ['REVIEWEDSAID', 'writers', API],
  ['REVIEWERSAID', 'writers', API],
  ['PLANNEDTITLE', 'everybody', WORK],
  ['PLANNEDSAID', 'everybody', WORK],
  ['BEFOREPLANNED', 'writers', API],
  ['RUNNINGTITLE', 'everybody', [...WORK, '/']],
  ['QUIETTITLE', 'writers', API],
  ['QUIETSAID', 'writers', API],
  ['TOLDTITLE', 'everybody', ['/incidents/:id', ...API, '/history', '/feeds/:file']],
  ['MEMBERWORK', 'members', [...ONE, '/maintenances']],
  ['MEMBERPENDING', 'staff', API],

  ['AUTHORNAME', 'writers', API],
  ['CREATORNAME', 'writers', API],
  ['CORRECTORNAME', 'nobody', []],
  ['openmail@example.org', 'writers', API],
  ['shutmail@example.org', 'staff', API],
  ['TEMPLATENAME', 'writers', []],
  ['TEMPLATESAID', 'writers', []],
];

const AUTHOR = person('operator', 'AUTHORNAME');
const CREATOR = person('creator', 'CREATORNAME');
const CORRECTOR = person('operator', 'CORRECTORNAME');

export const KEYS = {
  open: 'status-page/open-svc',
  second: 'status-page/second-svc',
  machine: 'status-page/machine-svc',
  shut: 'status-page/shut-svc',
  dark: 'status-page/dark-svc',
  old: 'status-page/old-svc',
  gone: 'status-page/gone-svc',
} as const;

/** What actions of the status page work with, in a program that runs. */
export function statusPageOf(box: TestApp): StatusPageContext {
  const { db, journal, clock, components } = box.app;
  const config = StatusPageConfig.parse({});
  const site = { title: 'Test', publicUrl: box.url, basePath: '', timezone: 'UTC', demo: false };
  const metrics = statusPageMetrics(createMetrics());
  const log = createLogger('silent');
  return {
    config: () => config,
    site: () => site,
    db,
    journal,
    clock,
    log,
    components,
    metrics,
    tellStaff: async () => undefined,
  };
}

interface Declared {
  key: string;
  name: string;
  region: string;
  category: string;
  visibility?: Visibility;
  secret?: string;
}

/** As the catalogue does: stored, and declared. */
export async function declare(context: StatusPageContext, entry: Declared): Promise<void> {
  const { key, name, region, category, visibility = 'public', secret = 'OPEN' } = entry;
  const now = context.clock.now();
  const link = `https://docs.test/${secret}DOCS`;
  await context.db.write(async (tx) => {
    await saveComponent(tx, {
      ...{ key, name, region, category, visibility, catalogKey: null, position: 0, target: null, owner: 'file' },
      ...{ description: `${secret}DESCRIPTION`, docsUrl: link, retiredAt: null },
      attributes: [
        ['region', region],
        ['category', category],
        ['zone', `${secret}ATTRIBUTE`],
      ],
      ...{ watchedFrom: now, createdAt: now, modifiedAt: now },
    });
    const attributes = { region, zone: `${secret}ATTRIBUTE` };
    const payload = { key, name, kind: 'service', group: category, visibility, link, attributes };
    await context.journal.publish(tx, ComponentDeclared, { key, payload });
  });
}

/** As the catalogue does with what it no longer names. */
export async function retire(context: StatusPageContext, key: string): Promise<void> {
  await context.db.write(async (tx) => {
    const found = await findComponent(tx, key);
    if (found === null) throw new Error(`There is no ${key}.`);
    await saveComponent(tx, { ...found, retiredAt: context.clock.now() });
    await context.journal.publish(tx, ComponentWithdrawn, { key, payload: { key } });
  });
}

/** Numbers of the things, by what the matrix calls them. */
export type Things = Readonly<Record<string, number>>;

/** One of everything that can be hidden or shown, each field with a word of its own. */
export async function fillWithSecrets(box: TestApp, clock: TestClock): Promise<Things> {
  const context = statusPageOf(box);
  const place = { region: 'Openregion', category: 'Opencategory' };
  const hidden = { region: 'SHUTREGION', category: 'SHUTCATEGORY', visibility: 'members', secret: 'SHUT' } as const;
  await declare(context, { key: KEYS.open, name: 'OPENNAME', ...place });
  await declare(context, { key: KEYS.second, name: 'Second', ...place });
  await declare(context, { key: KEYS.machine, name: 'Machine', ...place });
  await declare(context, { key: KEYS.old, name: 'OLDNAME', ...place });
  await declare(context, { key: KEYS.shut, name: 'SHUTNAME', ...hidden });
  await declare(context, { key: KEYS.dark, name: 'SHUTNAME 2', ...hidden });
  await declare(context, { key: KEYS.gone, name: 'GONENAME', ...hidden });
  await box.app.journal.drain();
  const things = {
    ...(await retired(context, clock)),
    ...(await incidents(box, context, clock)),
    ...(await maintenances(context)),
  };
  await saveTemplate(context, AUTHOR, { name: 'TEMPLATENAME', text: 'TEMPLATESAID' });
  await box.app.journal.drain();
  return things;
}

async function retired(context: StatusPageContext, clock: TestClock): Promise<Things> {
  const closed = async (title: string, component: string) => {
    const { id } = await openIncident(context, AUTHOR, { title, impact: 2, components: [component] });
    clock.go(HOUR);
    await postUpdate(context, AUTHOR, id, { status: 'resolved', text: 'Over.' });
    return id;
  };
  const [old, gone] = [await closed('OLDTITLE', KEYS.old), await closed('GONETITLE', KEYS.gone)];
  const quiet = await closed('Nothing of note', KEYS.open);
  const withdrawn = await closed('Nothing else', KEYS.second);
  await writePostmortem(context, AUTHOR, old, { text: 'LEARNED', publish: true });
  await writePostmortem(context, AUTHOR, quiet, { text: 'DRAFTED', publish: false });
  await writePostmortem(context, AUTHOR, withdrawn, { text: 'WITHDRAWNDRAFT', publish: true });
  await writePostmortem(context, AUTHOR, withdrawn, { text: 'WITHDRAWNDRAFT', publish: false });
  await retire(context, KEYS.old);
  await retire(context, KEYS.gone);
  return { old, gone, draft: quiet, withdrawn };
}

async function incidents(box: TestApp, context: StatusPageContext, clock: TestClock): Promise<Things> {
  const open = async (title: string, components: string[], text: string, description = 'About it.') =>
    (await openIncident(context, AUTHOR, { title, impact: 2, components, text, description })).id;
  const shown = await open('PUBLICTITLE', [KEYS.open], 'PUBLICSAID', 'PUBLICABOUT');
  clock.go(HOUR);
  const { update } = await postUpdate(context, AUTHOR, shown, { status: 'analysing', text: 'BEFORECORRECTION' });
  await correctUpdate(context, CORRECTOR, { incident: shown, update }, { text: 'CORRECTEDSAID' });
  const members = await open('MEMBERTITLE', [KEYS.shut], 'MEMBERSAID', 'MEMBERABOUT');
  const mixed = await open('MIXEDTITLE', [KEYS.second, KEYS.dark, KEYS.shut], 'MIXEDSAID');
  const split = await moveComponents(context, AUTHOR, mixed, { components: [KEYS.shut], title: 'SPLITTITLE' });
  const merged = await open('MERGEDTITLE', [KEYS.dark], 'Of the same cause.');
  await mergeIncidents(context, AUTHOR, mixed, { others: [merged] });
  const info = await publishInfo(context, AUTHOR, {
    ...{ title: 'INFOTITLE', description: 'For your information.', components: [KEYS.open] },
    ...{ start: clock.now(), end: at('23:59') },
  });
  const report = async (name: string, text: string) =>
    fetch(`${box.url}/api/v1/component_status`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await box.token('signals:write')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ name, impact: 1, text }),
    });
  const machine = (await (await report('Machine', 'MACHINETITLE')).json()) as { id: number };
  // It joins the incident of the other: everybody may know of that one, and nobody of this.
  await removeComponent(context, AUTHOR, mixed, { component: KEYS.dark });
  await report('SHUTNAME 2', 'MACHINESECRET');
  return { public: shown, members, mixed, split: split.id, merged, info: info.id, machine: machine.id };
}

async function maintenances(context: StatusPageContext): Promise<Things> {
  const announce = async (
    actor: typeof AUTHOR,
    title: string,
    more: { components?: string[]; text?: string; start?: string; description?: string; contactEmail?: string } = {},
  ) => {
    const { id } = await announceMaintenance(context, actor, {
      title,
      description: 'Work.',
      components: [KEYS.open],
      contactEmail: 'openmail@example.org',
      start: '2026-11-25T10:00:00.000Z',
      end: '2026-11-25T12:00:00.000Z',
      confirmed: true,
      ...more,
    });
    if (id === null) throw new Error(`${title} was not announced.`);
    return id;
  };
  const approve = (id: number, text: string) =>
    reviewMaintenance(context, AUTHOR, id, { version: 1, verdict: 'approve', text });
  const pending = await announce(CREATOR, 'PENDINGTITLE', { text: 'PENDINGSAID', description: 'PENDINGABOUT' });
  const reviewed = await announce(CREATOR, 'REVIEWEDTITLE', { text: 'REVIEWEDSAID' });
  await approve(reviewed, 'REVIEWERSAID');
  const planned = await announce(CREATOR, 'PLANNEDTITLE', { text: 'BEFOREPLANNED' });
  await approve(planned, 'BEFOREPLANNED');
  await postUpdate(context, AUTHOR, planned, { status: 'planned', text: 'PLANNEDSAID', version: 2 });
  const running = await announce(AUTHOR, 'RUNNINGTITLE', { start: '2026-11-21T12:30:00.000Z' });
  const quiet = await announce(CREATOR, 'QUIETTITLE', { text: 'QUIETSAID' });
  await cancelMaintenance(context, CREATOR, quiet, { version: 1, text: 'QUIETSAID' });
  const told = await announce(AUTHOR, 'TOLDTITLE');
  await cancelMaintenance(context, AUTHOR, told, { version: 1, text: 'Not needed.' });
  const mail = { components: [KEYS.shut], contactEmail: 'shutmail@example.org' };
  const memberWork = await announce(AUTHOR, 'MEMBERWORK', mail);
  const memberPending = await announce(CREATOR, 'MEMBERPENDING', mail);
  await saveSeries(context, AUTHOR, {
    ...{ title: 'MEMBERWORK again', description: 'Each month.', components: [KEYS.shut], durationMinutes: 60 },
    ...{ rule: 'FREQ=MONTHLY;COUNT=3', zone: 'Europe/Rome', startLocal: '2026-12-01T08:00' },
  });
  return { pending, reviewed, planned, running, quiet, told, memberWork, memberPending };
}
