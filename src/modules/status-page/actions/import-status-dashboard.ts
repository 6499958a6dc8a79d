import {
  type Actor,
  actorLabel,
  type ComponentKey,
  HistoryTold,
  type Instant,
  requireRole,
} from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { CatalogChanged, IncidentChanged } from '../contract.ts';
import type { ImportRemark } from '../domain/import-model.ts';
import { readForeignWorld } from '../domain/import-rows.ts';
import {
  connectedComponents,
  lockCatalog,
  replaceRegions,
  saveComponents,
  storedRegions,
} from '../store/catalog-store.ts';
import type { Source } from '../store/import-source.ts';
import {
  continueComponentNumbers,
  continueIncidentNumbers,
  incidentsHere,
  remember,
  replaceIncidents,
  takenOver,
} from '../store/import-store.ts';
import { lockIncidents } from '../store/incident-store.ts';
import { CHECKER } from './check-by-clock.ts';
import { claimImported } from './import-claims.ts';
import { type ComponentStep, type HistoryStep, type ImportPlan, type IncidentStep, planImport } from './import-plan.ts';
import { wholeIncident } from './import-words.ts';
import { type CatalogContext, publishDeclarations, vouchForNew, withdrawComponents } from './tell-catalog.ts';

export interface ImportReport {
  /** `merged`: told again by another row, and one component here; the others and these together are what was found. */
  components: { found: number; added: number; changed: number; unchanged: number; matched: number; merged: number };
  incidents: { found: number; added: number; changed: number; unchanged: number };
  updates: number;
  /** From when on the components were watched, and how that is known. */
  watchedFrom: Instant;
  watchedFromWhy: ImportPlan['watchedFrom']['why'];
  remarks: readonly ImportRemark[];
}

const COMPONENTS_AT_ONCE = 100;
const INCIDENTS_AT_ONCE = 100;
const HISTORIES_AT_ONCE = 25;

/** What an import would do. Reads only. */
export async function planStatusDashboard(
  context: Pick<CatalogContext, 'db' | 'clock'>,
  actor: Actor,
  source: Source,
): Promise<ImportReport> {
  requireRole(actor, 'admin');
  return reportOf(await planOf(context, source));
}

/**
 * Takes over components, incidents and history of the predecessor. Doing it again adds what is new there and changes
 * what changed there, unless it was changed here too; what was interrupted goes on.
 */
export async function importStatusDashboard(
  context: CatalogContext,
  actor: Actor,
  { source, progress }: { source: Source; progress?: (what: string, done: number, all: number) => void },
): Promise<ImportReport> {
  requireRole(actor, 'admin');
  const plan = await planOf(context, source);
  const run: Run = { context, plan, source: source.name };
  const parts: [string, Part[]][] = [
    [
      'components',
      inParts(
        plan.components.filter((one) => one.do !== 'nothing'),
        COMPONENTS_AT_ONCE,
      ).map((some) => (tx) => takeComponents(tx, run, some)),
    ],
    [
      'incidents',
      inParts(
        plan.incidents.filter((one) => one.do !== 'nothing'),
        INCIDENTS_AT_ONCE,
      ).map((some) => (tx) => takeIncidents(tx, run, some)),
    ],
    [
      'histories',
      inParts(historiesToTell(plan), HISTORIES_AT_ONCE).map((some) => (tx) => tellHistories(tx, run, some)),
    ],
  ];
  const report = reportOf(plan);
  for (const [what, work] of parts) {
    for (const [at, part] of work.entries()) {
      await context.db.write(
        async (tx) => {
          await lockIncidents(tx);
          await lockCatalog(tx);
          await part(tx);
          const details = { part: `${what} ${at + 1}/${work.length}`, left_out: report.remarks.length };
          const now = context.clock.now();
          await emitAudit(tx, { at: now, actor, action: 'status-page.imported', subject: source.name, details });
        },
        { timeoutMs: LONGEST_MS },
      );
      progress?.(what, at + 1, work.length);
    }
  }
  return report;
}

const LONGEST_MS = 60_000;

/** Of components that are shown: those that went were told when they were taken. */
function historiesToTell({ histories, components }: ImportPlan): readonly HistoryStep[] {
  const shown = new Set(
    components.filter(({ component }) => component.retiredAt === null).map(({ component }) => component.key),
  );
  return histories.filter(({ component, tell }) => tell && shown.has(component));
}

type Part = (tx: Tx) => Promise<void>;

interface Run {
  context: CatalogContext;
  plan: ImportPlan;
  source: string;
}

async function planOf(
  { db, clock }: Pick<CatalogContext, 'db' | 'clock'>,
  { name, rows }: Source,
): Promise<ImportPlan> {
  const now = clock.now();
  const taken = async (kind: 'component' | 'incident' | 'history') => await takenOver(db, name, kind);
  return planImport(readForeignWorld(rows, now), {
    now,
    components: await connectedComponents(db),
    incidents: await incidentsHere(db, actorLabel(CHECKER)),
    taken: { component: await taken('component'), incident: await taken('incident'), history: await taken('history') },
  });
}

