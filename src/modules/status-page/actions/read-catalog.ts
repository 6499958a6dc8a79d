import { nearest, readYaml, type YamlMistake } from '../../../platform/config/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import { readCatalogFile } from '../domain/catalog-file.ts';
import type { CatalogMistake } from '../domain/catalog-mistake.ts';
import { type CatalogPlan, planCatalog } from '../domain/catalog-plan.ts';
import { connectedComponents, storedRegions } from '../store/catalog-store.ts';

/** Twice what the largest catalogue allowed needs, aliases followed. */
const LIMITS = { bytes: 8 * 1024 * 1024, values: 400_000 };

const NOTHING = { added: [], changed: [], retired: [], returned: [], unchanged: [], kept: [] };

/** What a catalogue file would change. Reads only. */
export async function readCatalogPlan(q: Queries, text: string): Promise<CatalogPlan> {
  const stored = { components: await connectedComponents(q), regions: await storedRegions(q) };
  const { node, mistakes: syntax } = readYaml(text.replace(/^\ufeff/, ''), LIMITS);
  const { file, mistakes: content } =
    syntax.length > 0 ? { file: null, mistakes: syntax.map(unreadable) } : readCatalogFile(node, nearest);
  // A plan of a broken file would announce retirements that nobody meant.
  if (file === null || content.length > 0) {
    return { ...NOTHING, regions: { after: stored.regions, changes: [] }, mistakes: content };
  }
  return planCatalog(file, stored, nearest);
}

/** The reader of YAML is that of the configuration. */
function unreadable({ path, line, column, problem, remedy, reason }: YamlMistake): CatalogMistake {
  const place = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  return {
    path,
    ...place,
    problem: { code: 'unreadable', words: problem, reason },
    remedy: { code: 'make_readable', words: remedy, reason },
  };
}

/** Whether carrying it out would change anything. */
export function changesAnything({ added, changed, retired, returned, regions }: CatalogPlan): boolean {
  return added.length + changed.length + retired.length + returned.length + regions.changes.length > 0;
}
