import { resolve as resolvePath } from 'node:path';
import type * as z from 'zod';
import type { Environment } from '../environment.ts';
import { notesOf, type Shape, shapeOf } from '../shape.ts';
import { nearest } from './did-you-mean.ts';
import { type Mistake, type Origin, type Path, pathText, variableOf } from './mistake.ts';
import { readSecretFile } from './secret-file.ts';
import { type Branch, isForbiddenKey, type Leaf, type Row, type TreeNode } from './tree.ts';
import { readYaml } from './yaml-source.ts';

type Schemas = readonly z.core.$ZodType[];

interface Around {
  env: Environment;
  /** Folder that relative paths of `_file` keys of the file start from, and those of variables. */
  folders: { file: string; environment: string };
  /** All keys there are, to tell somebody who put one into the wrong section. */
  everywhere: readonly Path[];
}

/**
 * Turns the tree into plain values for the schemas: `${VAR}` filled in, secrets read from their files, texts of the
 * environment made numbers where numbers belong. What it could not do is in `mistakes`, and its path in `broken`.
 */
export class Resolver {
  readonly mistakes: Mistake[] = [];
  /** Paths that already have a mistake: what a schema says about them would only repeat it. */
  readonly broken: Path[] = [];
  readonly #origins = new Map<string, { origin: Origin; raw: unknown }>();
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  /** Where the value of a path was written, or what is nearest above it; and as which text. */
  written(path: Path): { origin: Origin; raw?: unknown } {
    for (let length = path.length; length >= 0; length -= 1) {
      const found = this.#origins.get(JSON.stringify(path.slice(0, length)));
      if (found) return length === path.length ? found : { origin: found.origin };
    }
    return { origin: {} };
  }

  resolve(node: TreeNode, schemas: Schemas, path: Path, origin = node.origin): unknown {
    this.#remember(path, origin, node.kind === 'leaf' ? node.value : undefined);
    const shape = shapeOf(schemas);
    if (node.kind === 'leaf') return this.#leaf(node, schemas, path);
    if (node.kind === 'row') return this.#row(node, shape, path);
    return this.#branch(node, shape, path);
  }

  /** The sections themselves: no schema joins them. */
  resolveRoot(root: Branch, shape: Shape): Record<string, unknown> {
    return this.#branch(root, shape, []);
  }

