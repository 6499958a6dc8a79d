import type { Migration } from '../../../../platform/database/index.ts';
import { facilityTables } from './0001-facility.ts';

export const migrations: readonly Migration[] = [facilityTables];
