import { AppError, type ErrorCode } from '../../../core/index.ts';
import type { Language } from '../../i18n/index.ts';
import { type RefusalWords, refusalMessages } from './refusal-messages.ts';

/** An `AppError` that a form can repeat in the visitor's language, beside the field it is about. */
export class Refusal extends AppError {
  readonly field: string | null;
  readonly #words: (words: RefusalWords) => string;

  constructor(
    code: ErrorCode,
    words: (words: RefusalWords) => string,
    about: { field?: string; retryAfter?: number; cause?: unknown } = {},
  ) {
    const message = words(refusalMessages('en'));
    super(code, message, {
      fields: about.field === undefined ? [] : [{ pointer: `/${about.field}`, detail: message }],
      cause: about.cause,
      ...(about.retryAfter === undefined ? {} : { retryAfter: about.retryAfter }),
    });
    this.field = about.field ?? null;
    this.#words = words;
  }

  say(language: Language): string {
    return this.#words(refusalMessages(language));
  }
}

/** The input has a mistake in this field. */
export function mistake(field: string, words: (words: RefusalWords) => string): Refusal {
  return new Refusal('invalid', words, { field });
}

export function tooMany(retryAfter: number): Refusal {
  return new Refusal('limit', (words) => words.tooManyAttempts(Math.ceil(retryAfter / 60)), { retryAfter });
}
