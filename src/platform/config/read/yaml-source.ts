import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';
import { type Origin, type Path, pathText } from './mistake.ts';
import { isForbiddenKey, joined, type TreeNode } from './tree.ts';
import { type SyntaxCode, type YamlMistake, type YamlReason, yamlMistake } from './yaml-mistake.ts';

/** A configuration has some hundred lines; other files, such as a catalogue, say what is usual for them. */
const USUAL: YamlLimits = { bytes: 1024 * 1024, values: 20_000 };
const DEEPEST = 40;

/** What the parser's codes mean; its own messages quote the file. */
const SYNTAX: Readonly<Record<string, SyntaxCode>> = {
  BAD_INDENT: 'bad_indent',
  TAB_AS_INDENT: 'tab_indent',
  MULTIPLE_DOCS: 'second_document',
  MISSING_CHAR: 'unclosed',
  BAD_ALIAS: 'bad_alias',
  TAG_RESOLVE_FAILED: 'bad_tag',
};

export interface YamlLimits {
  bytes: number;
  /** Groups, lists and values, aliases followed. */
  values: number;
}

export interface ReadYaml {
  /** Null when there are mistakes. */
  node: TreeNode | null;
  mistakes: YamlMistake[];
  /** Beside mistakes: everything that can be read none the less, to look for further ones. */
  remains?: TreeNode;
}

/** Reads the text of a configuration file, or of a value from the environment. */
export function readYaml(text: string, limits: YamlLimits = USUAL): ReadYaml {
  if (text.length > limits.bytes) {
    return failed({ code: 'too_large', megabytes: Math.floor(limits.bytes / 1024 / 1024) });
  }
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      // Checked below, where the place is known and `1` and "1" are the same key.
      uniqueKeys: false,
      resolveKnownTags: false,
      prettyErrors: false,
      logLevel: 'error',
      lineCounter: lines,
    });
    const problems = [...document.errors, ...document.warnings];
    if (problems.length > 0)
      return { node: null, mistakes: problems.slice(0, 20).map((problem) => syntax(problem, lines)) };
    const reader = new TreeReader(lines, limits.values);
    const node = document.contents === null ? null : reader.read(document.contents, []);
    const { mistakes } = reader;
    if (mistakes.length === 0) return { node, mistakes };
    const isWhole = mistakes.every(({ reason }) => reason.code !== 'too_many_values');
    return { node: null, mistakes, ...(node !== null && isWhole ? { remains: node } : {}) };
  } catch (error) {
    if (error instanceof RangeError) return failed({ code: 'too_deep', most: DEEPEST });
    throw error;
  }
}

function failed(reason: YamlReason): ReadYaml {
  return { node: null, mistakes: [yamlMistake('', {}, reason)] };
}

function syntax(error: YAMLError, lines: LineCounter): YamlMistake {
  const { line, col } = lines.linePos(error.pos[0]);
  // The parser takes the end of the file for a wrong indentation of what a bracket has opened.
  const code = error.code === 'BAD_INDENT' && error.message.startsWith('Flow') ? 'MISSING_CHAR' : error.code;
  return yamlMistake('', { line, column: col }, { code: SYNTAX[code] ?? 'other' });
}

/** Thrown to stop reading: what follows would only repeat the first complaint. */
class TooMuch extends RangeError {}

class TreeReader {
  readonly mistakes: YamlMistake[] = [];
  readonly #lines: LineCounter;
  readonly #anchors = new Map<string, Node>();
  readonly #open = new Set<Node>();
  readonly #most: number;
  #count = 0;

  constructor(lines: LineCounter, most: number) {
    this.#lines = lines;
    this.#most = most;
  }

  read(node: Node | null, path: Path): TreeNode {
    const origin = this.#originOf(node);
    this.#count += 1;
    if (path.length > DEEPEST) throw new TooMuch();
    if (this.#count > this.#most) {
      this.#complain(path, origin, { code: 'too_many_values', most: this.#most });
      return nothing(origin);
    }
    if (isAlias(node)) return this.#follow(node.source, path, origin);
    if (node === null) return nothing(origin);
    const anchor = 'anchor' in node ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    if (isScalar(node)) return this.#leaf(node.value, path, origin);
    this.#open.add(node);
    const read = isMap<Node, Node | null>(node)
      ? this.#branch(node.items, path, origin)
      : this.#row(isSeq<Node | null>(node) ? node.items : [], path, origin);
    this.#open.delete(node);
    return read;
  }

  #follow(name: string, path: Path, origin: Origin): TreeNode {
    const target = this.#anchors.get(name);
    if (target !== undefined && !this.#open.has(target)) return this.read(target, path);
    this.#complain(path, origin, { code: target === undefined ? 'alias_to_nothing' : 'alias_of_itself' });
    return nothing(origin);
  }

  #leaf(value: unknown, path: Path, origin: Origin): TreeNode {
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return { kind: 'leaf', value, origin, reading: 'template' };
    }
    this.#complain(path, origin, { code: 'no_value' });
    return nothing(origin);
  }

  #row(items: readonly (Node | null)[], path: Path, origin: Origin): TreeNode {
    const read: TreeNode[] = [];
    for (const item of items) {
      if (this.#count > this.#most) break;
      read.push(this.read(item, [...path, read.length]));
    }
    return { kind: 'row', items: read, origin };
  }

  #branch(pairs: readonly { key: Node; value: Node | null }[], path: Path, origin: Origin): TreeNode {
    const entries = new Map<string, { node: TreeNode; origin: Origin }>();
    for (const { key, value } of pairs) {
      if (this.#count > this.#most) break;
      const at = this.#originOf(key);
      const name = isScalar(key) ? keyText(key.value) : null;
      const problem = this.#keyProblem(name, entries);
      const first = name === null ? undefined : entries.get(name);
      if (name === null || problem !== null) {
        this.#complain(name === null ? path : [...path, name], at, problem ?? { code: 'no_plain_key' });
        // A group that stands there twice has all its keys: none of them is missing.
        if (name !== null && first !== undefined) {
          const again = this.read(value, [...path, name]);
          const isEmpty = first.node.kind === 'leaf' && first.node.value === null;
          entries.set(name, { ...first, node: isEmpty ? again : joined(again, first.node) });
        }
      } else {
        const node = this.read(value, [...path, name]);
        entries.set(name, { node, origin: at });
      }
    }
    return { kind: 'branch', entries, origin };
  }

  #keyProblem(name: string | null, entries: ReadonlyMap<string, { origin: Origin }>): YamlReason | null {
    if (name === null) return null;
    if (isForbiddenKey(name)) return { code: 'forbidden_key' };
    const first = entries.get(name);
    return first === undefined ? null : { code: 'key_twice', line: first.origin.line ?? 0 };
  }

  #complain(path: Path, origin: Origin, reason: YamlReason): void {
    if (this.mistakes.length < 20) this.mistakes.push(yamlMistake(pathText(path), origin, reason));
  }

  #originOf(node: Node | null): Origin {
    if (!node?.range) return {};
    const { line, col } = this.#lines.linePos(node.range[0]);
    return { line, column: col };
  }
}

/** `1:` and `true:` are keys that read like they are written. */
function keyText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function nothing(origin: Origin): TreeNode {
  return { kind: 'leaf', value: null, origin, reading: 'literal' };
}
