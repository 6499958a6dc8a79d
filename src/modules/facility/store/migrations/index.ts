import type { Migration } from '../../../../platform/database/index.ts';
import { facilityTables } from './0001-facility.ts';
import { openEvents } from './0002-open-events.ts';
import { dueDates } from './0003-due-dates.ts';

export const migrations: readonly Migration[] = [facilityTables, openEvents, dueDates];
