import { createHash } from 'node:crypto';
import type { AuditRow } from './store/schema.ts';

/** What the first entry has as the hash of the one before it. */
export const CHAIN_START = '0'.repeat(64);

/** The hash of an entry: over everything in it and the hash of the entry before, in one fixed order. */
export function entryHash(row: Omit<AuditRow, 'hash'>): string {
  const { position, at, actor, actor_id, action, subject, details, previous_hash } = row;
  return createHash('sha256')
    .update(JSON.stringify([previous_hash, position, at, actor, actor_id, action, subject, details]))
    .digest('hex');
}
