import type { Mistake, Origin } from './mistake.ts';

export type SyntaxCode =
  | 'bad_indent'
  | 'tab_indent'
  | 'second_document'
  | 'unclosed'
  | 'bad_alias'
  | 'bad_tag'
  /** Whatever else the parser does not understand. */
  | 'other';

type ValueCode = 'no_plain_key' | 'forbidden_key' | 'no_value' | 'alias_to_nothing' | 'alias_of_itself';

/** Why a text cannot be read as YAML. */
export type YamlReason =
  | { code: SyntaxCode | ValueCode }
  | { code: 'too_large'; megabytes: number }
  | { code: 'too_deep' | 'too_many_values'; most: number }
  /** `line`: of the first. */
  | { code: 'key_twice'; line: number };

/** Told in English, as all of the configuration; pages for other files say the reason in their visitor's language. */
export interface YamlMistake extends Mistake {
  reason: YamlReason;
}

export function yamlMistake(path: string, origin: Origin, reason: YamlReason): YamlMistake {
  const [problem, remedy] = wordsOf(reason);
  return { path, ...origin, problem, remedy, reason };
}

type Words = readonly [problem: string, remedy: string];

/** For somebody who does not know YAML's grammar. */
const PLAIN: Readonly<Record<SyntaxCode | ValueCode, Words>> = {
  bad_indent: [
    'the line does not begin where its neighbours do',
    'Indent the keys of one group by the same number of spaces.',
  ],
  tab_indent: ['the line is indented with a tab', 'YAML allows only spaces at the beginning of a line.'],
  second_document: ['a second document begins here ("---")', 'Keep everything in one document.'],
  unclosed: [
    'a quote, bracket or brace is not closed, or a colon or comma is missing',
    'Look at this line and the one before it.',
  ],
  bad_alias: ['an alias (*name) or anchor (&name) has no valid name', 'Put texts that begin with * or & in quotes.'],
  bad_tag: ['a tag ("!…") is not allowed here', 'Put texts that begin with ! in quotes.'],
  other: [
    'this is not valid YAML',
    'Write "key: value" with a space after the colon, and put texts with special characters in quotes.',
  ],
  no_plain_key: ['a key must be a plain word', 'Remove it.'],
  forbidden_key: ['this word cannot be a key', 'Choose another name.'],
  no_value: ['this kind of value is not allowed', 'Write a text, a number, true or false.'],
  alias_to_nothing: ['the alias points to nothing before it', 'Put texts that begin with * in quotes.'],
  alias_of_itself: ['the alias contains itself', 'Put texts that begin with * in quotes.'],
};

function wordsOf(reason: YamlReason): Words {
  switch (reason.code) {
    case 'too_large': {
      const problem = `the file is larger than ${reason.megabytes} MB`;
      return [problem, 'No file of this kind needs that much: is this the right file?'];
    }
    case 'too_deep':
      return ['the file is nested too deeply', `Use at most ${reason.most} levels.`];
    case 'too_many_values':
      return [`there are more than ${reason.most} values, aliases followed`, 'Write fewer aliases.'];
    case 'key_twice':
      return ['the key stands here a second time', `Remove one; the first is in line ${reason.line}.`];
    default:
      return PLAIN[reason.code];
  }
}
