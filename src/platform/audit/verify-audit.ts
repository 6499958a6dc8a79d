import type { Queries } from '../database/index.ts';
import { CHAIN_START, entryHash } from './chain.ts';
import { entriesAfter } from './store/audit-read.ts';

/**
 * What walking the chain found. `head` is worth keeping elsewhere: entries cut off at the end, or a chain that was
 * written anew from some entry on, show only by comparing with a head noted before.
 */
export type AuditVerdict =
  | { intact: true; entries: number; head: string }
  | { intact: false; position: number; reason: 'missing' | 'unchained' | 'altered' };

const PAGE = 500;

/** Walks the whole log and stops at the first entry that is missing, altered or not chained to the one before. */
export async function verifyAudit(q: Queries): Promise<AuditVerdict> {
  let position = 0;
  let head = CHAIN_START;
  for (;;) {
    const rows = await entriesAfter(q, position, PAGE);
    for (const row of rows) {
      const expected = position + 1;
      if (row.position !== expected) return { intact: false, position: expected, reason: 'missing' };
      if (row.previous_hash !== head) return { intact: false, position: expected, reason: 'unchained' };
      if (entryHash(row) !== row.hash) return { intact: false, position: expected, reason: 'altered' };
      position = expected;
      head = row.hash;
    }
    if (rows.length < PAGE) return { intact: true, entries: position, head };
  }
}
