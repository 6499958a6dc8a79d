import { toMs } from '../../../core/index.ts';
import { heartbeats, insertOutage, removeOtherPresences, saveHeartbeat, savePresence } from '../store/outage-store.ts';
import type { ComponentsContext } from './components-context.ts';
import { mayBeThere, outageOf } from './presence.ts';

/**
 * At start: the time since the last heartbeat is unknown for every component (contracts §3). Returns its length.
 * The heartbeat of this start is written with it, so that no gap counts twice. A clock that went back leaves no gap.
 * With PostgreSQL another process may have been watching: `showPresence` finds out.
 * machine-driven: only the start of the program calls it.
 */
export async function recordOwnDowntime(context: ComponentsContext): Promise<number> {
  const { db, presence } = context;
  const { missed, undecided } = await db.write(async (tx) => {
    await tx.lock('components:heartbeat');
    const now = context.clock.now();
    const { last, others } = await heartbeats(tx, presence.process);
    if (db.engine === 'postgres') await savePresence(tx, presence.process, now);
    const gap = last === null || last >= now ? null : { from: last, until: now };
    if (gap !== null && others.some((at) => mayBeThere(at, now))) return { missed: 0, undecided: gap };
    await removeOtherPresences(tx, presence.process);
    await saveHeartbeat(tx, now);
    if (gap === null) return { missed: 0, undecided: null };
    await insertOutage(tx, { ...outageOf(gap), recorded_at: now });
    return { missed: toMs(now) - toMs(gap.from), undecided: null };
  });
  presence.undecided = undecided;
  return missed;
}
