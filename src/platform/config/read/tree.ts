import type { Origin } from './mistake.ts';

/** A value as written, with the place where it was: what file, environment and program are merged as. */
export type TreeNode = Leaf | Branch | Row;

export interface Leaf {
  kind: 'leaf';
  value: string | number | boolean | null;
  origin: Origin;
  /**
   * What a text is: of the file, where `${VAR}` counts; of a variable, where "8" may mean a number; or just itself.
   */
  reading: 'template' | 'untyped' | 'literal';
}

export interface Branch {
  kind: 'branch';
  entries: Map<string, { node: TreeNode; origin: Origin }>;
  origin: Origin;
}

export interface Row {
  kind: 'row';
  items: TreeNode[];
  origin: Origin;
}

/** Keys that reach an object's prototype instead of the object. */
const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype'];

export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN_KEYS.includes(key);
}

/** A configuration that the program itself gives (the demo, a test) as a tree; its texts are literal. */
export function treeOf(value: unknown): TreeNode {
  if (Array.isArray(value)) return { kind: 'row', items: value.map((item) => treeOf(item)), origin: {} };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    const nodes = entries.map(([key, item]) => [key, { node: treeOf(item), origin: {} }] as const);
    return { kind: 'branch', entries: new Map(nodes), origin: {} };
  }
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { kind: 'leaf', value, origin: {}, reading: 'literal' };
  }
  throw new TypeError(`A configuration cannot hold a ${typeof value}.`);
}

/** The later tree over the earlier: groups of keys are joined, everything else is replaced. */
export function joined(below: TreeNode, above: TreeNode): TreeNode {
  if (below.kind !== 'branch' || above.kind !== 'branch') return above;
  const entries = new Map(below.entries);
  for (const [key, entry] of above.entries) {
    const old = entries.get(key);
    entries.set(key, old ? { ...entry, node: joined(old.node, entry.node) } : entry);
  }
  return { ...above, entries };
}
