import { folded } from './names.ts';

export const SHORTEST_PASSWORD = 12;
/** In characters; more would only cost us time. */
export const LONGEST_PASSWORD = 500;

export type PasswordProblem = 'too_short' | 'too_long' | 'is_name' | 'too_common';

/**
 * What is tried first by those who guess: with anything but letters taken off, these words leave no secret behind.
 * Shorter ones are refused by their length already.
 */
const COMMON_WORDS = new Set([
  'abc',
  'abcdefghijkl',
  'abcdefghijklm',
  'abcdefghijklmnop',
  'administrator',
  'administratore',
  'amministratore',
  'asdfghjkl',
  'baseball',
  'benvenuto',
  'benvenuti',
  'buongiorno',
  'changeme',
  'changemenow',
  'changeit',
  'correcthorsebatterystaple',
  'default',
  'defaultpassword',
  'football',
  'forzanapoli',
  'francesca',
  'gitlab',
  'gitlabadmin',
  'guest',
  'iloveyou',
  'iloveyouiloveyou',
  'juventus',
  'letmein',
  'letmeinletmein',
  'letmeinplease',
  'master',
  'monkey',
  'mypassword',
  'passw',
  'passwd',
  'passwort',
  'passphrase',
  'password',
  'passwordpassword',
  'princess',
  'qazwsxedc',
  'qazwsxedcrfv',
  'qwerty',
  'qwertyqwerty',
  'qwertyuiop',
  'qwertyuiopasdf',
  'qwertyuiopasdfgh',
  'qwertyuiopasdfghjkl',
  'qwertzuiop',
  'root',
  'secret',
  'secretsecret',
  'segreto',
  'signalbox',
  'signalboxadmin',
  'sunshine',
  'supersecret',
  'superman',
  'test',
  'testtest',
  'testtesttest',
  'trustno',
  'user',
  'welcome',
  'welcomehome',
  'zxcvbnm',
]);

const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '@': 'a',
  $: 's',
};

/** What is wrong with a new password. No rule asks for kinds of characters: length is what helps. */
export function passwordProblem(
  password: string,
  user: { name: string; email: string | null },
): PasswordProblem | null {
  const plain = password.normalize('NFKC');
  const length = [...plain].length;
  if (length < SHORTEST_PASSWORD) return 'too_short';
  if (length > LONGEST_PASSWORD) return 'too_long';
  if (isOwnName(plain, user)) return 'is_name';
  return isCommon(plain) ? 'too_common' : null;
}

function isOwnName(password: string, { name, email }: { name: string; email: string | null }): boolean {
  const given = folded(password);
  const own = [name, email, email?.split('@')[0]].filter((text) => typeof text === 'string');
  return own.some((text) => {
    const mine = folded(text);
    const rest = given.split(mine).join('');
    return given.includes(mine) && !/\p{L}/u.test(rest) && mine.length >= 3;
  });
}

function isCommon(password: string): boolean {
  const lowered = folded(password);
  if (new Set(lowered).size <= 3) return true;
  if (isRun(lowered)) return true;
  // A password without letters is common only when its digits are, which the two lines above decide.
  if (!/\p{L}/u.test(lowered)) return false;
  const spelled = lowered
    .replace(/[^\p{L}]+$/u, '')
    .replace(/[01345@$]/g, (character) => LOOKALIKES[character] ?? character);
  return COMMON_WORDS.has(lettersOf(lowered)) || COMMON_WORDS.has(lettersOf(spelled));
}

function lettersOf(text: string): string {
  return text.replace(/[^\p{L}]/gu, '');
}

/** 1234567890, 98765…, abcdef…: each character the neighbour of the one before, nine and zero being neighbours too. */
function isRun(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  return [1, -1].some((step) =>
    codes.every((code, index) => {
      const before = codes[index - 1];
      if (before === undefined || code - before === step) return true;
      return step === 1 ? before === 57 && code === 48 : before === 48 && code === 57;
    }),
  );
}
