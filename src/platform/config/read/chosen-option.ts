import type * as z from 'zod';
import { optionsText } from '../keys.ts';
import { cores, optionsOf, type Schema, schemasBelow, shapeOf } from '../shape.ts';
import { nearest } from './did-you-mean.ts';
import { valueBelow } from './value-below.ts';

type Issue = z.core.$ZodIssue;
type UnionIssue = z.core.$ZodIssueInvalidUnion;

interface Option {
  schema: Schema;
  /** What it says about the value. */
  issues: readonly Issue[];
  keys: readonly string[];
}

/** What is wrong with a value, said about the form of it that was meant. `schemas` are those of the issue's place. */
export function settled(issue: Issue, schemas: readonly Schema[], value: unknown): Issue[] {
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
    return issue.issues.flatMap((inner) => settled(below(issue, inner), [], undefined));
  }
  if (issue.code !== 'invalid_union' || value === undefined) return [issue];
  const found = schemas.map((schema) => optionsOf(schema)).find((each) => each.length === issue.errors.length) ?? [];
  const options = issue.errors.flatMap((issues, at): Option[] => {
    const schema = found[at];
    return schema === undefined ? [] : [{ schema, issues, keys: [...shapeOf([schema]).keys.keys()] }];
  });
  const chosen = isGroup(value) ? ofGroup(issue, options, value) : ofScalar(issue, options, value);
  if (!('schema' in chosen)) return [chosen];
  return chosen.issues.flatMap((inner) => {
    const path = inner.path.filter((part) => typeof part !== 'symbol');
    return settled(below(issue, inner), schemasBelow([chosen.schema], path), valueBelow(value, path));
  });
}

function below(outer: Issue, inner: Issue): Issue {
  return { ...inner, path: [...outer.path, ...inner.path] };
}

function ofGroup(issue: UnionIssue, options: readonly Option[], value: object): Option | Issue {
  const written = Object.keys(value);
  const shared = ({ keys }: Option) => keys.filter((key) => written.includes(key));
  const most = Math.max(0, ...options.map((option) => shared(option).length));
  const best = options.filter((option) => shared(option).length === most);
  const chosen = furthest(most === 0 ? options.filter(({ keys }) => keys.length > 0) : best);
  if (chosen === undefined) return noSuchForm(issue, options, value);
  const foreign = options.some((option) => shared(option).some((key) => !chosen.keys.includes(key)));
  if (foreign) return complaint(issue, 'has keys that exclude each other', `Write ${formsText(options)}.`);
  return most === 0 && options.length > 1 ? noSuchForm(issue, options, value) : chosen;
}

/** Of a text, a number or a list: the option that takes such a value, or all words there are. */
function ofScalar(issue: UnionIssue, options: readonly Option[], value: unknown): Option | Issue {
  const free = options.filter(({ issues }) => issues.some((inner) => !isOfOtherKind(inner)));
  return furthest(free) ?? noSuchForm(issue, options, value);
}

function isOfOtherKind({ code, path }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

/** The one whose complaint is about the innermost part of the value. */
function furthest(options: readonly Option[]): Option | undefined {
  const depth = ({ issues }: Option) => Math.max(...issues.map(({ path }) => path.length));
  return [...options].sort((a, b) => depth(b) - depth(a))[0];
}

function noSuchForm(issue: UnionIssue, options: readonly Option[], value: unknown): Issue {
  const words = options.flatMap(({ schema }) => cores(schema)).flatMap((core) => wordsOf(core));
  const groups = options.filter(({ keys }) => keys.length > 0);
  const forms = formsText(groups);
  if (words.length === 0) {
    return groups.length === 0 ? issue : complaint(issue, 'must be a group of keys', `Write ${forms}.`);
  }
  if (groups.length === 0) return { code: 'invalid_value', path: issue.path, message: issue.message, values: words };
  const meant = typeof value === 'string' ? nearest(value, words.map(String)) : undefined;
  const remedy = meant === undefined ? `Write one of these words, or a group with ${forms}.` : `Did you mean ${meant}?`;
  return complaint(issue, `is not one of ${words.join(', ')}, nor a group of keys`, remedy);
}

function wordsOf(core: z.core.$ZodTypes): (string | number)[] {
  const def = core._zod.def;
  const values: readonly unknown[] =
    def.type === 'enum' ? Object.values(def.entries) : def.type === 'literal' ? def.values : [];
  return values.filter((word) => typeof word === 'string' || typeof word === 'number');
}

function formsText(options: readonly Option[]): string {
  const forms = options.map(({ keys }) => keys).filter((keys) => keys.length > 0);
  return `${forms.length > 1 ? 'either ' : ''}${optionsText(forms)}`;
}

function complaint(issue: UnionIssue, message: string, remedy: string): Issue {
  return { code: 'custom', path: issue.path, message, params: { remedy } };
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
