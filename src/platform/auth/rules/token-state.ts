import type { Instant } from '../../../core/index.ts';

export type TokenState = 'active' | 'expired' | 'revoked';

export function tokenState(row: { revoked_at: Instant | null; expires_at: Instant | null }, now: Instant): TokenState {
  if (row.revoked_at !== null) return 'revoked';
  return row.expires_at === null || row.expires_at > now ? 'active' : 'expired';
}
