import { type Actor, type ComponentKey, canSee } from '../../../core/index.ts';
import type { Mistake } from '../domain/mistake.ts';
import { allComponents } from '../store/component-store.ts';
import { refuse } from './refusal.ts';
import type { StatusPageContext } from './status-page-context.ts';

type Given = Pick<StatusPageContext, 'db' | 'components'>;

/**
 * Only what exists can be broken or maintained: of the catalogue and not retired, or of another area. What a program may
 * not read does not exist for it.
 */
export async function requireComponents(context: Given, actor: Actor, keys: readonly ComponentKey[]): Promise<void> {
  const mistakes = await unknownComponents(context, actor, keys);
  if (mistakes.length > 0) refuse(...mistakes);
}

/** One mistake for each of them that does not exist. */
export async function unknownComponents(
  { db, components }: Given,
  actor: Actor,
  keys: readonly ComponentKey[],
): Promise<Mistake[]> {
  if (keys.length === 0) return [];
  const known = await components.levels(actor);
  const others = keys.filter((key) => !known.has(key));
  const listed = (await allComponents(db, others)).filter(
    ({ retiredAt, visibility }) => retiredAt === null && canSee(actor, visibility),
  );
  const found = new Set(listed.map(({ key }) => key));
  return others
    .filter((key) => !found.has(key))
    .map((key) => ({ field: 'components', reason: 'component_unknown', about: key }));
}
