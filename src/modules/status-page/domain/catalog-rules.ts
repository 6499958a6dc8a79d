import { KEY_NAME, slugOf } from './component-slug.ts';

/** How long things of the catalogue may be; those of attributes are the predecessor's columns. */
export const LIMITS = {
  components: 5000,
  regions: 100,
  name: 200,
  attributes: 30,
  attributeName: 30,
  attributeValue: 50,
  description: 2000,
  docsUrl: 500,
  label: 100,
  dependencies: 100,
} as const;

/** What is wrong with a text; null: nothing. The words stand in the messages of this module. */
export type Complaint =
  | { code: 'empty' | 'several_lines' | 'unshowable' | 'no_url' }
  | { code: 'too_long'; length: number; most: number }
  /** `slug`: the key that it could be; empty: none. */
  | { code: 'no_key'; slug: string }
  | null;
export type ComplaintCode = NonNullable<Complaint>['code'];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const BREAK = /[\u0000-\u001f]/;

/** One line, not empty, of at most so many characters. */
export function lineComplaint(text: string, most: number): Complaint {
  if (text.trim() === '') return { code: 'empty' };
  if (BREAK.test(text)) return { code: 'several_lines' };
  return textComplaint(text, most);
}

/** Several lines are fine. */
export function textComplaint(text: string, most: number): Complaint {
  if (CONTROL.test(text) || !text.isWellFormed()) return { code: 'unshowable' };
  const length = [...text].length;
  return length <= most ? null : { code: 'too_long', length, most };
}

export function keyComplaint(text: string): Complaint {
  return KEY_NAME.test(text) ? null : { code: 'no_key', slug: slugOf(text) };
}

export function urlComplaint(text: string): Complaint {
  const url = /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '') return { code: 'no_url' };
  return textComplaint(text, LIMITS.docsUrl);
}
