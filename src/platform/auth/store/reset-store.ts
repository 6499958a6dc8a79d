import type { Instant, Role } from '../../../core/index.ts';
import type { Queries, Tx } from '../../database/index.ts';
import type { AuthTables, ResetRow } from './schema.ts';

export async function insertReset(tx: Tx, row: ResetRow): Promise<void> {
  await tx.for<AuthTables>().insertInto('auth_password_reset').values(row).execute();
}

/** How many links were made for this person since then, used or not. */
export async function resetsSince(q: Queries, userId: string, since: Instant): Promise<number> {
  const row = await q
    .for<AuthTables>()
    .selectFrom('auth_password_reset')
    .select((column) => column.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Whose password a link renews; undefined when it is used, expired, unknown, or of a disabled account. */
export async function openReset(
  q: Queries,
  secretHash: string,
  now: Instant,
): Promise<{ userId: string; name: string; email: string | null; role: Role } | undefined> {
  return q
    .for<AuthTables>()
    .selectFrom('auth_password_reset')
    .innerJoin('auth_user', 'auth_user.id', 'auth_password_reset.user_id')
    .select(['auth_user.id as userId', 'auth_user.name', 'auth_user.email', 'auth_user.role'])
    .where('auth_password_reset.secret_hash', '=', secretHash)
    .where('auth_password_reset.used_at', 'is', null)
    .where('auth_password_reset.expires_at', '>', now)
    .where('auth_user.disabled_at', 'is', null)
    .executeTakeFirst();
}

/** Uses the link up; false when somebody did before, or it is too late. */
export async function useUpReset(tx: Tx, secretHash: string, now: Instant): Promise<boolean> {
  const result = await tx
    .for<AuthTables>()
    .updateTable('auth_password_reset')
    .set({ used_at: now })
    .where('secret_hash', '=', secretHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Whoever has an old mail has nothing: all other links of this person end. */
export async function endResetsOf(tx: Tx, userId: string, now: Instant): Promise<void> {
  await tx
    .for<AuthTables>()
    .updateTable('auth_password_reset')
    .set({ used_at: now })
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .execute();
}

export async function deleteOldResets(tx: Tx, createdBefore: Instant): Promise<void> {
  await tx.for<AuthTables>().deleteFrom('auth_password_reset').where('created_at', '<', createdBefore).execute();
}
