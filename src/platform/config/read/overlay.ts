import type * as z from 'zod';
import type { Environment } from '../environment.ts';
import { notesOf, type Shape, shapeOf } from '../shape.ts';
import { loosely, nearest } from './did-you-mean.ts';
import { type Mistake, pathText } from './mistake.ts';
import { type Branch, isForbiddenKey, type Row, type TreeNode } from './tree.ts';

type Schemas = readonly z.core.$ZodType[];
type Sections = Readonly<Record<string, z.core.$ZodType>>;

const PREFIX = /^SIGNALBOX__/i;
const LONGEST_LIST = 1000;

/** Puts every `SIGNALBOX__SECTION__KEY` into the tree, over what the file says. */
export function overlayEnvironment(root: Branch, env: Environment, sections: Sections): Mistake[] {
  const mistakes: Mistake[] = [];
  const names = Object.keys(env).filter((name) => PREFIX.test(name) && env[name] !== undefined);
  // List entries have to come in their order: 2 before 10.
  names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  for (const name of names) {
    const problem = place(root, sections, { name, text: env[name] ?? '' });
    if (problem) mistakes.push({ path: '', variable: name, ...problem });
  }
  return mistakes;
}

interface Variable {
  name: string;
  text: string;
}

type Complaint = { problem: string; remedy: string } | null;

function place(root: Branch, sections: Sections, variable: Variable): Complaint {
  const segments = variable.name.replace(PREFIX, '').split('__');
  const last = segments.pop() ?? '';
  const keys = new Map(Object.entries(sections).map(([name, schema]) => [name, [schema]]));
  let shape: Shape = { ...shapeOf([]), keys };
  let holder: Branch | Row = root;
  const path: (string | number)[] = [];
  for (const segment of segments) {
    const found = step(holder, shape, segment);
    if (!('key' in found)) return unknown(variable, path, found);
    path.push(found.key);
    const next = shapeOf(found.schemas);
    const kind = next.keys.size > 0 || next.values.length > 0 ? 'branch' : next.items.length > 0 ? 'row' : null;
    if (kind === null) return unknown(variable, path, { known: [] });
    holder = container(holder, found.key, { kind, name: variable.name });
    shape = next;
  }
  const found = step(holder, shape, last);
  if (!('key' in found)) return unknown(variable, path, found);
  const origin = { variable: variable.name };
  put(holder, found.key, { kind: 'leaf', value: variable.text, origin, reading: 'untyped' });
  return null;
}

type Step = { key: string | number; schemas: Schemas } | { known: readonly string[]; remedy?: string };

function step(holder: Branch | Row, shape: Shape, segment: string): Step {
  if (holder.kind === 'row') {
    const at = /^\d{1,4}$/.test(segment) ? Number(segment) : Number.NaN;
    if (at <= holder.items.length && at < LONGEST_LIST) return { key: at, schemas: shape.items };
    const next = holder.items.length;
    return { known: [], remedy: `Entries of a list are numbered from 0 without gaps; the next one here is ${next}.` };
  }
  const wanted = loosely(segment);
  for (const [key, schemas] of shape.keys) {
    if (loosely(key) === wanted) return { key, schemas };
    if (loosely(`${key}_file`) === wanted && notesOf(schemas).secret) return { key: `${key}_file`, schemas: TEXT };
  }
  if (shape.values.length > 0 && wanted !== '' && !isForbiddenKey(segment.toLowerCase())) {
    const existing = [...holder.entries.keys()].find((key) => loosely(key) === wanted);
    return { key: existing ?? segment.toLowerCase(), schemas: shape.values };
  }
  return { known: [...shape.keys.keys()] };
}

const TEXT: Schemas = [];

function unknown(variable: Variable, path: readonly (string | number)[], step: Step): Complaint {
  const remedy = 'remedy' in step ? step.remedy : undefined;
  if (remedy !== undefined) return { problem: `sets an entry that cannot be in ${pathText(path)}`, remedy };
  const known = 'known' in step ? step.known : [];
  const word = variable.name.replace(PREFIX, '').split('__')[path.length] ?? '';
  const meant = nearest(word, known);
  const where = path.length === 0 ? 'there is no such section' : `there is no such key in ${pathText(path)}`;
  if (meant !== undefined) return { problem: where, remedy: `Did you mean ${meant.toUpperCase()}?` };
  return { problem: where, remedy: known.length === 0 ? 'Remove the variable.' : `There are: ${known.join(', ')}.` };
}

function container(
  holder: Branch | Row,
  key: string | number,
  made: { kind: 'branch' | 'row'; name: string },
): Branch | Row {
  const existing = get(holder, key);
  if (existing?.kind === made.kind) return existing;
  const origin = { variable: made.name };
  const fresh: Branch | Row =
    made.kind === 'branch' ? { kind: 'branch', entries: new Map(), origin } : { kind: 'row', items: [], origin };
  put(holder, key, fresh);
  return fresh;
}

function get(holder: Branch | Row, key: string | number): TreeNode | undefined {
  return holder.kind === 'row' ? holder.items[Number(key)] : holder.entries.get(String(key))?.node;
}

function put(holder: Branch | Row, key: string | number, node: TreeNode): void {
  if (holder.kind === 'row') {
    holder.items[Number(key)] = node;
    return;
  }
  const name = String(key);
  holder.entries.set(name, { node, origin: node.origin });
  // A secret from the environment replaces the one of the file, whichever of the two ways each is given.
  const twin = name.endsWith('_file') ? name.slice(0, -'_file'.length) : `${name}_file`;
  if (holder.entries.get(twin)?.origin.variable === undefined) holder.entries.delete(twin);
}