async function takeComponents(tx: Tx, { context, plan, source }: Run, steps: readonly ComponentStep[]): Promise<void> {
  const written = steps.filter((one) => one.do !== 'match' || one.component.modifiedAt === context.clock.now());
  await saveComponents(
    tx,
    written.map(({ component, do: what }) => {
      const { number, ...rest } = component;
      return what === 'add' && number !== undefined ? component : rest;
    }),
  );
  await continueComponentNumbers(tx);
  await completeRegions(tx);
  const taken = steps.flatMap(({ component, foreign, fingerprint }) =>
    foreign.map((id) => ({ foreignId: String(id), ours: component.key, fingerprint, version: null })),
  );
  await remember(tx, { source, kind: 'component' }, taken);
  const told = steps.filter((one) => one.do !== 'match').map(({ component }) => component);
  const [shown, gone] = [
    told.filter(({ retiredAt }) => retiredAt === null),
    told.filter(({ retiredAt }) => retiredAt !== null),
  ];
  // A history is told of a declared component only; then it may go.
  await publishDeclarations(tx, context, told);
  await vouchForNew(tx, context, shown, sinceOf(plan));
  await tellHistories(
    tx,
    { context, plan, source },
    plan.histories.filter(({ component }) => gone.some(({ key }) => key === component)),
  );
  await withdrawComponents(
    tx,
    context,
    gone.map(({ key }) => key),
  );
  const payload = { added: steps.filter((one) => one.do === 'add').length, changed: told.length, retired: gone.length };
  if (told.length > 0) await context.journal.publish(tx, CatalogChanged, { key: 'catalog', payload });
}

/** A list of regions that is there names all of them. */
async function completeRegions(tx: Tx): Promise<void> {
  const regions = await storedRegions(tx);
  if (regions.length === 0) return;
  const known = new Set(regions.map(({ id }) => id));
  const used = new Set((await connectedComponents(tx)).flatMap(({ region }) => (region === null ? [] : [region])));
  const missing = [...used].filter((id) => !known.has(id)).sort();
  const added = missing.map((id, at) => ({ id, label: id, position: regions.length + at, owner: 'file' as const }));
  if (added.length > 0) await replaceRegions(tx, [...regions, ...added]);
}

/** From when on each component has been what it is now. */
function sinceOf({ histories }: ImportPlan): ReadonlyMap<ComponentKey, Instant> {
  return new Map(
    histories.flatMap(({ component, periods }) => {
      const last = periods.at(-1);
      return last === undefined ? [] : [[component, last.from] as const];
    }),
  );
}

async function takeIncidents(tx: Tx, { context, plan, source }: Run, steps: readonly IncidentStep[]): Promise<void> {
  const whole = steps.map((step) => wholeIncident(step, plan, context.clock.now()));
  await replaceIncidents(tx, whole);
  await continueIncidentNumbers(tx);
  const taken = steps.map(({ foreign, number, fingerprint, version }) => ({
    foreignId: String(foreign.id),
    ours: String(number),
    fingerprint,
    version,
  }));
  await remember(tx, { source, kind: 'incident' }, taken);
  const since = sinceOf(plan);
  const knownFrom = new Map(plan.components.map(({ component }) => [component.key, component.createdAt]));
  for (const [at, one] of whole.entries()) {
    const { incident, members } = one;
    const isNew = steps[at]?.do === 'add';
    const present = members.map((member) => ({ ...member, incident: incident.id }));
    const told = await claimImported(tx, context, { incident, members: present, isNew, since, knownFrom });
    // The past is told as history; nobody is notified of it.
    if (!told && isNew) continue;
    const components = [...new Set(members.map(({ component }) => component))];
    await context.journal.publish(tx, IncidentChanged, {
      key: `incident/${incident.id}`,
      payload: {
        id: incident.id,
        change: 'corrected',
        version: incident.version,
        updates: [],
        components,
        visibility: 'public',
      },
    });
  }
}

async function tellHistories(tx: Tx, { context, plan, source }: Run, steps: readonly HistoryStep[]): Promise<void> {
  const { publicUrl } = context.site();
  for (const { component, periods } of steps) {
    const payload = {
      component,
      periods: periods.map(({ level, from, until, cause }) => {
        const number = cause === null ? undefined : plan.numbers.get(cause.incident);
        return {
          level,
          from,
          until,
          ...(cause === null ? {} : { summary: cause.summary }),
          ...(number === undefined ? {} : { evidence: `${publicUrl}/incidents/${number}` }),
        };
      }),
    };
    await context.journal.publish(tx, HistoryTold, { key: component, payload });
  }
  const taken = steps.map(({ component, fingerprint }) => ({
    foreignId: component,
    ours: component,
    fingerprint,
    version: null,
  }));
  await remember(tx, { source, kind: 'history' }, taken);
}

function reportOf({ components, incidents, watchedFrom, remarks }: ImportPlan): ImportReport {
  const count = (steps: readonly { do: string }[], what: string) => steps.filter((one) => one.do === what).length;
  const found = components.reduce((sum, { foreign }) => sum + foreign.length, 0);
  return {
    components: {
      found,
      added: count(components, 'add'),
      changed: count(components, 'change'),
      unchanged: count(components, 'nothing'),
      matched: count(components, 'match'),
      merged: found - components.length,
    },
    incidents: {
      found: incidents.length,
      added: count(incidents, 'add'),
      changed: count(incidents, 'change'),
      unchanged: count(incidents, 'nothing'),
    },
    updates: incidents
      .filter((one) => one.do !== 'nothing')
      .reduce((sum, { foreign }) => sum + foreign.updates.length, 0),
    watchedFrom: watchedFrom.at,
    watchedFromWhy: watchedFrom.why,
    remarks,
  };
}

function inParts<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
