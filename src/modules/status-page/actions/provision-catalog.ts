import { type Actor, AppError, type ComponentKey, type Instant, requireRole } from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { catalogMistakesText } from '../catalog-mistake-messages.ts';
import { CatalogChanged } from '../contract.ts';
import type { CatalogPlan, PlannedComponent } from '../domain/catalog-plan.ts';
import {
  type ConnectedComponent,
  connectedComponents,
  lastChange,
  lockCatalog,
  type NewComponent,
  replaceRegions,
  saveComponents,
} from '../store/catalog-store.ts';
import { auditText } from './audit-text.ts';
import { changesAnything, readCatalogPlan } from './read-catalog.ts';
import { type CatalogContext, declareComponents, repeatIncidents, withdrawComponents } from './tell-catalog.ts';

/** So many are written in one transaction: others get their turn in between. */
const AT_ONCE = 100;

export interface ProvisionRequest {
  text: string;
  /** What mistakes call the file. */
  file?: string | undefined;
  /** Told after each part. */
  progress?: (done: number, all: number) => void;
}

/**
 * Makes the catalogue what a file says. What was done of it stays when it is interrupted; doing it again does the rest.
 */
export async function provisionCatalog(
  context: CatalogContext,
  actor: Actor,
  { text, file, progress }: ProvisionRequest,
): Promise<CatalogPlan> {
  requireRole(actor, 'admin');
  const now = context.clock.now();
  const seen = await lastChange(context.db);
  const plan = await readCatalogPlan(context.db, text);
  if (plan.mistakes.length > 0)
    throw new AppError('invalid', catalogMistakesText(plan.mistakes, file ?? 'The catalogue'));
  if (!changesAnything(plan)) return plan;
  const stored = new Map((await connectedComponents(context.db)).map((component) => [component.key, component]));
  const steps = stepsOf(plan, stored, now);
  const latest = seen !== null && seen > now ? seen : now;
  for (let from = 0; from === 0 || from < steps.length; from += AT_ONCE) {
    const some = steps.slice(from, from + AT_ONCE);
    const isLast = from + AT_ONCE >= steps.length;
    await context.db.write(async (tx) => {
      await lockCatalog(tx);
      await refuseOtherChange(tx, latest);
      if (from === 0 && plan.regions.changes.length > 0) await replaceRegions(tx, plan.regions.after);
      await carryOut(tx, context, some);
      if (isLast) await context.journal.publish(tx, CatalogChanged, { key: 'catalog', payload: countsOf(plan) });
      const details = {
        ...auditDetails(some),
        regions: from === 0 ? plan.regions.changes.map(({ id }) => auditText(id, 20)) : [],
      };
      await emitAudit(tx, { at: now, actor, action: 'status-page.catalog_provisioned', subject: 'catalog', details });
    });
    progress?.(Math.min(from + AT_ONCE, steps.length), steps.length);
  }
  return plan;
}

/** Somebody who edits while a file is provided must not be overwritten by a plan that did not know of it. */
async function refuseOtherChange(tx: Tx, latest: Instant): Promise<void> {
  const changed = await lastChange(tx);
  if (changed === null || changed <= latest) return;
  throw new AppError('conflict', 'Somebody changed the catalogue meanwhile. Look at the plan, then do it again.');
}

/** One component that is written, and what is told of it. */
interface Step {
  component: NewComponent;
  tell: 'declared' | 'returned' | 'withdrawn' | 'nothing';
  said: string;
}

function stepsOf(plan: CatalogPlan, stored: ReadonlyMap<ComponentKey, ConnectedComponent>, now: Instant): Step[] {
  const returned = new Set(plan.returned.map(({ component }) => component.key));
  const written = [
    ...plan.added.map((component) => ({ component, said: `added ${component.key}` })),
    ...[...plan.changed, ...plan.returned].map(({ component, fields }) => ({
      component,
      said: `${component.key} ${fields.map(({ field, old, new: fresh }) => `${field}: ${old} → ${fresh}`).join(', ')}`,
    })),
  ];
  const steps = written.map(({ component, said }): Step => {
    const old = stored.get(component.key);
    const after = afterOf(component, old, now);
    const wasShown = old !== undefined && old.retiredAt === null;
    const gone = wasShown ? 'withdrawn' : 'nothing';
    const there = returned.has(component.key) ? 'returned' : 'declared';
    return { component: after, tell: after.retiredAt === null ? there : gone, said };
  });
  const changed = new Set(steps.map(({ component }) => component.key));
  for (const { key } of plan.retired) {
    const old = stored.get(key);
    if (old === undefined || changed.has(key)) continue;
    const component: NewComponent = { ...old, owner: 'file', retiredAt: now, modifiedAt: now };
    steps.push({ component, tell: 'withdrawn', said: `retired ${key}` });
  }
  return steps;
}

function afterOf(planned: PlannedComponent, old: ConnectedComponent | undefined, now: Instant): NewComponent {
  const { retired, ...facts } = planned;
  return {
    ...facts,
    watchedFrom: old?.watchedFrom ?? now,
    createdAt: old?.createdAt ?? now,
    modifiedAt: now,
    retiredAt: retired ? (old?.retiredAt ?? now) : null,
  };
}

async function carryOut(tx: Tx, context: CatalogContext, steps: readonly Step[]): Promise<void> {
  await saveComponents(
    tx,
    steps.map(({ component: { number: _number, ...component } }) => component),
  );
  const told = (...tells: Step['tell'][]) =>
    steps.filter(({ tell }) => tells.includes(tell)).map((one) => one.component);
  await declareComponents(tx, context, told('declared', 'returned'));
  await repeatIncidents(
    tx,
    context,
    told('returned').map(({ key }) => key),
  );
  await withdrawComponents(
    tx,
    context,
    told('withdrawn').map(({ key }) => key),
  );
}

function countsOf({ added, changed, retired, returned }: CatalogPlan) {
  return { added: added.length, changed: changed.length + returned.length, retired: retired.length };
}

/** Within what one entry of the audit log may hold. */
function auditDetails(steps: readonly Step[]): { changes: string[] } {
  return { changes: steps.map(({ said }) => auditText(said)) };
}
