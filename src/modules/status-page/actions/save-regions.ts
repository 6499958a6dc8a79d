import { type Actor, AppError, requireRole } from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import { CatalogChanged } from '../contract.ts';
import { LIMITS, lineComplaint } from '../domain/catalog-rules.ts';
import { connectedComponents, lockCatalog, replaceRegions, storedRegions } from '../store/catalog-store.ts';
import { auditText } from './audit-text.ts';
import type { CatalogContext } from './tell-catalog.ts';

/** Which line of the list of regions is wrong. */
export class RegionRefusal extends AppError {
  readonly line: string;
  constructor(line: string) {
    super('invalid', `This is not a region, or stands here twice: ${line}`);
    this.line = line;
  }
}

/** Order and words of the regions, one `id` or `id = label` per line. Regions in use that are left out come last. */
export async function saveRegions(context: CatalogContext, actor: Actor, text: string): Promise<void> {
  requireRole(actor, 'admin');
  const said = readRegions(text);
  await context.db.write(async (tx) => {
    await lockCatalog(tx);
    const before = await storedRegions(tx);
    const used = new Set((await connectedComponents(tx)).flatMap(({ region }) => (region === null ? [] : [region])));
    const named = new Set(said.map(({ id }) => id));
    const left = said.length === 0 ? [] : [...used].filter((id) => !named.has(id)).sort();
    const old = new Map(before.map((region) => [region.id, region]));
    const after = [...said, ...left.map((id) => ({ id, label: old.get(id)?.label ?? id }))].map((region, position) => {
      const was = old.get(region.id);
      const same = was?.label === region.label && was.position === position;
      return { ...region, position, owner: same ? was.owner : ('person' as const) };
    });
    if (
      JSON.stringify(after) ===
      JSON.stringify(before.map(({ id, label, position, owner }) => ({ id, label, position, owner })))
    )
      return;
    await replaceRegions(tx, after);
    await context.journal.publish(tx, CatalogChanged, {
      key: 'catalog',
      payload: { added: 0, changed: 0, retired: 0 },
    });
    const details = { regions: after.map(({ id }) => auditText(id, 40)) };
    const at = context.clock.now();
    await emitAudit(tx, { at, actor, action: 'status-page.regions_changed', subject: 'catalog', details });
  });
}

function readRegions(text: string): { id: string; label: string }[] {
  const found = new Map<string, { id: string; label: string }>();
  for (const line of text.split(/\r\n?|\n/).map((one) => one.trim())) {
    if (line === '') continue;
    const at = line.indexOf('=');
    const id = (at < 0 ? line : line.slice(0, at)).trim();
    const label = at < 0 ? id : line.slice(at + 1).trim();
    const isWrong = lineComplaint(id, LIMITS.attributeValue) ?? lineComplaint(label, LIMITS.label);
    if (isWrong !== null || found.has(id) || found.size === LIMITS.regions) throw new RegionRefusal(line.slice(0, 100));
    found.set(id, { id, label });
  }
  return [...found.values()];
}
