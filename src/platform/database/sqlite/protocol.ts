import type { SqliteFailure } from './sqlite-error.ts';

/** What the writer's thread is started with. */
export interface WriterSettings {
  path: string;
  busyTimeoutMs: number;
}

/** One statement for the writer, after the control statements that put it into its group and savepoint. */
export interface WriterRequest {
  id: number;
  control: readonly string[];
  sql: string | null;
  parameters: readonly unknown[];
  /** Nobody waits for what it answers: only its failure is sent back. */
  quiet: boolean;
}

export type WriterReply =
  | { id: number; rows: unknown[]; affected: number }
  /** `lost`: the whole group is rolled back, not only what this request asked for. */
  | { id: number; failure: SqliteFailure; lost: boolean };

/** Requests are executed in their order and answered together; an answer says that quiet ones before it went well. */
export type WriterMessage = { requests: readonly WriterRequest[] } | { close: true };
export type WriterEvent = { ready: true } | { refused: SqliteFailure } | { replies: readonly WriterReply[] };

export const BEGIN = 'BEGIN IMMEDIATE';
export const COMMIT = 'COMMIT';
export const ROLLBACK = 'ROLLBACK';
export const SAVE = 'SAVEPOINT unit';
/** Undoes the unit instead when one of its statements failed: nobody waits for the last ones. */
export const RELEASE = 'RELEASE unit';
export const UNDO = 'ROLLBACK TO unit';
