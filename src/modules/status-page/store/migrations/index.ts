import type { Migration } from '../../../../platform/database/index.ts';
import { statusPageTables } from './0001-status-page.ts';
import { incidentChanges } from './0002-incident-changes.ts';
import { trouble } from './0003-trouble.ts';
import { catalogTables } from './0004-catalog.ts';
import { subscriptions } from './0005-subscriptions.ts';
import { staffMail } from './0006-staff-mail.ts';

export const migrations: readonly Migration[] = [
  statusPageTables,
  incidentChanges,
  trouble,
  catalogTables,
  subscriptions,
  staffMail,
];
