import { type Actor, AppError, type ComponentKey, type Instant, requireRole } from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { CatalogChanged } from '../contract.ts';
import type { Owner } from '../domain/catalog-component.ts';
import { fieldChanges } from '../domain/catalog-difference.ts';
import { type ComponentInput, type FormMistake, readComponentForm } from '../domain/catalog-form.ts';
import { newComponentKey } from '../domain/component-slug.ts';
import {
  type ConnectedComponent,
  connectedComponents,
  lockCatalog,
  replaceRegions,
  saveComponents,
  storedRegions,
} from '../store/catalog-store.ts';
import { auditText } from './audit-text.ts';
import { type CatalogContext, declareComponents } from './tell-catalog.ts';

/** A form with mistakes in it, or one that somebody else overtook. */
export class FormRefusal extends AppError {
  readonly mistakes: readonly FormMistake[];

  constructor(code: 'invalid' | 'conflict', message: string, mistakes: readonly FormMistake[] = []) {
    super(code, message, { fields: mistakes.map(({ field, code: detail }) => ({ pointer: `/${field}`, detail })) });
    this.mistakes = mistakes;
  }
}

export interface SaveRequest {
  input: ComponentInput;
  /** Absent: a new component. */
  key?: ComponentKey;
  /** What the form was filled with: when the component was changed last. */
  seen?: Instant;
  /** `file`: the next file may change it again. */
  owner: Owner;
}

/** Adds a component or changes one, as a person says. */
export async function saveComponent(
  context: CatalogContext,
  actor: Actor,
  request: SaveRequest,
): Promise<ComponentKey> {
  requireRole(actor, 'admin');
  const { input, key, seen, owner } = request;
  return await context.db.write(async (tx) => {
    await lockCatalog(tx);
    const components = await connectedComponents(tx);
    const old = key === undefined ? null : knownComponent(components, key);
    if (old !== null && seen !== undefined && seen !== old.modifiedAt) {
      throw new FormRefusal('conflict', `${old.name} was changed meanwhile. Look at it, then send the form again.`);
    }
    const { facts, dependsOn, mistakes } = readComponentForm(input, key ?? null, components);
    if (mistakes.length > 0) throw new FormRefusal('invalid', `The form has ${mistakes.length} mistakes.`, mistakes);
    const now = context.clock.now();
    const taken = new Set(components.map((one) => one.key));
    const before = old ?? {
      key: newComponentKey({ ...facts, catalogKey: null }, taken),
      catalogKey: null,
      createdAt: now,
      watchedFrom: now,
      retiredAt: null,
      owner: null,
    };
    const component = { ...before, ...keptOrder(facts, old), dependsOn, owner, modifiedAt: now };
    const fields = old === null ? [] : fieldChanges(old, component);
    if (old !== null && fields.length === 0 && old.owner === owner) return old.key;
    const { key: written } = component;
    await saveComponents(tx, [withoutNumber(component)]);
    await addRegion(tx, facts.region);
    if (component.retiredAt === null) await declareComponents(tx, context, [component]);
    const payload = { added: old === null ? 1 : 0, changed: old === null ? 0 : 1, retired: 0 };
    await context.journal.publish(tx, CatalogChanged, { key: 'catalog', payload });
    const changes = fields.map(({ field, old: was, new: is }) => auditText(`${field}: ${was} → ${is}`, 300));
    const action = old === null ? 'status-page.component_added' : 'status-page.component_changed';
    const details = { name: auditText(component.name), owner, changes };
    await emitAudit(tx, { at: now, actor, action, subject: auditText(`component:${written}`, 250), details });
    return written;
  });
}

export function knownComponent(components: readonly ConnectedComponent[], key: ComponentKey): ConnectedComponent {
  const found = components.find((one) => one.key === key);
  if (found === undefined)
    throw new AppError('not_found', `There is no component ${key.slice(0, 210)} in the catalogue.`);
  return found;
}

/** Forms have region and category in fields of their own: an order that a file gave the attributes stays. */
function keptOrder<F extends { attributes: ConnectedComponent['attributes'] }>(
  facts: F,
  old: ConnectedComponent | null,
): F {
  const places = new Map((old?.attributes ?? []).map(([name], at) => [name, at]));
  const placeOf = (name: string) => places.get(name) ?? places.size;
  return { ...facts, attributes: facts.attributes.toSorted(([a], [b]) => placeOf(a) - placeOf(b)) };
}

function withoutNumber<C extends object>(component: C): Omit<C, 'number'> {
  const { number: _number, ...rest } = component as C & { number?: number };
  return rest;
}

/** A list of regions that is there names all of them. */
async function addRegion(tx: Tx, region: string | null): Promise<void> {
  const regions = await storedRegions(tx);
  if (region === null || regions.length === 0 || regions.some(({ id }) => id === region)) return;
  await replaceRegions(tx, [...regions, { id: region, label: region, position: regions.length, owner: 'person' }]);
}
