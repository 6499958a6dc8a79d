import { type Actor, requireRole, system } from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import { lockCatalog, shownKeys, watchedKeys } from '../store/catalog-store.ts';
import { type CatalogContext, stopVouching, vouch } from './tell-catalog.ts';

/**
 * Brings the standing signals in line with `without_reports`, which may have been changed while nothing ran. Writes
 * nothing when they are.
 */
export async function syncWatch(context: CatalogContext, actor: Actor = system('start')): Promise<number> {
  requireRole(actor, 'admin');
  const { missing, left } = await difference(context, context.db);
  if (missing.length + left.length === 0) return 0;
  return await context.db.write(
    async (tx) => {
      await lockCatalog(tx);
      const now = await difference(context, tx);
      await vouch(tx, context, now.missing);
      await stopVouching(tx, context, now.left);
      const details = { vouched: now.missing.length, stopped: now.left.length };
      const at = context.clock.now();
      await emitAudit(tx, { at, actor, action: 'status-page.watch_changed', subject: 'catalog', details });
      return now.missing.length + now.left.length;
    },
    { timeoutMs: 60_000 },
  );
}

async function difference(context: CatalogContext, q: Queries) {
  const watched = await watchedKeys(q);
  const wanted = context.config().without_reports === 'operational' ? await shownKeys(q) : [];
  const held = new Set(wanted);
  return { missing: wanted.filter((key) => !watched.has(key)), left: [...watched].filter((key) => !held.has(key)) };
}
