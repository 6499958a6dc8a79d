import { addMs, type Clock, HOUR } from '../../../src/core/index.ts';
import type { StatusPageTables } from '../../../src/modules/status-page/store/schema.ts';
import type { Database } from '../../../src/platform/database/index.ts';
import { LIFE_MAINTENANCES, LIFE_STORIES } from './life.data.ts';

/** Until then what the script told stands in the history. */
const KEPT_MS = 6 * HOUR;

/**
 * The product never removes what was told. The script of a demo that runs for weeks would fill its history with the
 * same stories, though, and only with them.
 */
export async function forgetStories({ db, clock }: { db: Database; clock: Clock }): Promise<void> {
  const titles = [...LIFE_STORIES, ...LIFE_MAINTENANCES].map(({ title }) => title);
  await db.write(async (tx) => {
    await tx
      .for<StatusPageTables>()
      .deleteFrom('status_page_incident')
      .where('title', 'in', titles)
      .where('end_at', '<', addMs(clock.now(), -KEPT_MS))
      .execute();
  });
}
