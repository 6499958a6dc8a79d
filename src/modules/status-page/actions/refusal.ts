import { AppError, type FieldError } from '../../../core/index.ts';
import type { Mistake } from '../domain/mistake.ts';
import { mistakeMessages, mistakeSentence } from '../mistake-messages.ts';
import { detailOf, givenText } from './parse-input.ts';

/** More help nobody; a body may name a hundred thousand. */
export const MOST_FIELDS = 100;

/** What else is wrong with an input, and the input itself, of which programs are told the values that are wrong. */
interface Beside {
  fields: readonly FieldError[];
  input: unknown;
}

/** An input against the rules; a form says it in the visitor's language by `mistakes` and `mistakeMessages`. */
export class Refusal extends AppError {
  readonly mistakes: readonly Mistake[];
  /** What the schema says beside them. */
  readonly unreadable: readonly FieldError[];

  constructor(mistakes: readonly Mistake[], { fields: unreadable, input }: Beside = { fields: [], input: null }) {
    const words = mistakeMessages('en');
    const values = Object(input) as Record<string, unknown>;
    const ruled = mistakes.map((mistake) => {
      const value = mistake.about === undefined ? givenText(values[mistake.field]) : '';
      return { pointer: `/${mistake.field}`, detail: `${mistakeSentence(words, mistake)}${value}` };
    });
    const fields = [...unreadable, ...ruled];
    super('invalid', detailOf(fields), { fields: fields.slice(0, MOST_FIELDS) });
    this.mistakes = mistakes;
    this.unreadable = unreadable;
  }
}

export function refuse(...mistakes: readonly Mistake[]): never {
  throw new Refusal(mistakes);
}
