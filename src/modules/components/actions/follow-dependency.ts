import type { ComponentKey, Instant } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { followersOf, lockComponents } from '../store/component-store.ts';
import type { ComponentsContext } from './components-context.ts';
import { loadSubjects, settleStatus } from './settle-status.ts';

/** Decides again for the components whose level follows that of `key`, which changed at `since`. */
export async function followDependency(
  tx: Tx,
  context: ComponentsContext,
  key: ComponentKey,
  since: Instant,
): Promise<void> {
  const followers = await followersOf(tx, key);
  await lockComponents(tx, followers);
  for (const subject of (await loadSubjects(tx, followers)).values()) {
    await settleStatus(tx, context, subject, { histories: new Map(), moments: [since] });
  }
}
