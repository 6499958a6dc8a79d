import { stringify } from 'yaml';
import { type Actor, requireRole } from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import { type Dependency, fileKeyOf } from '../domain/catalog-component.ts';
import { AREA } from '../domain/component-slug.ts';
import { type ConnectedComponent, connectedComponents, storedRegions } from '../store/catalog-store.ts';

/** The whole catalogue as a file. Providing it changes nothing. */
export async function exportCatalog(q: Queries, actor: Actor): Promise<string> {
  requireRole(actor, 'admin');
  const components = await connectedComponents(q);
  const regions = await storedRegions(q);
  const names = new Map(components.map((component) => [component.key, fileKeyOf(component)]));
  const file = {
    version: 1,
    ...(regions.length === 0 ? {} : { regions: regions.map(({ id, label }) => ({ id, label })) }),
    components: components.map((component) => entryOf(component, names)),
  };
  return stringify(file, { lineWidth: 0, version: '1.2', aliasDuplicateObjects: false });
}

function entryOf(component: ConnectedComponent, names: ReadonlyMap<string, string>): Record<string, unknown> {
  const { name, description, docsUrl, visibility, position, target, dependsOn, attributes, retiredAt } = component;
  return {
    key: fileKeyOf(component),
    name,
    ...(description === null ? {} : { description }),
    ...(docsUrl === null ? {} : { docs_url: docsUrl }),
    ...(visibility === 'public' ? {} : { visibility }),
    ...(position === 0 ? {} : { position }),
    ...(target === null ? {} : { target }),
    ...(dependsOn.length === 0 ? {} : { depends_on: dependsOn.map((one) => dependencyOf(one, names)) }),
    ...(retiredAt === null ? {} : { retired: true }),
    ...(attributes.length === 0 ? {} : { attributes: new Map(attributes) }),
  };
}

/** Ours by the key of the file, which is the same in another installation. */
function dependencyOf({ key, propagate }: Dependency, names: ReadonlyMap<string, string>): unknown {
  const name = key.startsWith(`${AREA}/`) ? (names.get(key) ?? key) : key;
  return propagate === null ? name : { key: name, propagate };
}