  #complain(path: Path, mistake: { problem: string; remedy: string }): void {
    this.broken.push(path);
    this.mistakes.push({ path: pathText(path), ...this.written(path).origin, ...mistake });
  }

  #remember(path: Path, origin: Origin, raw: unknown): void {
    this.#origins.set(JSON.stringify(path), { origin, raw });
  }

  #leaf(leaf: Leaf, schemas: Schemas, path: Path): unknown {
    const shape = shapeOf(schemas);
    // `key:` with nothing behind it is a key whose value was commented out.
    if (leaf.value === null) return shape.nullable ? null : undefined;
    if (typeof leaf.value !== 'string') return leaf.value;
    if (leaf.reading === 'untyped') return this.#fromVariable(leaf.value, { schemas, shape, path });
    if (leaf.reading === 'literal' || !leaf.value.includes('${')) return leaf.value;
    const text = this.#fill(leaf.value, path);
    return text === undefined ? undefined : retyped(text, shape);
  }

  #fromVariable(text: string, at: { schemas: Schemas; shape: Shape; path: Path }): unknown {
    const { shape } = at;
    if (shape.keys.size === 0 && shape.values.length === 0 && shape.items.length === 0) return retyped(text, shape);
    const { node, mistakes } = readYaml(text);
    if (mistakes.length > 0) {
      const remedy = 'Write [a, b] or {key: value}, or set the entries one by one.';
      this.#complain(at.path, { problem: 'is not valid YAML', remedy });
      return undefined;
    }
    return node === null ? undefined : this.resolve(literal(node, this.written(at.path).origin), at.schemas, at.path);
  }

  #fill(text: string, path: Path): string | undefined {
    const before = this.mistakes.length;
    const filled = text.replace(/\$\$\{|\$\{([^}]*)(\}?)/g, (whole, name: string | undefined, closed: string) => {
      if (name === undefined) return whole.slice(1);
      const isName = closed !== '' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
      const value = isName ? this.#around.env[name] : undefined;
      if (value !== undefined) return value;
      this.#complain(path, isName ? notSet(name) : NOT_A_VARIABLE);
      return '';
    });
    return this.mistakes.length === before ? filled : undefined;
  }

  #row(row: Row, shape: Shape, path: Path): unknown[] {
    return row.items.map((item, at) => this.resolve(item, shape.items, [...path, at]) ?? null);
  }

  #branch(branch: Branch, shape: Shape, path: Path): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    if (shape.keys.size === 0 && shape.values.length === 0) return result;
    for (const [key, { node, origin }] of branch.entries) {
      const below = [...path, key];
      const place = origin.line === undefined ? node.origin : origin;
      this.#remember(below, place, undefined);
      const schemas = isForbiddenKey(key) ? [] : (shape.keys.get(key) ?? shape.values);
      const secret = this.#secretOf(key, shape);
      if (schemas.length > 0) {
        const value = this.resolve(node, schemas, below, place);
        if (value !== undefined) result[key] = value;
      } else if (secret === undefined) {
        this.#unknownKey(below, shape);
      } else if (branch.entries.has(secret)) {
        this.#twice(branch, path, secret);
      } else {
        this.#remember([...path, secret], place, undefined);
        result[secret] = this.#secretFile(node, below, [...path, secret]);
      }
    }
    return result;
  }

  /** The key whose `_file` twin this is. */
  #secretOf(key: string, shape: Shape): string | undefined {
    const secret = key.endsWith('_file') ? key.slice(0, -'_file'.length) : '';
    const schemas = shape.keys.get(secret);
    return schemas !== undefined && notesOf(schemas).secret ? secret : undefined;
  }

  #twice(branch: Branch, path: Path, key: string): void {
    const own = branch.entries.get(key)?.node;
    if (own?.kind === 'leaf' && own.value === null) return;
    const problem = `stands beside ${key}: only one of them can count`;
    this.#complain([...path, `${key}_file`], { problem, remedy: 'Remove one.' });
  }

  #secretFile(node: TreeNode, path: Path, secretPath: Path): string | undefined {
    if (node.kind === 'leaf' && node.value === null) return undefined;
    const before = this.mistakes.length;
    const name = node.kind === 'leaf' ? this.#leaf(node, [], path) : undefined;
    if (this.mistakes.length === before) {
      const { file, environment } = this.#around.folders;
      const folder = node.origin.variable === undefined ? file : environment;
      const read =
        typeof name === 'string' && name !== '' ? readSecretFile(resolvePath(folder, name), name) : NOT_A_PATH;
      if ('secret' in read) return read.secret;
      this.#complain(path, read);
    }
    this.broken.push(secretPath);
    return undefined;
  }

  #unknownKey(path: Path, shape: Shape): void {
    const key = String(path.at(-1));
    const twins = [...shape.keys].filter(([, schemas]) => notesOf(schemas).secret).map(([name]) => `${name}_file`);
    const meant = nearest(key, [...shape.keys.keys(), ...twins]);
    const elsewhere = this.#around.everywhere.find((known) => known.at(-1) === key);
    const remedy =
      meant !== undefined
        ? `Did you mean ${meant}?`
        : elsewhere !== undefined
          ? `It belongs elsewhere: ${pathText(elsewhere)}.`
          : `There are: ${[...shape.keys.keys()].join(', ')}.`;
    this.#complain(path, { problem: 'there is no such key', remedy });
  }
}

/** A text where numbers or true and false belong becomes one, if it reads like one. */
function retyped(text: string, shape: Shape): string | number | boolean {
  if (shape.number && /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text.trim())) return Number(text);
  if (shape.boolean && /^(true|false)$/i.test(text.trim())) return text.trim().toLowerCase() === 'true';
  return text;
}

/** What a variable gives stands for itself: `${` in it is two characters. */
function literal(node: TreeNode, origin: Origin): TreeNode {
  if (node.kind === 'leaf') return { ...node, origin, reading: 'literal' };
  if (node.kind === 'row') return { kind: 'row', origin, items: node.items.map((item) => literal(item, origin)) };
  const entries = [...node.entries].map(
    ([key, entry]) => [key, { node: literal(entry.node, origin), origin }] as const,
  );
  return { kind: 'branch', origin, entries: new Map(entries) };
}

const NOT_A_PATH = {
  problem: 'is not the path of a file',
  remedy: 'Write the path of a file that holds nothing but the secret.',
};

const NOT_A_VARIABLE = {
  problem: `\${ is not followed by the name of a variable and }`,
  remedy: `Write \${NAME}, or $\${ for the two characters themselves.`,
};

function notSet(name: string): { problem: string; remedy: string } {
  return {
    problem: `the environment variable ${name} is not set`,
    remedy: `Set ${name} for the process, or write $\${${name}} if you mean this text itself.`,
  };
}

/** The remedy for a value that is not there. */
export function howToGive(path: Path, secret: boolean): string {
  const file = secret ? `, as ${String(path.at(-1))}_file` : '';
  return `Give it here${file} or in the variable ${variableOf(path)}.`;
}
