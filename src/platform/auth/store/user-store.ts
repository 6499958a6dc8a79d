import type { Instant, Role } from '../../../core/index.ts';
import { isUniqueViolation, type Tx } from '../../database/index.ts';
import { Refusal } from '../rules/refusal.ts';
import type { AuthTables, UserRow } from './schema.ts';

export async function insertUser(tx: Tx, row: UserRow): Promise<void> {
  try {
    await tx.for<AuthTables>().insertInto('auth_user').values(row).execute();
  } catch (cause) {
    if (!isUniqueViolation(cause)) throw cause;
    throw new Refusal('conflict', (words) => words.nameTaken, { cause });
  }
}

/** Sets a password; with `ifHash` only if nobody set another one meanwhile. Says whether it did. */
export async function setPassword(
  tx: Tx,
  id: string,
  change: { hash: string; mustChange: boolean; at: Instant; ifHash?: string | undefined },
): Promise<boolean> {
  let query = tx
    .for<AuthTables>()
    .updateTable('auth_user')
    .set({ password_hash: change.hash, must_change: change.mustChange ? 1 : 0, password_changed_at: change.at })
    .where('id', '=', id);
  if (change.ifHash !== undefined) query = query.where('password_hash', '=', change.ifHash);
  return (await query.executeTakeFirst()).numUpdatedRows === 1n;
}

/** The same password under newer parameters: nothing a person would notice. */
export async function renewHash(tx: Tx, id: string, change: { from: string; to: string }): Promise<void> {
  await tx
    .for<AuthTables>()
    .updateTable('auth_user')
    .set({ password_hash: change.to })
    .where('id', '=', id)
    .where('password_hash', '=', change.from)
    .execute();
}

/** Moves from one role to another; false when the account had another role by then. */
export async function moveRole(tx: Tx, id: string, move: { from: Role; to: Role }): Promise<boolean> {
  const result = await tx
    .for<AuthTables>()
    .updateTable('auth_user')
    .set({ role: move.to })
    .where('id', '=', id)
    .where('role', '=', move.from)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Says whether it changed anything. */
export async function setDisabled(tx: Tx, id: string, at: Instant | null): Promise<boolean> {
  const result = await tx
    .for<AuthTables>()
    .updateTable('auth_user')
    .set({ disabled_at: at })
    .where('id', '=', id)
    .where('disabled_at', at === null ? 'is not' : 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function setEmail(
  tx: Tx,
  id: string,
  change: { email: string | null; folded: string | null },
): Promise<void> {
  const { email, folded: email_folded } = change;
  try {
    await tx.for<AuthTables>().updateTable('auth_user').set({ email, email_folded }).where('id', '=', id).execute();
  } catch (cause) {
    if (!isUniqueViolation(cause)) throw cause;
    throw new Refusal('conflict', (words) => words.emailTaken, { field: 'email', cause });
  }
}
