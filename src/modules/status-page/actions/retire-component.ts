import { type Actor, type ComponentKey, requireRole } from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import { CatalogChanged } from '../contract.ts';
import { placeOf } from '../domain/catalog-component.ts';
import { connectedComponents, lockCatalog, saveComponents } from '../store/catalog-store.ts';
import { auditText } from './audit-text.ts';
import { FormRefusal, knownComponent } from './save-component.ts';
import { type CatalogContext, declareComponents, repeatIncidents, withdrawComponents } from './tell-catalog.ts';

/** Hides a component, with its history kept, or brings it back. Resolves to its name. */
export async function retireComponent(
  context: CatalogContext,
  actor: Actor,
  { key, retired }: { key: ComponentKey; retired: boolean },
): Promise<string> {
  requireRole(actor, 'admin');
  return await context.db.write(async (tx) => {
    await lockCatalog(tx);
    const components = await connectedComponents(tx);
    const old = knownComponent(components, key);
    if ((old.retiredAt !== null) === retired) return old.name;
    const taken = components.find((one) => one.key !== key && one.retiredAt === null && placeOf(one) === placeOf(old));
    if (!retired && taken !== undefined) {
      const mistakes = [{ field: 'name', code: 'taken', about: taken.key } as const];
      throw new FormRefusal(
        'conflict',
        `${taken.key} has its name and region now: rename one of them first.`,
        mistakes,
      );
    }
    const now = context.clock.now();
    const { number: _number, ...rest } = old;
    const component = { ...rest, owner: 'person' as const, retiredAt: retired ? now : null, modifiedAt: now };
    await saveComponents(tx, [component]);
    if (retired) await withdrawComponents(tx, context, [key]);
    else {
      await declareComponents(tx, context, [component]);
      await repeatIncidents(tx, context, [key]);
    }
    const payload = { added: 0, changed: retired ? 0 : 1, retired: retired ? 1 : 0 };
    await context.journal.publish(tx, CatalogChanged, { key: 'catalog', payload });
    const action = retired ? 'status-page.component_retired' : 'status-page.component_returned';
    const details = { name: auditText(old.name) };
    await emitAudit(tx, { at: now, actor, action, subject: auditText(`component:${key}`, 250), details });
    return old.name;
  });
}
