import { type Actor, type ComponentKey, canSee } from '../../../core/index.ts';
import { findComponent } from '../store/component-store.ts';
import { refuse } from './refusal.ts';
import type { StatusPageContext } from './status-page-context.ts';

/**
 * Only what exists can be broken or maintained: of the catalogue and not retired, or of another area. What a program may
 * not read does not exist for it.
 */
export async function requireComponents(
  { db, components }: Pick<StatusPageContext, 'db' | 'components'>,
  actor: Actor,
  keys: readonly ComponentKey[],
): Promise<void> {
  const known = await components.levels(actor);
  for (const key of keys) {
    if (known.has(key)) continue;
    const listed = await findComponent(db, key);
    if (listed === null || listed.retiredAt !== null || !canSee(actor, listed.visibility))
      refuse({ field: 'components', reason: 'component_unknown', about: key });
  }
}
