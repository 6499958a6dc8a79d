import type { Instant, Role } from '../../../core/index.ts';
import { isUniqueViolation, type Queries, type Tx } from '../../database/index.ts';
import { folded } from '../rules/names.ts';
import type { AuthTables, UserRow } from './schema.ts';

/** Who somebody is at a provider: nothing else of what it says stays the same for ever. */
export interface Identity {
  issuer: string;
  subject: string;
}

export async function userByIdentity(
  q: Queries,
  { issuer, subject }: Identity,
): Promise<Pick<UserRow, 'id' | 'name' | 'role' | 'disabled_at'> | undefined> {
  return q
    .for<AuthTables>()
    .selectFrom('auth_user')
    .select(['id', 'name', 'role', 'disabled_at'])
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
}

export async function isNameTaken(q: Queries, name: string, exceptId: string): Promise<boolean> {
  const query = q.for<AuthTables>().selectFrom('auth_user').select('id');
  const row = await query.where('name_folded', '=', folded(name)).where('id', '!=', exceptId).executeTakeFirst();
  return row !== undefined;
}

/** Takes over how the provider calls the person today, and what it lets them do. */
export async function updateFromProvider(tx: Tx, id: string, now: { name: string; role: Role }): Promise<void> {
  await tx
    .for<AuthTables>()
    .updateTable('auth_user')
    .set({ name: now.name, name_folded: folded(now.name), role: now.role })
    .where('id', '=', id)
    .execute();
}

/** Notes that a sign-in was completed with this state; false when one was before. */
export async function useUpState(tx: Tx, stateHash: string, at: Instant): Promise<boolean> {
  try {
    await tx.for<AuthTables>().insertInto('auth_used_state').values({ state_hash: stateHash, used_at: at }).execute();
    return true;
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}

/** Forgets states whose cookies are too old to be taken anyway. */
export async function deleteOldStates(tx: Tx, before: Instant): Promise<void> {
  await tx.for<AuthTables>().deleteFrom('auth_used_state').where('used_at', '<', before).execute();
}
