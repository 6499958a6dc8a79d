import type { Instant, UpstreamError } from '../../core/index.ts';
import type { AddressProblem } from '../egress/index.ts';
import type { Language } from '../i18n/index.ts';
import type { Message } from './message.ts';

/** One message on its way to one target. */
export interface Delivery {
  /** The same at every attempt, so that a message that arrives twice is known to be one. No dots. */
  id: string;
  /** 1 at the first. */
  attempt: number;
  /** When this attempt is made. */
  at: Instant;
  /** When the delivery was put on its way. */
  createdAt: Instant;
  signal?: AbortSignal | undefined;
}

export interface Form {
  /** Name of the field in which the target was typed. */
  field: string;
  language: Language;
}

/**
 * Whose fault a failure is. `target`: its owner has to do something, and when nothing helps it is disabled and told.
 * `message`: this one is refused, the next may pass. `ours`: our own settings or servers; no target suffers for it.
 */
export type Fault = 'target' | 'message' | 'ours';

/** A way to reach somebody. It keeps nothing: outbox, attempts and states are its caller's. */
export interface Channel<Target> {
  readonly kind: ChannelKind;
  /** What is wrong with a target that somebody typed; null: nothing that can be told without sending. */
  check(target: Target, form: Form): AddressProblem | null;
  /** Resolves when the other side has taken the message; throws an UpstreamError when it has not. */
  send(message: Message, target: Target, delivery: Delivery): Promise<void>;
  faultOf(failure: UpstreamError): Fault;
}

export type ChannelKind = 'email' | 'webhook' | 'slack' | 'teams';
