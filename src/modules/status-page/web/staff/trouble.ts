import { AppError } from '../../../../core/index.ts';
import type { FormAnswer, Page } from '../../../../platform/http/index.ts';
import type { Language } from '../../../../platform/i18n/index.ts';
import { IncidentOutdated } from '../../actions/incident-outdated.ts';
import { Obstacle } from '../../actions/obstacle.ts';
import { Refusal } from '../../actions/refusal.ts';
import { RuleRefusal } from '../../domain/recurrence-rule.ts';
import { mistakeMessages, mistakeSentence } from '../../mistake-messages.ts';
import { formMessages } from './form-messages.ts';
import { ruleSentence } from './rule-messages.ts';
import { seriesMessages } from './series-messages.ts';

/** Why a form comes back, in the visitor's language. */
export interface Trouble {
  status: number;
  /** Sentences by the name of the field that they are about. */
  fields: ReadonlyMap<string, string>;
  /** What belongs to no field. */
  above: readonly string[];
  /** Somebody else was first. */
  outdated: IncidentOutdated | null;
}

export const NO_TROUBLE: Trouble = { status: 200, fields: new Map(), above: [], outdated: null };

/**
 * Does what a form asks for. When that is refused, the form is answered again with everything typed and the reasons;
 * who may not come here at all, or asks for what is not there, gets the page for that.
 */
export async function orAgain(
  language: Language,
  work: () => Promise<FormAnswer>,
  again: (trouble: Trouble) => Promise<Page>,
): Promise<FormAnswer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'unauthenticated' || error.code === 'not_found') throw error;
    const trouble = troubleOf(error, language);
    return { ...(await again(trouble)), status: trouble.status };
  }
}

const STATUS: Readonly<Partial<Record<AppError['code'], number>>> = {
  forbidden: 403,
  conflict: 409,
  limit: 429,
  unavailable: 503,
};

function troubleOf(error: AppError, language: Language): Trouble {
  const status = STATUS[error.code] ?? 422;
  const fields = fieldsOf(error, language);
  if (error instanceof IncidentOutdated) return { status, fields, above: [], outdated: error };
  return { status, fields, above: fields.size > 0 ? [] : [sentenceOf(error, language)], outdated: null };
}

function fieldsOf(error: AppError, language: Language): Map<string, string> {
  const words = formMessages(language);
  const said = mistakeMessages(language);
  const fields = new Map<string, string>();
  const add = (field: string, sentence: string) => {
    const before = fields.get(field);
    if (before === undefined) fields.set(field, sentence);
    else if (!before.includes(sentence)) fields.set(field, `${before} ${sentence}`);
  };
  if (error instanceof Refusal) {
    for (const mistake of error.mistakes) add(mistake.field, mistakeSentence(said, mistake));
    for (const { pointer } of error.unreadable) add(fieldOf(pointer), words.wrong(fieldOf(pointer)));
    return fields;
  }
  if (error instanceof RuleRefusal) {
    add('rule', seriesMessages(language).ruleWrong(ruleSentence(language, error.mistake)));
    return fields;
  }
  for (const { pointer } of error.fields) add(fieldOf(pointer), words.wrong(fieldOf(pointer)));
  return fields;
}

function fieldOf(pointer: string): string {
  return pointer.split('/')[1] ?? '';
}

function sentenceOf(error: AppError, language: Language): string {
  const words = formMessages(language);
  if (error instanceof Obstacle) return [words.obstacle(error.reason), error.about].filter(Boolean).join(' ');
  if (error.code === 'forbidden') return words.forbidden;
  if (error.code === 'conflict') return words.conflict;
  return error.code === 'invalid' ? words.wrong('') : words.unavailable;
}
