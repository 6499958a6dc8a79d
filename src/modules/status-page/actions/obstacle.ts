import { AppError, type ErrorCode } from '../../../core/index.ts';

/** What stands in the way although the input itself is sound. */
export type ObstacleReason =
  | 'foreign'
  | 'reviewed'
  | 'waits'
  | 'not_incident'
  | 'ended'
  | 'elsewhere'
  | 'not_ended'
  | 'not_waiting'
  | 'cancelled'
  | 'note_of_program'
  | 'series_ended'
  | 'series_outdated';

/** An error that a page says in the visitor's language by its reason; `about` is what the sentence names. */
export class Obstacle extends AppError {
  readonly reason: ObstacleReason;
  readonly about: string;

  constructor(code: ErrorCode, reason: ObstacleReason, message: string, about = '') {
    super(code, message);
    this.reason = reason;
    this.about = about;
  }
}
