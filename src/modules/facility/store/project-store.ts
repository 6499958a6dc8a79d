import { addMs, type Instant, type UpstreamReason } from '../../../core/index.ts';
import { type Queries, statement, type Tx } from '../../../platform/database/index.ts';
import type { FacilityTables } from './schema.ts';

export type ProjectRow = FacilityTables['facility_project'];

/** The source of a project's signals; null until GitLab has told its number. */
export function sourceOf(row: Pick<ProjectRow, 'integration' | 'gitlab_id'>): string | null {
  return row.gitlab_id === null ? null : `facility/${row.integration}/${row.gitlab_id}`;
}

/** What the last check of hook and token found. All of it is for operators. */
export interface Health {
  hook: {
    /** GitLab's word: `executable`, `temporarily_disabled`, `disabled`; null when it could not be asked. */
    status: string | null;
    disabledUntil: string | null;
    /** What GitLab got for its last delivery, such as `500`; only when the hook fails or is disabled. */
    lastAnswer: string | null;
    /** `no_secret`, `missing`, `disabled`, `failing`, `events`, `unverified`, `unreadable`: a text of the page each. */
    problem: string | null;
  };
  token: { expiresAt: string | null; problem: string | null };
}

const one = statement(['id'], (q, { id }: { id: string }) =>
  q.for<FacilityTables>().selectFrom('facility_project').selectAll().where('id', '=', id),
);

export async function findProject(q: Queries, id: string): Promise<ProjectRow | undefined> {
  return (await q.for().executeQuery(one(q, { id }))).rows[0];
}

const all = statement([], (q) => q.for<FacilityTables>().selectFrom('facility_project').selectAll().orderBy('id'));

export async function listProjects(q: Queries): Promise<ProjectRow[]> {
  return (await q.for().executeQuery(all(q, {}))).rows;
}

/** Adds the row of a configured project that has none yet; it is due at once. */
export async function ensureProject(tx: Tx, project: { id: string; integration: string }, now: Instant): Promise<void> {
  await tx
    .for<FacilityTables>()
    .insertInto('facility_project')
    .values({
      ...project,
      gitlab_id: null,
      path: null,
      title: null,
      web_url: null,
      visibility: null,
      dirty_seq: 0,
      done_seq: 0,
      open_seq: 0,
      claim: null,
      claim_until: null,
      started_at: null,
      succeeded_at: null,
      next_at: now,
      hold_until: null,
      failures: 0,
      error: null,
      error_reason: null,
      stale_since: null,
      badge_error: null,
      unknown_labels: '[]',
      last_event_at: null,
      health: null,
      health_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export async function changeProject(tx: Tx, id: string, change: Partial<Omit<ProjectRow, 'id'>>): Promise<void> {
  await tx.for<FacilityTables>().updateTable('facility_project').set(change).where('id', '=', id).execute();
}

export async function removeProject(tx: Tx, id: string, source: string | null): Promise<void> {
  if (source !== null)
    await tx.for<FacilityTables>().deleteFrom('facility_issue').where('source', '=', source).execute();
  await tx.for<FacilityTables>().deleteFrom('facility_project').where('id', '=', id).execute();
}

/** Notes that something happened, `times` if more than once: the next reading must begin after this moment. */
export function markDirty(
  tx: Tx,
  id: string,
  event: { confidential: boolean; times?: number; change?: Partial<ProjectRow> },
): void {
  const { confidential, times = 1, change } = event;
  const marking = tx
    .for<FacilityTables>()
    .updateTable('facility_project')
    .set((eb) => ({
      ...change,
      dirty_seq: eb('dirty_seq', '+', times),
      ...(confidential ? {} : { open_seq: eb('dirty_seq', '+', times) }),
    }))
    .where('id', '=', id);
  tx.send(marking);
}

/** Makes one process the only one that reconciles this project. Undefined: another one does. */
export async function claimProject(
  tx: Tx,
  id: string,
  claim: { by: string; now: Instant; lifeMs: number },
): Promise<ProjectRow | undefined> {
  return tx
    .for<FacilityTables>()
    .updateTable('facility_project')
    .set({ claim: claim.by, claim_until: addMs(claim.now, claim.lifeMs), started_at: claim.now })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('claim', 'is', null), eb('claim_until', '<=', claim.now)]))
    .returningAll()
    .executeTakeFirst();
}

/** False: the claim was lost, so nothing more may be written to GitLab. */
export async function renewClaim(
  tx: Tx,
  id: string,
  claim: { by: string; now: Instant; lifeMs: number },
): Promise<boolean> {
  const result = await tx
    .for<FacilityTables>()
    .updateTable('facility_project')
    .set({ claim_until: addMs(claim.now, claim.lifeMs) })
    .where('id', '=', id)
    .where('claim', '=', claim.by)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Ends a claim with what came of it; nothing changes if it was lost meanwhile. */
export async function releaseClaim(
  tx: Tx,
  id: string,
  by: string,
  change: Partial<Omit<ProjectRow, 'id' | 'claim' | 'claim_until'>>,
): Promise<ProjectRow | undefined> {
  return tx
    .for<FacilityTables>()
    .updateTable('facility_project')
    .set({ ...change, claim: null, claim_until: null })
    .where('id', '=', id)
    .where('claim', '=', by)
    .returningAll()
    .executeTakeFirst();
}

/** For the start of the only process on a database: what the last one held is free. */
export async function dropClaims(tx: Tx): Promise<void> {
  await tx.for<FacilityTables>().updateTable('facility_project').set({ claim: null, claim_until: null }).execute();
}

export function healthOf(row: Pick<ProjectRow, 'health'>): Health | null {
  return row.health === null ? null : (JSON.parse(row.health) as Health);
}

export function unknownLabelsOf(row: Pick<ProjectRow, 'unknown_labels'>): string[] {
  return JSON.parse(row.unknown_labels) as string[];
}

/** Why the last reading failed; null when it did not fail at GitLab. */
export function reasonOf(row: Pick<ProjectRow, 'error_reason'>): UpstreamReason | null {
  return row.error_reason as UpstreamReason | null;
}
