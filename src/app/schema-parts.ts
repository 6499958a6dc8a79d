import { auditSchema } from '../platform/audit/index.ts';
import { authSchema } from '../platform/auth/index.ts';
import type { SchemaPart } from '../platform/database/index.ts';
import { jobsSchema } from '../platform/jobs/index.ts';
import { journalSchema } from '../platform/journal/index.ts';
import { modules } from './modules.ts';

/** Everything that keeps tables, in the order in which it is migrated. */
export function schemaParts(): SchemaPart[] {
  return [journalSchema, jobsSchema, auditSchema, authSchema, ...modules];
}
