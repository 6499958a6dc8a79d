/** The languages every text exists in. docs/translating.md says how to add one. */
export const LANGUAGES = ['en', 'it'] as const;
export type Language = (typeof LANGUAGES)[number];
const DEFAULT_LANGUAGE: Language = 'en';

export function isLanguage(text: string | undefined): text is Language {
  return (LANGUAGES as readonly (string | undefined)[]).includes(text);
}

/** The best of our languages for an `Accept-Language` header (RFC 9110 §12.5.4). */
export function preferredLanguage(header: string | undefined): Language {
  const wanted = (header ?? '')
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const q = parameters.find((parameter) => parameter.trim().startsWith('q='));
      return { primary: tag.split('-')[0], weight: q === undefined ? 1 : Number(q.trim().slice(2)) || 0 };
    })
    .filter((candidate) => candidate.weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { primary } of wanted) if (isLanguage(primary)) return primary;
  return DEFAULT_LANGUAGE;
}
