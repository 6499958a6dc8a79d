export { decimals } from './decimals.ts';
export { isLanguage, LANGUAGES, type Language, preferredLanguage } from './language.ts';
export { allCatalogues, defineMessages, type Messages, sentenceFor, type Wording } from './messages.ts';
