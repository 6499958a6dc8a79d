import type { Migration } from '../../../../platform/database/index.ts';
import { statusPageTables } from './0001-status-page.ts';

export const migrations: readonly Migration[] = [statusPageTables];
