import { addMs, SECOND, toMs } from '../../../core/index.ts';
import { insertOutage, lastHeartbeat, saveHeartbeat } from '../store/outage-store.ts';
import type { ComponentsContext } from './components-context.ts';

/** With PostgreSQL other processes may be beating: only a silence longer than theirs can be is a time nobody watched. */
const OTHERS_BEAT_WITHIN_MS = 25 * SECOND;

/**
 * At start: the time since the last heartbeat is unknown for every component (contracts §3). Returns its length.
 * The heartbeat of this start is written with it, so that no gap counts twice. A clock that went back leaves no gap.
 * machine-driven: only the start of the program calls it.
 */
export async function recordOwnDowntime(context: ComponentsContext): Promise<number> {
  const { db } = context;
  return db.write(async (tx) => {
    await tx.lock('components:heartbeat');
    const now = context.clock.now();
    const last = await lastHeartbeat(tx);
    await saveHeartbeat(tx, now);
    if (last === null || last >= now) return 0;
    if (db.engine === 'postgres' && addMs(last, OTHERS_BEAT_WITHIN_MS) > now) return 0;
    await insertOutage(tx, { from_at: last, until_at: now, recorded_at: now, reason: 'stopped' });
    return toMs(now) - toMs(last);
  });
}
