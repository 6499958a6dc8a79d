/** What a statement was refused for, in words both engines share. */
export type Violation = 'unique' | 'foreign_key' | 'not_null' | 'check' | 'type' | 'other';

/** A statement the database refused. What makes the database itself unusable is an `AppError('unavailable')` instead. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly violation: Violation;
  /** The statement with its placeholders; never a value. */
  readonly sql: string;
  /** The engine's own code: extended result code or SQLSTATE. */
  readonly engineCode: string;

  constructor(message: string, details: { violation: Violation; sql: string; engineCode: string; cause?: unknown }) {
    super(message, { cause: details.cause });
    this.violation = details.violation;
    this.sql = details.sql;
    this.engineCode = details.engineCode;
  }
}

/** For the store that turns "somebody was first" into a conflict. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof DatabaseError && error.violation === 'unique';
}
