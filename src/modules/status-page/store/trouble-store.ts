import type { ComponentKey, Instant } from '../../../core/index.ts';
import type { Queries, Tx } from '../../../platform/database/index.ts';
import { type Impact, isImpact } from '../domain/incident.ts';
import type { StatusPageTables } from './schema.ts';

/** A trouble that signals of machines told of, and that has led to what it leads to. */
export interface Trouble {
  component: ComponentKey;
  impact: Impact;
  at: Instant;
}

export async function findTroubles(
  q: Queries,
  components: readonly ComponentKey[],
): Promise<Map<ComponentKey, Trouble>> {
  const found = new Map<ComponentKey, Trouble>();
  for (let from = 0; from < components.length; from += 500) {
    const records = await q
      .for<StatusPageTables>()
      .selectFrom('status_page_trouble')
      .selectAll()
      .where('component', 'in', components.slice(from, from + 500))
      .execute();
    for (const { component, impact, at } of records) {
      if (isImpact(impact)) found.set(component, { component, impact, at });
    }
  }
  return found;
}

export async function saveTrouble(tx: Tx, { component, impact, at }: Trouble): Promise<void> {
  await tx
    .for<StatusPageTables>()
    .insertInto('status_page_trouble')
    .values({ component, impact, at })
    .onConflict((conflict) => conflict.column('component').doUpdateSet({ impact, at }))
    .execute();
}

export async function deleteTrouble(tx: Tx, component: ComponentKey): Promise<void> {
  await tx.for<StatusPageTables>().deleteFrom('status_page_trouble').where('component', '=', component).execute();
}
