import type { Actor } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { Incident } from '../domain/incident.ts';
import type { MaintenanceNews, Step } from '../domain/maintenance-news.ts';
import type { Subscription } from '../domain/subscription.ts';

/** A version of an incident that was just written, and who wrote it. */
export type WrittenStep = Omit<Step, 'by'> & { by: Actor };

/** Mails staff what they have to know of a change, in the transaction of that change. */
export type TellStaff = (tx: Tx, step: WrittenStep) => Promise<void>;

/** What one mail says. */
export interface StaffNews {
  news: MaintenanceNews;
  language: Subscription['language'];
  incident: Pick<Incident, 'id' | 'title' | 'start' | 'end'>;
  /** null: the program itself. */
  by: string | null;
  /** What its author wrote, or whoever decided; Markdown. */
  text: string | null;
  isReviewer: boolean;
}
