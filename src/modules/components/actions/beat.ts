import { addMs, MINUTE } from '../../../core/index.ts';
import { insertOutage, lastHeartbeat, saveHeartbeat } from '../store/outage-store.ts';
import type { ComponentsContext } from './components-context.ts';

/** A process that did not come to beating for this long was not watching either: asleep, swapped out, stopped. */
const STALLED_MS = MINUTE;

/** Leaves the mark that the next start measures our own downtime from. machine-driven: only the job `components.beat` calls it. */
export async function beat(context: ComponentsContext): Promise<void> {
  // Until it is known whether somebody watched before our start, the mark of that time must stay.
  if (context.presence.undecided !== null) return;
  await context.db.write(async (tx) => {
    const now = context.clock.now();
    const last = await lastHeartbeat(tx);
    if (last !== null && addMs(last, STALLED_MS) < now) {
      await insertOutage(tx, { from_at: last, until_at: now, recorded_at: now, reason: 'stalled' });
    }
    await saveHeartbeat(tx, now);
  });
}
