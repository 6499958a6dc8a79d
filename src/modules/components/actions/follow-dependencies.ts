import type { ComponentKey, Instant } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { followersOf, lockComponents } from '../store/component-store.ts';
import type { ComponentsContext } from './components-context.ts';
import { loadSubjects, settleStatus } from './settle-status.ts';

/** Decides again for the components whose level follows that of components that changed at `since`. */
export async function followDependencies(
  tx: Tx,
  context: ComponentsContext,
  changes: readonly { key: ComponentKey; since: Instant }[],
): Promise<void> {
  const followers = await followersOf(tx, [...new Set(changes.map(({ key }) => key))]);
  if (followers.size === 0) return;
  const keys = [...followers.keys()].sort();
  await lockComponents(tx, keys);
  for (const [key, subject] of await loadSubjects(tx, keys)) {
    const followed = followers.get(key) ?? new Set();
    const moments = changes.filter((change) => followed.has(change.key)).map(({ since }) => since);
    await settleStatus(tx, context, subject, { histories: new Map(), moments });
  }
}
