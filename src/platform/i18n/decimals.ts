import type { Language } from './language.ts';

const formats = new Map<string, Intl.NumberFormat>();

/** A number with so many decimals. Making a format takes longer than a whole row of a table, so each is made once. */
export function decimals(language: Language, value: number, digits: number): string {
  const name = `${language} ${digits}`;
  let format = formats.get(name);
  if (format === undefined) {
    format = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(name, format);
  }
  return format.format(value);
}
