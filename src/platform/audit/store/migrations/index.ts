import type { Migration } from '../../../database/index.ts';
import { migration as audit } from './0001-audit.ts';

export const AUDIT_MIGRATIONS: readonly Migration[] = [audit];
