import { addMs, type Instant, newId, SECOND } from '../../../core/index.ts';
import { heartbeats, insertOutage, removePresence, saveHeartbeat, savePresence } from '../store/outage-store.ts';
import type { ComponentsContext, Presence } from './components-context.ts';

/** A process that beats every ten seconds and has been silent for longer than this is gone. */
const GONE_AFTER_MS = 25 * SECOND;

export function newPresence(): Presence {
  return { process: newId(), undecided: null };
}

/**
 * The heartbeat of this process among several. Decides what was open at its start: who has beaten since then was
 * watching; when nobody has for long enough, nobody was. machine-driven: only the timer of the module calls it.
 */
export async function showPresence(context: ComponentsContext): Promise<void> {
  const { db, clock, presence } = context;
  const { undecided } = presence;
  const decided = await db.write(async (tx) => {
    await tx.lock('components:heartbeat');
    const now = clock.now();
    await savePresence(tx, presence.process, now);
    if (undecided === null) return false;
    const { others } = await heartbeats(tx, presence.process);
    const watched = others.some((at) => at > undecided.until);
    if (!watched && now < addMs(undecided.until, GONE_AFTER_MS)) return false;
    if (!watched) await insertOutage(tx, { ...outageOf(undecided), recorded_at: now });
    await saveHeartbeat(tx, now);
    return true;
  });
  if (decided) presence.undecided = null;
}

/** Whoever ends on purpose says so. machine-driven: only the end of the program calls it. */
export async function endPresence({ db, presence }: ComponentsContext): Promise<void> {
  await db.write((tx) => removePresence(tx, presence.process));
}

export function outageOf({ from, until }: { from: Instant; until: Instant }) {
  return { from_at: from, until_at: until, reason: 'stopped' as const };
}

/** Whether a process with this last heartbeat may still be there. */
export function mayBeThere(at: Instant, now: Instant): boolean {
  return addMs(at, GONE_AFTER_MS) > now;
}
