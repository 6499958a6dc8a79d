import type { Queries } from '../../database/index.ts';
import { folded } from '../rules/names.ts';
import type { AuthTables, UserRow } from './schema.ts';

const COLUMNS = [
  'id',
  'name',
  'name_folded',
  'email',
  'email_folded',
  'role',
  'password_hash',
  'must_change',
  'disabled_at',
  'created_at',
  'password_changed_at',
  'issuer',
  'subject',
] as const;

export async function userById(q: Queries, id: string): Promise<UserRow | undefined> {
  return q.for<AuthTables>().selectFrom('auth_user').select(COLUMNS).where('id', '=', id).executeTakeFirst();
}

/** The id behind a name, in whatever case it was typed. */
export async function findUserId(q: Queries, name: string): Promise<string | undefined> {
  const query = q.for<AuthTables>().selectFrom('auth_user').select('id').where('name_folded', '=', folded(name));
  return (await query.executeTakeFirst())?.id;
}

/** By name or by e-mail address; a name cannot look like an address, so at most one fits. */
export async function userByLogin(q: Queries, folded: string): Promise<UserRow | undefined> {
  return q
    .for<AuthTables>()
    .selectFrom('auth_user')
    .select(COLUMNS)
    .where((or) => or.or([or('name_folded', '=', folded), or('email_folded', '=', folded)]))
    .executeTakeFirst();
}

export async function userByEmail(q: Queries, folded: string): Promise<UserRow | undefined> {
  return q
    .for<AuthTables>()
    .selectFrom('auth_user')
    .select(COLUMNS)
    .where('email_folded', '=', folded)
    .executeTakeFirst();
}

export async function hasUsers(q: Queries): Promise<boolean> {
  return (await q.for<AuthTables>().selectFrom('auth_user').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** What the list of accounts shows; no hash. */
export interface UserListRow {
  id: string;
  name: string;
  email: string | null;
  role: UserRow['role'];
  must_change: 0 | 1;
  disabled_at: string | null;
  created_at: string;
  /** The OpenID Connect provider it comes from; null for one with a password. */
  issuer: string | null;
  /** When a session of theirs was used last; null when none is open. */
  last_seen_at: string | null;
}

export async function listUsers(q: Queries): Promise<UserListRow[]> {
  return q
    .for<AuthTables>()
    .selectFrom('auth_user')
    .leftJoin('auth_session', 'auth_session.user_id', 'auth_user.id')
    .select((column) => [
      'auth_user.id',
      'auth_user.name',
      'auth_user.email',
      'auth_user.role',
      'auth_user.must_change',
      'auth_user.disabled_at',
      'auth_user.created_at',
      'auth_user.issuer',
      column.fn.max('auth_session.last_seen_at').as('last_seen_at'),
    ])
    .groupBy([
      'auth_user.id',
      'auth_user.name',
      'auth_user.name_folded',
      'auth_user.email',
      'auth_user.role',
      'auth_user.must_change',
      'auth_user.disabled_at',
      'auth_user.created_at',
      'auth_user.issuer',
    ])
    .orderBy('auth_user.name_folded')
    .execute();
}

/** How many may still administrate with a password kept here: a provider may fail or change its mind. */
export async function activeAdministrators(q: Queries): Promise<number> {
  const row = await q
    .for<AuthTables>()
    .selectFrom('auth_user')
    .select((column) => column.fn.countAll<number>().as('count'))
    .where('role', '=', 'admin')
    .where('issuer', 'is', null)
    .where('disabled_at', 'is', null)
    .executeTakeFirstOrThrow();
  return row.count;
}
