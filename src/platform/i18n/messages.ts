import type { Language } from './language.ts';

/** A text, or a function that makes one from its arguments (counts, names). Its result is text, never markup. */
type Message = string | ((...values: never[]) => string);
export type Messages = Readonly<Record<string, Message>>;

/** The same keys and arguments, any wording. */
export type Wording<M extends Messages> = { readonly [K in keyof M]: M[K] extends string ? string : M[K] };

const catalogues: { name: string; texts: Readonly<Record<Language, Messages>> }[] = [];

/**
 * The texts of one part of the product in every language. All languages have the keys and arguments of English;
 * the compiler refuses a missing one. `name` says whose texts they are in the test that compares them.
 */
export function defineMessages<M extends Messages>(
  name: string,
  texts: { en: M } & Record<Exclude<Language, 'en'>, Wording<NoInfer<M>>>,
): (language: Language) => Wording<M> {
  catalogues.push({ name, texts });
  return (language) => texts[language] as Wording<M>;
}

/** For the test that no text is missing or left in English. */
export function allCatalogues(): readonly { name: string; texts: Readonly<Record<Language, Messages>> }[] {
  return catalogues;
}

/** The message of a catalogue that is named like the code of what is said, filled with the values that come with it. */
export function sentenceFor<C extends string>(
  words: Readonly<Record<C, string | ((values: never) => string)>>,
  said: { code: C },
): string {
  const message = words[said.code];
  // The code has chosen the message that takes these values.
  return typeof message === 'string' ? message : message(said as never);
}
