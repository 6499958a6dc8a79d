import { listDevices } from '../store/device-store.ts';
import {
  changeProject,
  dropClaims,
  ensureProject,
  listProjects,
  removeProject,
  sourceOf,
} from '../store/project-store.ts';
import { allSettings, type FacilityContext } from './facility-context.ts';
import { withdrawDevice } from './store-reading.ts';

/**
 * Brings the stored projects into line with the configuration: new ones are due at once, the devices of removed ones
 * leave the lists and keep their history. machine-driven: start and the periodic look call it.
 */
export async function syncProjects(context: FacilityContext): Promise<void> {
  const wanted = allSettings(context);
  const ids = new Set(wanted.map(({ id }) => id));
  const stored = await listProjects(context.db);
  const isComplete = stored.length === ids.size && stored.every((row) => ids.has(row.id));
  if (isComplete) return;
  await context.db.write(async (tx) => {
    for (const { id, integration } of wanted) await ensureProject(tx, { id, integration }, context.clock.now());
    for (const row of await listProjects(tx)) {
      if (ids.has(row.id)) continue;
      const source = sourceOf(row);
      const devices = source === null ? [] : await listDevices(tx, source);
      for (const device of devices) await withdrawDevice(tx, context, device);
      await removeProject(tx, row.id, source);
    }
  });
}

/** SQLite has one process: what the last one held when it ended is free. */
export async function freeClaims(context: FacilityContext): Promise<void> {
  if (context.db.engine !== 'sqlite') return;
  const held = (await listProjects(context.db)).some((row) => row.claim !== null);
  if (held) await context.db.write(dropClaims);
}

/**
 * At start and after a reload: what happened while nobody listened, and what the configuration says now, is read at
 * once, a new token too. Only a pause that GitLab asked for stands.
 */
export async function readAllSoon(context: FacilityContext): Promise<void> {
  const now = context.clock.now();
  const later = (await listProjects(context.db)).filter((row) => row.next_at > now);
  if (later.length === 0) return;
  await context.db.write(async (tx) => {
    for (const row of later) {
      const pause = row.error_reason === 'rate_limited' ? {} : { hold_until: null };
      await changeProject(tx, row.id, { next_at: now, ...pause });
    }
  });
}
