import { mistake } from './refusal.ts';

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;
const EMAIL = /^[^\s@,;<>"()[\]\\:\p{Cc}]{1,64}@[^\s@,;<>"()[\]\\:\p{Cc}]{1,190}$/u;

/** What two names are compared by: "Alice", "ALICE" and full-width "Ａlice" are one. */
export function folded(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

/** The name as it is kept, or a refusal that says what a name is. */
export function userName(text: string): string {
  const name = text.normalize('NFKC').trim();
  if (NAME.test(name)) return name;
  throw mistake('name', (words) => words.badName);
}

/** The address as it is kept; null for an empty one. One address, no display name, nothing a mail header could read. */
export function emailAddress(text: string | undefined): string | null {
  const email = (text ?? '').normalize('NFC').trim();
  if (email === '') return null;
  if (EMAIL.test(email)) return email;
  throw mistake('email', (words) => words.badEmail);
}

/** What a token is called: one line, something to see. */
export function label(text: string): string {
  const name = text.normalize('NFC').trim();
  if (name !== '' && name.length <= 100 && !/\p{Cc}|\p{Cf}|\p{Cs}/u.test(name)) return name;
  throw mistake('name', (words) => words.badLabel);
}
