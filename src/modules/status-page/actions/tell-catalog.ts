import {
  type ComponentDeclaration,
  ComponentDeclared,
  type ComponentKey,
  ComponentWithdrawn,
  type Instant,
  SignalReported,
  SignalWithdrawn,
} from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { addWatch, type ConnectedComponent, removeWatch, watchedKeys } from '../store/catalog-store.ts';
import { membersOf, unfinishedIncidents } from '../store/incident-store.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { SOURCE, tellComponents } from './tell-components.ts';

export type CatalogContext = Pick<StatusPageContext, 'config' | 'site' | 'db' | 'journal' | 'clock'>;
type Declared = Omit<ConnectedComponent, 'number'>;

/** What the people who write incidents vouch for while no incident says otherwise. */
export const WATCH = 'watch';

export function declarationOf(component: Declared): ComponentDeclaration {
  const { key, name, category, position, visibility, docsUrl, dependsOn, attributes } = component;
  return {
    key,
    name,
    kind: 'service',
    group: category ?? '',
    position,
    visibility,
    ...(docsUrl === null ? {} : { link: docsUrl }),
    dependsOn: dependsOn.map(({ key: on, propagate }) => ({ key: on, ...(propagate === null ? {} : { propagate }) })),
    attributes: Object.fromEntries(attributes),
  };
}

/** Tells `components` that these exist, or what changed about them, and vouches for those that are new to it. */
export async function declareComponents(
  tx: Tx,
  context: CatalogContext,
  components: readonly Declared[],
): Promise<void> {
  await publishDeclarations(tx, context, components);
  await vouchForNew(tx, context, components);
}

export async function publishDeclarations(
  tx: Tx,
  context: CatalogContext,
  components: readonly Declared[],
): Promise<void> {
  // Sent together, in their order: on SQLite each would wait for the way to the writer and back.
  await Promise.all(
    components.map((component) => {
      const { key } = component;
      return context.journal.publish(tx, ComponentDeclared, { key, payload: declarationOf(component) });
    }),
  );
}

/** Where the configuration says that people vouch for components, for those that nobody vouches for yet. */
export async function vouchForNew(
  tx: Tx,
  context: CatalogContext,
  components: readonly Pick<Declared, 'key'>[],
  since?: ReadonlyMap<ComponentKey, Instant>,
): Promise<void> {
  if (context.config().without_reports !== 'operational') return;
  const watched = await watchedKeys(tx);
  const keys = components.map(({ key }) => key).filter((key) => !watched.has(key));
  await vouch(tx, context, keys, since);
}

/** `since`: from when on it has been as it is, where that is known from elsewhere. */
export async function vouch(
  tx: Tx,
  context: CatalogContext,
  keys: readonly ComponentKey[],
  since?: ReadonlyMap<ComponentKey, Instant>,
): Promise<void> {
  const now = context.clock.now();
  await addWatch(tx, keys, now);
  const claim = { source: SOURCE, name: WATCH, level: 'operational', required: false } as const;
  await Promise.all(
    keys.map((component) => {
      const payload = { component, ...claim, observedAt: since?.get(component) ?? now };
      return context.journal.publish(tx, SignalReported, { key: component, payload });
    }),
  );
}

export async function stopVouching(tx: Tx, context: CatalogContext, keys: readonly ComponentKey[]): Promise<void> {
  await removeWatch(tx, keys);
  for (const component of keys) {
    const payload = { component, source: SOURCE, name: WATCH };
    await context.journal.publish(tx, SignalWithdrawn, { key: component, payload });
  }
}

/** Takes components from every list. `components` forgets what is claimed about them and, unless asked, no history. */
export async function withdrawComponents(
  tx: Tx,
  context: CatalogContext,
  keys: readonly ComponentKey[],
  forget = false,
): Promise<void> {
  await removeWatch(tx, keys);
  for (const key of keys) {
    const payload = { key, ...(forget ? { forget } : {}) };
    await context.journal.publish(tx, ComponentWithdrawn, { key, payload });
  }
}

/** What open incidents say of components that came back, which was forgotten when they went. */
export async function repeatIncidents(tx: Tx, context: CatalogContext, keys: readonly ComponentKey[]): Promise<void> {
  if (keys.length === 0) return;
  const wanted = new Set(keys);
  const incidents = await unfinishedIncidents(tx);
  const members = Map.groupBy(
    (
      await membersOf(
        tx,
        incidents.map(({ id }) => id),
      )
    ).filter(({ component, to }) => to === null && wanted.has(component)),
    ({ incident }) => incident,
  );
  const since = context.clock.now();
  for (const incident of incidents) {
    const held = members.get(incident.id);
    if (held !== undefined) await tellComponents(tx, context, incident, { members: held, since });
  }
}
