export { createJournal, type JournalParts, type OperatedJournal } from './create-journal.ts';
export type { ConsumerOptions, DeadLetter, Journal, Subscription } from './journal.ts';
export { on, onAll } from './on.ts';
export { journalSchema } from './schema.ts';
