/** One thing wrong with the configuration, as a person who has to mend it needs it. */
export interface Mistake {
  /** `facility.projects[0].id`; empty for the file as a whole. */
  path: string;
  line?: number;
  column?: number;
  /** The environment variable that said it, when it was not the file. */
  variable?: string;
  /** What stands there now; never that of a secret or of an unknown key, which may be a misspelt secret. */
  value?: string;
  problem: string;
  remedy: string;
}

export type Path = readonly (string | number)[];

/** Where a value was written. */
export interface Origin {
  line?: number;
  column?: number;
  variable?: string;
}

export const HIDDEN = '[hidden]';

export function pathText(path: Path): string {
  return path.map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`)).join('');
}

/** The variable that sets the key of this path. */
export function variableOf(path: Path): string {
  return ['SIGNALBOX', ...path.map((part) => String(part).toUpperCase().replace(/-/g, '_'))].join('__');
}

/** A value in at most 80 characters, on one line, without the credentials a URL may hold. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a group of keys';
  const text = (typeof value === 'string' ? JSON.stringify(value) : String(value)).replace(
    /\/\/[^@/\s]*@/g,
    `//${HIDDEN}@`,
  );
  return text.length <= 80 ? text : `${text.slice(0, 77)}…"`;
}

/** The report of `check-config` and of a start that was refused. */
export function mistakesText(mistakes: readonly Mistake[], file: string | undefined): string {
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
  const lines = mistakes.flatMap((mistake) => {
    const where =
      mistake.variable ?? (mistake.line === undefined ? '' : `line ${mistake.line}, ${mistake.column ?? 1}`);
    const name = [mistake.path, where === '' ? '' : `(${where})`].filter((part) => part !== '').join(' ');
    const value = mistake.value === undefined ? '' : ` (here: ${mistake.value})`;
    return [`  ${name === '' ? '' : `${name}: `}${mistake.problem}${value}.`, `      ${mistake.remedy}`];
  });
  return [`${file ?? 'The configuration'} has ${count}:`, ...lines].join('\n');
}
