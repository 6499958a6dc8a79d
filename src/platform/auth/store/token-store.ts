import type { Instant } from '../../../core/index.ts';
import { type Queries, statement, type Tx } from '../../database/index.ts';
import type { AuthTables, TokenRow } from './schema.ts';

const COLUMNS = [
  'id',
  'prefix',
  'secret_hash',
  'name',
  'scopes',
  'created_at',
  'created_by',
  'expires_at',
  'last_used_at',
  'revoked_at',
] as const;

const byPrefix = statement(['prefix'], (q, { prefix }: Pick<TokenRow, 'prefix'>) =>
  q.for<AuthTables>().selectFrom('auth_token').select(COLUMNS).where('prefix', '=', prefix),
);

export async function tokenByPrefix(q: Queries, prefix: string): Promise<TokenRow | undefined> {
  const { rows } = await q.for<AuthTables>().executeQuery(byPrefix(q, { prefix }));
  return rows[0];
}

export async function tokenById(q: Queries, id: string): Promise<TokenRow | undefined> {
  return q.for<AuthTables>().selectFrom('auth_token').select(COLUMNS).where('id', '=', id).executeTakeFirst();
}

/** All tokens, the newest first; revoked ones stay so that one can see what there was. */
export async function listTokens(q: Queries): Promise<TokenRow[]> {
  return q
    .for<AuthTables>()
    .selectFrom('auth_token')
    .select(COLUMNS)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

export async function insertToken(tx: Tx, row: TokenRow): Promise<void> {
  await tx.for<AuthTables>().insertInto('auth_token').values(row).execute();
}

/** Says whether it was not revoked before. */
export async function markRevoked(tx: Tx, id: string, at: Instant): Promise<boolean> {
  const result = await tx
    .for<AuthTables>()
    .updateTable('auth_token')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function touchToken(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx
    .for<AuthTables>()
    .updateTable('auth_token')
    .set({ last_used_at: at })
    .where('id', '=', id)
    .where((or) => or.or([or('last_used_at', 'is', null), or('last_used_at', '<', at)]))
    .execute();
}
