export { DEFAULT_LANGUAGE, LANGUAGES, type Language, isLanguage, preferredLanguage } from './language.ts';
export { allCatalogues, defineMessages, type Messages, type Wording } from './messages.ts';
