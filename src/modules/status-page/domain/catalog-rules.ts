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

/** What is wrong with a text and what to do about it; null: nothing. Pages say the code in their own words. */
export type Complaint = { code: ComplaintCode; most?: number; problem: string; remedy: string } | null;
export type ComplaintCode = 'empty' | 'several_lines' | 'unshowable' | 'too_long' | 'no_key' | 'no_url';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const BREAK = /[\u0000-\u001f]/;

/** One line, not empty, of at most so many characters. */
export function lineComplaint(text: string, most: number): Complaint {
  if (text.trim() === '') return { code: 'empty', problem: 'is empty', remedy: 'Write a text, or remove the key.' };
  if (BREAK.test(text))
    return {
      code: 'several_lines',
      problem: 'has a line break or a control character in it',
      remedy: 'Keep it on one line.',
    };
  return textComplaint(text, most);
}

/** Several lines are fine. */
export function textComplaint(text: string, most: number): Complaint {
  if (CONTROL.test(text) || !text.isWellFormed()) {
    return {
      code: 'unshowable',
      problem: 'has characters in it that cannot be shown',
      remedy: 'Remove control characters.',
    };
  }
  const length = [...text].length;
  if (length <= most) return null;
  return { code: 'too_long', most, problem: `has ${length} characters`, remedy: `Use at most ${most}.` };
}

export function keyComplaint(text: string): Complaint {
  if (KEY_NAME.test(text)) return null;
  const slug = slugOf(text);
  return {
    code: 'no_key',
    problem: 'is not a key: a-z, 0-9, ".", "_" and "-", beginning with a letter or a digit, at most 100 characters',
    remedy: slug === '' ? 'Write one such as obs-reg1.' : `Write ${slug}.`,
  };
}

export function urlComplaint(text: string): Complaint {
  const url = /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '') {
    return {
      code: 'no_url',
      problem: 'is not a web address',
      remedy: 'Write one such as https://docs.example.org/obs.',
    };
  }
  return textComplaint(text, LIMITS.docsUrl);
}
