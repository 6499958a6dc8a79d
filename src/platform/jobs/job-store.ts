import { addMs, type Instant } from '../../core/index.ts';
import type { Queries, Tx } from '../database/index.ts';
import type { JobState } from './jobs.ts';
import type { JobsTables } from './schema.ts';

export async function readJobs(q: Queries, names: readonly string[]): Promise<JobState[]> {
  if (names.length === 0) return [];
  return await q
    .for<JobsTables>()
    .selectFrom('jobs_job')
    .select(['name', 'next_at as nextAt', 'started_at as startedAt', 'finished_at as finishedAt', 'error'])
    .where('name', 'in', names)
    .orderBy('name')
    .execute();
}

/** Does nothing when the job is known. */
export async function insertJob(tx: Tx, name: string, nextAt: Instant): Promise<void> {
  await tx
    .for<JobsTables>()
    .insertInto('jobs_job')
    .values({
      name,
      next_at: nextAt,
      started_at: null,
      finished_at: null,
      error: null,
      claimed_by: null,
      claimed_until: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Moves the next run; only from where the caller saw it. */
export async function moveNextRun(tx: Tx, name: string, from: Instant, to: Instant): Promise<void> {
  await tx
    .for<JobsTables>()
    .updateTable('jobs_job')
    .set({ next_at: to })
    .where('name', '=', name)
    .where('next_at', '=', from)
    .execute();
}

export interface Claim {
  name: string;
  by: string;
  now: Instant;
  claimMs: number;
  nextAt: Instant;
  /** Run it although it is not due yet. */
  early: boolean;
}

/** True when this process has the job now. */
export async function claimJob(tx: Tx, { name, by, now, claimMs, nextAt, early }: Claim): Promise<boolean> {
  const claimedUntil = addMs(now, claimMs);
  const { numUpdatedRows } = await tx
    .for<JobsTables>()
    .updateTable('jobs_job')
    .set({ claimed_by: by, claimed_until: claimedUntil, started_at: now, next_at: nextAt })
    .where('name', '=', name)
    .$if(!early, (query) => query.where('next_at', '<=', now))
    // A claim that reaches further than any claim can comes from before the clock was set back.
    .where((eb) =>
      eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', now), eb('claimed_until', '>', claimedUntil)]),
    )
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export interface Release {
  name: string;
  by: string;
  finishedAt: Instant;
  error: string | null;
  /** Absent: as it was set when the run began. */
  nextAt?: Instant;
}

export async function releaseJob(tx: Tx, { name, by, finishedAt, error, nextAt }: Release): Promise<void> {
  await tx
    .for<JobsTables>()
    .updateTable('jobs_job')
    .set({ claimed_by: null, claimed_until: null, finished_at: finishedAt, error })
    .$if(nextAt !== undefined, (query) => query.set({ next_at: nextAt ?? finishedAt }))
    .where('name', '=', name)
    .where('claimed_by', '=', by)
    .execute();
}

/** Only the process that has it. */
export async function renewClaim(
  tx: Tx,
  { name, by, until }: { name: string; by: string; until: Instant },
): Promise<void> {
  await tx
    .for<JobsTables>()
    .updateTable('jobs_job')
    .set({ claimed_until: until })
    .where('name', '=', name)
    .where('claimed_by', '=', by)
    .execute();
}

/** Whoever claimed these is gone; what they began is due. */
export async function freeClaims(tx: Tx, names: readonly string[], now: Instant): Promise<void> {
  if (names.length === 0) return;
  await tx
    .for<JobsTables>()
    .updateTable('jobs_job')
    .set({ claimed_by: null, claimed_until: null, next_at: now })
    .where('name', 'in', names)
    .where('claimed_by', 'is not', null)
    .execute();
}
