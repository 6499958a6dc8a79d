import type { Instant, Level } from '../../core/index.ts';
import type { Language } from '../i18n/index.ts';

export type MessageType =
  | 'incident.opened'
  | 'incident.updated'
  | 'incident.resolved'
  | 'maintenance.scheduled'
  | 'maintenance.started'
  | 'maintenance.updated'
  | 'maintenance.ended'
  | 'maintenance.cancelled'
  | 'info.published'
  | 'info.updated'
  | 'info.ended'
  | 'component.status_changed'
  | 'subscription.digest'
  | 'subscription.confirm'
  | 'subscription.disabled'
  | 'subscription.test'
  | 'staff.maintenance';

export interface Fact {
  name: string;
  value: string;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What is to be told, for every channel. Nothing in it is escaped: each channel does that for itself. */
export interface Message {
  type: MessageType;
  /** Of the texts in it, and of the words that channels add. */
  language: Language;
  /** How bad it is, for colours; null where that is no question. */
  level: Level | null;
  /** The same, or the state of an incident, in words: "Major outage". Empty: nothing to say. */
  impact: string;
  /** What stands in brackets before the subject of a mail; the name of this installation if absent. */
  label?: string | undefined;
  /** The same for all messages of one thread, so that readers see one conversation. */
  title: string;
  /** Plain, or Markdown as people type it. */
  text: string;
  /** The page it is about; absolute. */
  url: string;
  facts: readonly Fact[];
  /** When it happened. */
  at: Instant;
  /** What programs get. */
  data: { readonly [key: string]: Json };
  /** What several messages are about: the incident's id. Null: this one stands alone. */
  thread: string | null;
  /** One click and one POST to it end the subscription; absolute. */
  unsubscribeUrl?: string | undefined;
}
