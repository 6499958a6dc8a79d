import type { Tx } from '../../database/index.ts';
import type { AuditRow, AuditTables } from './schema.ts';

export async function lastLink(tx: Tx): Promise<{ position: number; hash: string } | undefined> {
  return tx
    .for<AuditTables>()
    .selectFrom('audit_entry')
    .select(['position', 'hash'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export function insertEntry(tx: Tx, row: AuditRow): void {
  tx.send(tx.for<AuditTables>().insertInto('audit_entry').values(row));
}
