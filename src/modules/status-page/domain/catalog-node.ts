import {
  type CatalogMistake,
  type CatalogProblem,
  type CatalogRemedy,
  type Place,
  remedyOf,
} from './catalog-mistake.ts';
import type { Complaint } from './catalog-rules.ts';

/** A value of a file with its place, as the reader of YAML hands it over. */
export type CatalogNode = CatalogLeaf | CatalogBranch | CatalogRow;

export interface CatalogLeaf {
  kind: 'leaf';
  value: string | number | boolean | null;
  origin: Place;
}

export interface CatalogBranch {
  kind: 'branch';
  entries: ReadonlyMap<string, { node: CatalogNode; origin: Place }>;
  origin: Place;
}

export interface CatalogRow {
  kind: 'row';
  items: readonly CatalogNode[];
  origin: Place;
}

/** The word that was probably meant. */
export type Suggest = (word: string, candidates: Iterable<string>) => string | undefined;

/** Keys that belong to another place, with what to do. */
export type Elsewhere = Readonly<Record<string, CatalogRemedy>>;

/** How many mistakes are told at once. */
const MOST = 200;
const LONGEST_VALUE = 80;

/** Reads nodes and collects every mistake instead of stopping at the first. */
export class NodeReader {
  readonly mistakes: CatalogMistake[] = [];
  readonly suggest: Suggest;

  constructor(suggest: Suggest) {
    this.suggest = suggest;
  }

  complain(path: string, node: { origin: Place }, mistake: Omit<CatalogMistake, 'path' | keyof Place>): void {
    const { line, column } = node.origin;
    const place = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
    if (this.mistakes.length < MOST) this.mistakes.push({ path, ...place, ...mistake });
  }

  /** The values of a group by their keys; keys that do not exist are complained about, with the one that was meant. */
  group<K extends string>(
    node: CatalogNode,
    path: string,
    keys: readonly K[],
    elsewhere: Elsewhere = {},
  ): Partial<Record<K, CatalogNode>> {
    if (node.kind !== 'branch') {
      this.#wrong(path, node, { code: 'no_group' }, { code: 'write_below', keys: keys.slice(0, 2) });
      return {};
    }
    const found: Partial<Record<K, CatalogNode>> = {};
    for (const [key, entry] of node.entries) {
      const known = keys.find((one) => one === key);
      if (known === undefined) this.#unknownKey(path === '' ? key : `${path}.${key}`, entry, { key, keys, elsewhere });
      else if (entry.node.kind !== 'leaf' || entry.node.value !== null) found[known] = entry.node;
    }
    return found;
  }

  #unknownKey(
    path: string,
    entry: { origin: Place },
    { key, keys, elsewhere }: { key: string; keys: readonly string[]; elsewhere: Elsewhere },
  ): void {
    const other = Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined;
    const meant = this.suggest(key, keys);
    const usual: CatalogRemedy =
      meant === undefined ? { code: 'there_are', keys } : { code: 'did_you_mean', word: meant };
    this.complain(path, entry, { problem: { code: 'no_such_key' }, remedy: other ?? usual });
  }

  list(node: CatalogNode | undefined, path: string): readonly CatalogNode[] {
    if (node === undefined) return [];
    if (node.kind === 'row') return node.items;
    this.#wrong(path, node, { code: 'no_list' }, { code: 'write_list' });
    return [];
  }

  /** A whole number is taken as it reads; what YAML makes another value of has to stand in quotes. */
  text(node: CatalogNode | undefined, path: string): string | null {
    if (node === undefined) return null;
    if (node.kind === 'leaf') {
      if (typeof node.value === 'string') return node.value.trim();
      if (Number.isSafeInteger(node.value)) return String(node.value);
    }
    const quoted: CatalogRemedy =
      node.kind === 'leaf' && node.value !== null
        ? { code: 'quote', text: String(node.value) }
        : { code: 'write_text' };
    this.#wrong(path, node, { code: 'no_text' }, quoted);
    return null;
  }

  /** A text that a rule is asked about; null when there is none or the rule complains. */
  checked(node: CatalogNode | undefined, path: string, rule: (text: string) => Complaint): string | null {
    const text = this.text(node, path);
    if (text === null || node === undefined) return null;
    const complaint = rule(text);
    if (complaint === null) return text;
    this.complain(path, node, { value: shownValue(text), problem: complaint, remedy: remedyOf(complaint) });
    return null;
  }

  choice<C extends string>(node: CatalogNode | undefined, path: string, choices: readonly C[]): C | null {
    const text = this.text(node, path);
    if (text === null || node === undefined) return null;
    const chosen = choices.find((choice) => choice === text);
    if (chosen !== undefined) return chosen;
    const meant = this.suggest(text, choices);
    this.complain(path, node, {
      value: shownValue(text),
      problem: { code: 'not_among', choices },
      remedy: meant === undefined ? { code: 'choose', choices } : { code: 'did_you_mean', word: meant },
    });
    return null;
  }

  flag(node: CatalogNode | undefined, path: string): boolean {
    if (node === undefined) return false;
    if (node.kind === 'leaf' && typeof node.value === 'boolean') return node.value;
    this.#wrong(path, node, { code: 'no_flag' }, { code: 'write_flag' });
    return false;
  }

  number(
    node: CatalogNode | undefined,
    path: string,
    { least, most, whole = false }: { least: number; most: number; whole?: boolean },
  ): number | null {
    if (node === undefined) return null;
    const value = node.kind === 'leaf' ? node.value : null;
    if (typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value)))
      return value;
    this.#wrong(path, node, { code: 'no_number', least, most, whole }, { code: 'write_number' });
    return null;
  }

  #wrong(path: string, node: CatalogNode, problem: CatalogProblem, remedy: CatalogRemedy): void {
    this.complain(path, node, { ...foundIn(node), problem, remedy });
  }
}

export function shownValue(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.length <= LONGEST_VALUE ? quoted : `${quoted.slice(0, LONGEST_VALUE - 3).toWellFormed()}…"`;
}

function foundIn(node: CatalogNode): Pick<CatalogMistake, 'value' | 'found'> {
  if (node.kind === 'row') return { found: 'list' };
  if (node.kind === 'branch') return { found: 'group' };
  return { value: typeof node.value === 'string' ? shownValue(node.value) : String(node.value) };
}
