import * as z from 'zod';
import { type Notes, notesOf, schemasAt, shapeOf } from '../shape.ts';
import { settled } from './chosen-option.ts';
import { nearest } from './did-you-mean.ts';
import { HIDDEN, type Mistake, type Path, pathText, shown } from './mistake.ts';
import { howToGive, type Resolver } from './resolve.ts';
import { valueBelow } from './value-below.ts';

type Issue = z.core.$ZodIssue;

interface Looking {
  sections: Readonly<Record<string, z.core.$ZodType>>;
  /** The plain values that were checked. */
  values: unknown;
  resolver: Resolver;
}

/** What a schema says, in words for the person who wrote the file. Nothing when the same place has a mistake already. */
export function explainIssues(issues: readonly Issue[], looking: Looking): Mistake[] {
  return issues
    .flatMap((issue) => {
      const path = issue.path.filter((part) => typeof part !== 'symbol');
      return settled(issue, schemasAt(looking.sections, path), valueBelow(looking.values, path));
    })
    .flatMap((issue) => {
      const path = issue.path.filter((part) => typeof part !== 'symbol');
      if (looking.resolver.broken.some((broken) => isWithin(broken, path) || isWithin(path, broken))) return [];
      return [explain(issue, path, looking)];
    });
}

function isWithin(path: Path, outer: Path): boolean {
  return outer.every((part, at) => path[at] === part);
}

function explain(issue: Issue, path: Path, { sections, values, resolver }: Looking): Mistake {
  const schemas = schemasAt(sections, path);
  const notes = notesOf(schemas);
  const shape = shapeOf(schemas);
  const value = valueBelow(values, path);
  const { origin, raw } = resolver.written(path);
  const complaint = unquoted(issue, value, schemas);
  const mistake: Mistake = { path: pathText(path), ...origin, ...words(complaint, { path, value, notes }) };
  const isScalarPlace = shape.text || shape.number || shape.boolean;
  if (value === undefined || !isScalarPlace) return mistake;
  return { ...mistake, value: notes.secret ? HIDDEN : shown(typeof raw === 'string' ? raw : value) };
}

/** Of a number or boolean where a text belongs: what would be wrong with it in quotes too, if anything. */
function unquoted(issue: Issue, value: unknown, schemas: readonly z.core.$ZodType[]): Issue {
  if (issue.code !== 'invalid_type' || issue.expected !== 'string') return issue;
  if (typeof value !== 'number' && typeof value !== 'boolean') return issue;
  const read = schemas.map((schema) => z.safeParse(schema, String(value)));
  return read.find(({ success }) => !success)?.error?.issues[0] ?? issue;
}

interface Place {
  path: Path;
  value: unknown;
  notes: Notes;
}

function words(issue: Issue, place: Place): { problem: string; remedy: string } {
  const remedy =
    remedyOf(issue) ??
    `What belongs here: ${(place.notes.description ?? 'see docs/configuration.md').replace(/\.$/, '')}.`;
  const isAbsent = place.value === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_union');
  if (isAbsent) return { problem: 'is missing', remedy: howToGive(place.path, place.notes.secret) };
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, place, remedy);
    case 'invalid_value': {
      const allowed = issue.values.map((value) => (typeof value === 'string' ? value : String(value)));
      const meant = typeof place.value === 'string' ? nearest(place.value, allowed) : undefined;
      return {
        problem: `is not one of ${allowed.join(', ')}`,
        remedy: meant === undefined ? remedy : `Did you mean ${meant}?`,
      };
    }
    case 'too_small':
    case 'too_big':
      return { problem: bounds(issue), remedy };
    case 'unrecognized_keys':
      return { problem: `has keys that do not exist: ${issue.keys.join(', ')}`, remedy };
    default:
      return { problem: plainMessage(issue.message), remedy };
  }
}

/** Schemas say how to mend it in `params.remedy` of a custom issue. */
function remedyOf(issue: Issue): string | undefined {
  const remedy: unknown = issue.code === 'custom' ? issue.params?.['remedy'] : undefined;
  return typeof remedy === 'string' ? remedy : undefined;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
};

function wrongType(expected: string, { value, notes }: Place, remedy: string): { problem: string; remedy: string } {
  const problem = `must be ${KINDS[expected] ?? expected}`;
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return { problem, remedy: notes.secret ? 'Write it in quotes.' : `Write it in quotes: "${String(value)}".` };
  }
  if (expected === 'array' && !Array.isArray(value))
    return { problem, remedy: 'Write [a, b], or one "- " line per entry.' };
  return { problem, remedy };
}

function bounds(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : '';
  const verb = unit === '' ? 'must be' : 'must have';
  if (issue.code === 'too_small')
    return `${verb} ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit}`;
  return `${verb} ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit}`;
}

/** A sentence of a schema without its dot; the library's own begins with "Invalid". */
function plainMessage(message: string): string {
  const text = message.replace(/\.$/, '');
  return text.startsWith('Invalid') ? `is not valid (${text.charAt(0).toLowerCase()}${text.slice(1)})` : text;
}
