import { AppError, type ComponentDeclaration, componentKey } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { ComponentChanged } from '../contract.ts';
import {
  findComponent,
  lockComponents,
  replaceDependencies,
  saveComponent,
  toComponentRecord,
} from '../store/component-store.ts';
import type { ComponentRecord } from '../store/schema.ts';
import { forgetHistory, hasHistory } from '../store/status-store.ts';
import type { ComponentsContext } from './components-context.ts';
import { loadSubjects, settleStatus } from './settle-status.ts';

/** Brings a component into being, changes it, or brings it back. Its key and its history stay. */
export async function declareComponent(
  tx: Tx,
  context: ComponentsContext,
  declaration: ComponentDeclaration,
): Promise<{ created: boolean }> {
  const key = componentKey(declaration.key);
  if (declaration.name.trim() === '') throw new AppError('invalid', `The component ${key} needs a name.`);
  await lockComponents(tx, [key]);
  const old = await findComponent(tx, key);
  const now = context.clock.now();
  // One that comes back with nothing known of it was forgotten: it counts from now on like a new one.
  const isForgotten = old !== undefined && old.withdrawn_at !== null && !(await hasHistory(tx, key));
  if (isForgotten) await forgetHistory(tx, key, now);
  const record = toComponentRecord(declaration, isForgotten || old === undefined ? now : old.declared_at);
  const differs = old === undefined || COLUMNS.some((column) => old[column] !== record[column]);
  if (differs) await saveComponent(tx, record);
  const depends = await replaceDependencies(tx, key, declaration.dependsOn ?? []);
  if (depends) await redecide(tx, context, key);
  if (differs || depends) await tell(tx, context, record, old);
  return { created: old === undefined };
}

const COLUMNS = [
  'name',
  'kind',
  'group_name',
  'group_position',
  'position',
  'visibility',
  'public_badge',
  'link',
  'attributes',
  'withdrawn_at',
] as const;

async function redecide(tx: Tx, context: ComponentsContext, key: string): Promise<void> {
  for (const subject of (await loadSubjects(tx, [key])).values()) {
    await settleStatus(tx, context, subject, { histories: new Map() });
  }
}

/** Whoever could see it before must learn that it went. */
async function tell(tx: Tx, context: ComponentsContext, record: ComponentRecord, old?: ComponentRecord): Promise<void> {
  const { key } = record;
  const visibility = old?.visibility === 'public' ? 'public' : record.visibility;
  await context.journal.publish(tx, ComponentChanged, { key, payload: { key, visibility } });
}
