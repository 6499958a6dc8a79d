import { AppError, type ComponentKey } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { ComponentChanged } from '../contract.ts';
import { type ToldPeriod, toldSteps } from '../domain/told-history.ts';
import { lockComponents } from '../store/component-store.ts';
import { decidedOf, firstSeen, replaceTold } from '../store/status-store.ts';
import type { ComponentsContext } from './components-context.ts';

/** Takes over what is known of the time before the component was declared here. */
export async function tellHistory(
  tx: Tx,
  context: ComponentsContext,
  { component: key, periods }: { component: ComponentKey; periods: readonly ToldPeriod[] },
): Promise<void> {
  await lockComponents(tx, [key]);
  const found = (await decidedOf(tx, [key])).get(key);
  if (found === undefined) throw new AppError('not_found', `A history of ${key}, which nobody declared.`);
  const { component, status } = found;
  const seen = await firstSeen(tx, key);
  const seenFrom = seen !== null && seen < component.declared_at ? seen : component.declared_at;
  const steps = toldSteps(periods, seenFrom);
  const now = context.clock.now();
  const rows = steps.map(({ from, to, since, why }, index) => ({
    component: key,
    seq: index - steps.length + 1,
    from_level: from,
    to_level: to,
    since,
    recorded_at: now,
    why: JSON.stringify({ members: why }),
  }));
  await replaceTold(tx, status, rows);
  const { visibility } = component;
  await context.journal.publish(tx, ComponentChanged, { key, payload: { key, visibility } });
}
