import type { Instant } from './clock.ts';

/** The name and payload type of a kind of event. The name starts with the area that publishes it. */
export interface EventType<P> {
  readonly name: string;
  /** Never present at run time; it carries the payload's type. */
  readonly payload?: P;
}

export function eventType<P>(name: string): EventType<P> {
  return { name };
}

/** A fact in the journal. Events with one `key` (mostly a component key) are delivered in order. */
export interface JournalEvent<P = unknown> {
  /** UUID; the same at every delivery, so that a consumer can recognise a repetition. */
  id: string;
  /** Opaque, ascending place in the journal; what `Last-Event-ID` carries. */
  cursor: string;
  type: string;
  key: string;
  at: Instant;
  payload: P;
}
