import { setTimeout as pause } from 'node:timers/promises';
import { AppError, newId } from '../../../core/index.ts';
import { claimProject, ensureProject, releaseClaim, renewClaim } from '../store/project-store.ts';
import type { FacilityContext } from './facility-context.ts';

/** How long a process that has died keeps others from its project. */
export const CLAIM_LIFE = 60_000;
export const CLAIM_RENEWAL = 15_000;

export type Holding = Pick<FacilityContext, 'db' | 'clock'>;

/** Being the only one, over all processes, that reads a project and writes to it. */
export interface Hold {
  /** Throws when another process has taken it over. */
  renew(): Promise<void>;
  end(): Promise<void>;
}

/** Renews a claim; throws when another process has taken it over. */
export async function holdClaim({ db, clock }: Holding, id: string, by: string): Promise<void> {
  const now = clock.now();
  if (!(await db.write((tx) => renewClaim(tx, id, { by, now, lifeMs: CLAIM_LIFE })))) throw lostClaim();
}

export function lostClaim(): AppError {
  return new AppError('conflict', 'Another process has taken this project over.');
}

/**
 * Waits until nobody reads the project, and keeps others from it until the end. machine-driven: `facility connect` calls
 * it, which whoever may write the database may.
 */
export async function holdProject(
  context: Holding,
  project: { id: string; integration: string },
  { attempts, pauseMs }: { attempts: number; pauseMs: number } = { attempts: 300, pauseMs: 200 },
): Promise<Hold> {
  const { db, clock } = context;
  const { id, integration } = project;
  const by = `connect/${newId()}`;
  for (let attempt = 1; !(await claim(context, { id, integration, by })); attempt += 1) {
    if (attempt === attempts) {
      throw new AppError('conflict', `The project "${id}" is being read by the server. Try again in a minute.`);
    }
    await pause(pauseMs);
  }
  const renewal = setInterval(() => void holdClaim(context, id, by).catch(() => undefined), CLAIM_RENEWAL);
  return {
    renew: () => holdClaim(context, id, by),
    end: async () => {
      clearInterval(renewal);
      // What was changed is the server's to read.
      await db.write((tx) => releaseClaim(tx, id, by, { next_at: clock.now() }));
    },
  };
}

async function claim(
  { db, clock }: Holding,
  { by, ...project }: { id: string; integration: string; by: string },
): Promise<boolean> {
  return await db.write(async (tx) => {
    await tx.lock(`facility:${project.id}`);
    const now = clock.now();
    await ensureProject(tx, project, now);
    return (await claimProject(tx, project.id, { by, now, lifeMs: CLAIM_LIFE })) !== undefined;
  });
}
