import type { EventType, JournalEvent } from '../../core/index.ts';
import type { Tx } from '../database/index.ts';
import type { Subscription } from './journal.ts';

/** Binds a handler to a type of event, so that it gets that type's payload. */
export function on<P>(type: EventType<P>, handle: (event: JournalEvent<P>, tx: Tx) => Promise<void>): Subscription {
  return {
    type: type.name,
    together: false,
    async handle(events, tx) {
      for (const event of events as readonly JournalEvent<P>[]) await handle(event, tx);
    },
  };
}

/** The same for a handler that takes neighbours of one type together, where that costs little more than one. */
export function onAll<P>(
  type: EventType<P>,
  handle: (events: readonly JournalEvent<P>[], tx: Tx) => Promise<void>,
): Subscription {
  // The journal hands an event only to subscriptions of its type, and `publish` wrote the payload by that type.
  return { type: type.name, together: true, handle: (events, tx) => handle(events as readonly JournalEvent<P>[], tx) };
}
