import { AUDIT_MIGRATIONS } from './store/migrations/index.ts';
import { AUDIT_TABLES } from './store/schema.ts';

export { type AuditDetails, type AuditEntry, emitAudit } from './emit-audit.ts';
export { type AuditFilter, auditEntries } from './store/audit-read.ts';
export type { AuditRow } from './store/schema.ts';
export { type AuditVerdict, verifyAudit } from './verify-audit.ts';

/** What the audit log keeps in the database. */
export const auditSchema = { name: 'audit', tables: AUDIT_TABLES, migrations: AUDIT_MIGRATIONS } as const;
