import { integer, nullable, type TablesOf, text } from '../../database/index.ts';

export const AUDIT_TABLES = {
  audit_entry: {
    /** 1, 2, 3 … without gaps: a missing row is found by its number. */
    position: integer(),
    at: text(),
    actor: text(),
    actor_id: nullable(text()),
    action: text(),
    subject: text(),
    /** JSON object. */
    details: text(),
    previous_hash: text(),
    hash: text(),
  },
} as const;

export type AuditTables = TablesOf<typeof AUDIT_TABLES>;
export type AuditRow = AuditTables['audit_entry'];
