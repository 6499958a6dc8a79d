import type { Migration } from '../../../../platform/database/index.ts';
import { facilityTables } from './0001-facility.ts';
import { openEvents } from './0002-open-events.ts';

export const migrations: readonly Migration[] = [facilityTables, openEvents];
