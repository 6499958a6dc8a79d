import { lockComponents } from '../store/component-store.ts';
import { allKeys } from '../store/status-store.ts';
import type { ComponentsContext } from './components-context.ts';
import { loadSubjects, settleStatus } from './settle-status.ts';

const AT_ONCE = 200;

/**
 * Decides again for every component, as the rules are now: another configuration may expect other signals.
 * machine-driven: only the start of the program calls it.
 */
export async function settleAll(context: ComponentsContext): Promise<void> {
  const keys = await allKeys(context.db);
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    const some = keys.slice(from, from + AT_ONCE);
    await context.db.write(async (tx) => {
      await lockComponents(tx, some);
      for (const subject of (await loadSubjects(tx, some)).values()) {
        await settleStatus(tx, context, subject, { histories: new Map() });
      }
    });
  }
}
