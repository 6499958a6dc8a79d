import { type Actor, areaOf, requireRole, SignalWithdrawn } from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import { CatalogChanged } from '../contract.ts';
import { AREA } from '../domain/component-slug.ts';
import { connectedComponents, countEverything, deleteEverything, lockCatalog } from '../store/catalog-store.ts';
import { lockIncidents, membersOf, unfinishedIncidents } from '../store/incident-store.ts';
import { type CatalogContext, withdrawComponents } from './tell-catalog.ts';
import { SOURCE, signalName } from './tell-components.ts';

export interface Purged {
  components: number;
  incidents: number;
}

/** What there is to lose. */
export async function countPurge(context: Pick<CatalogContext, 'db'>, actor: Actor): Promise<Purged> {
  requireRole(actor, 'admin');
  return await countEverything(context.db);
}

/** Removes everything of the status page: components with their history, incidents, subscriptions, remembered imports. */
export async function purgeCatalog(context: CatalogContext, actor: Actor): Promise<Purged> {
  requireRole(actor, 'admin');
  return await context.db.write(
    async (tx) => {
      await lockIncidents(tx);
      await lockCatalog(tx);
      const counts = await countEverything(tx);
      const components = await connectedComponents(tx);
      const incidents = await unfinishedIncidents(tx);
      const members = await membersOf(
        tx,
        incidents.map(({ id }) => id),
      );
      const shown = components.filter(({ retiredAt }) => retiredAt === null);
      await withdrawComponents(
        tx,
        context,
        components.map(({ key }) => key),
        true,
      );
      // Components of other areas stay, and nothing of ours may go on claiming something about them.
      for (const incident of incidents) {
        const others = members.filter((member) => member.incident === incident.id && areaOf(member.component) !== AREA);
        for (const component of new Set(others.map((member) => member.component))) {
          const payload = { component, source: SOURCE, name: signalName(incident) };
          await context.journal.publish(tx, SignalWithdrawn, { key: component, payload });
        }
      }
      await deleteEverything(tx);
      const payload = { added: 0, changed: 0, retired: shown.length };
      await context.journal.publish(tx, CatalogChanged, { key: 'catalog', payload });
      const action = 'status-page.catalog_purged';
      await emitAudit(tx, { at: context.clock.now(), actor, action, subject: 'catalog', details: { ...counts } });
      return counts;
    },
    { timeoutMs: LONGEST_MS },
  );
}

/** Nobody writes meanwhile, and what was asked for twice is worth waiting for. */
const LONGEST_MS = 120_000;
