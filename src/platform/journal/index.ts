export type { ConsumerOptions, DeadLetter, Journal, Subscription } from './journal.ts';
