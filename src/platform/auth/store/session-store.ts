import type { Instant, Role } from '../../../core/index.ts';
import type { Queries, Tx } from '../../database/index.ts';
import type { AuthTables, SessionRow } from './schema.ts';

/** A session with the person it stands for, in one read. */
export interface LiveSession {
  id: string;
  created_at: Instant;
  last_seen_at: Instant;
  expires_at: Instant;
  user_id: string;
  name: string;
  role: Role;
  must_change: 0 | 1;
  provider: string | null;
  issuer: string | null;
}

/** The session of a cookie, unless its account is disabled. Whether it is too old is the caller's to say. */
export async function sessionBySecret(q: Queries, secretHash: string): Promise<LiveSession | undefined> {
  return q
    .for<AuthTables>()
    .selectFrom('auth_session')
    .innerJoin('auth_user', 'auth_user.id', 'auth_session.user_id')
    .select([
      'auth_session.id',
      'auth_session.created_at',
      'auth_session.last_seen_at',
      'auth_session.expires_at',
      'auth_session.user_id',
      'auth_user.name',
      'auth_user.role',
      'auth_user.must_change',
      'auth_session.provider',
      'auth_user.issuer',
    ])
    .where('auth_session.secret_hash', '=', secretHash)
    .where('auth_user.disabled_at', 'is', null)
    .executeTakeFirst();
}

export async function insertSession(tx: Tx, row: SessionRow): Promise<void> {
  await tx.for<AuthTables>().insertInto('auth_session').values(row).execute();
}

/** Notes that the session is in use, unless somebody noted a later time. */
export async function touchSession(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx
    .for<AuthTables>()
    .updateTable('auth_session')
    .set({ last_seen_at: at })
    .where('id', '=', id)
    .where('last_seen_at', '<', at)
    .execute();
}

/** What is needed to sign out where the session came from. */
export async function sessionOrigin(
  q: Queries,
  secretHash: string,
): Promise<Pick<SessionRow, 'provider' | 'id_token'> | undefined> {
  return q
    .for<AuthTables>()
    .selectFrom('auth_session')
    .select(['provider', 'id_token'])
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst();
}

export async function deleteSessionBySecret(tx: Tx, secretHash: string): Promise<boolean> {
  const result = await tx
    .for<AuthTables>()
    .deleteFrom('auth_session')
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Ends one session of this person; false when it is not theirs or gone. */
export async function deleteSession(tx: Tx, userId: string, id: string): Promise<boolean> {
  const result = await tx
    .for<AuthTables>()
    .deleteFrom('auth_session')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Ends all sessions of this person, but for the one with `exceptSecret`. Says how many. */
export async function deleteSessionsOf(tx: Tx, userId: string, exceptSecret?: string): Promise<number> {
  let query = tx.for<AuthTables>().deleteFrom('auth_session').where('user_id', '=', userId);
  if (exceptSecret !== undefined) query = query.where('secret_hash', '!=', exceptSecret);
  return Number((await query.executeTakeFirst()).numDeletedRows);
}

/** Removes what nobody can use any more. */
export async function deleteOldSessions(tx: Tx, limits: { now: Instant; idleSince: Instant }): Promise<void> {
  await tx
    .for<AuthTables>()
    .deleteFrom('auth_session')
    .where((or) => or.or([or('expires_at', '<=', limits.now), or('last_seen_at', '<=', limits.idleSince)]))
    .execute();
}

export type OwnSession = Omit<SessionRow, 'id_token'>;

/** What a person sees of their own sessions, the newest first. */
export async function sessionsOf(
  q: Queries,
  userId: string,
  limits: { now: Instant; idleSince: Instant },
): Promise<OwnSession[]> {
  return q
    .for<AuthTables>()
    .selectFrom('auth_session')
    .select([
      'id',
      'secret_hash',
      'user_id',
      'address',
      'agent',
      'created_at',
      'last_seen_at',
      'expires_at',
      'provider',
    ])
    .where('user_id', '=', userId)
    .where('expires_at', '>', limits.now)
    .where('last_seen_at', '>', limits.idleSince)
    .orderBy('created_at', 'desc')
    .execute();
}
