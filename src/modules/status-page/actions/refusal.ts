import { AppError } from '../../../core/index.ts';
import type { Mistake } from '../domain/mistake.ts';
import { mistakeMessages, mistakeSentence } from '../mistake-messages.ts';

/** An input against the rules; a form says it in the visitor's language by `mistakes` and `mistakeMessages`. */
export class Refusal extends AppError {
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    const words = mistakeMessages('en');
    const fields = mistakes.map((mistake) => ({
      pointer: `/${mistake.field}`,
      detail: mistakeSentence(words, mistake),
    }));
    super('invalid', fields.map(({ pointer, detail }) => `${pointer.slice(1)}: ${detail}`).join(' '), { fields });
    this.mistakes = mistakes;
  }
}

export function refuse(...mistakes: readonly Mistake[]): never {
  throw new Refusal(mistakes);
}
