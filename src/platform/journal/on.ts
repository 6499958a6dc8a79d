import type { EventType, JournalEvent } from '../../core/index.ts';
import type { Tx } from '../database/index.ts';
import type { Subscription } from './journal.ts';

/** Binds a handler to a type of event, so that it gets that type's payload. */
export function on<P>(type: EventType<P>, handle: (event: JournalEvent<P>, tx: Tx) => Promise<void>): Subscription {
  // The journal hands an event only to subscriptions of its type, and `publish` wrote the payload by that type.
  return { type: type.name, handle: (event, tx) => handle(event as JournalEvent<P>, tx) };
}
