import { type ComponentKey, isComponentKey } from '../../../core/index.ts';
import {
  type Attributes,
  attributeOf,
  type CatalogFacts,
  type Dependency,
  fileKeyOf,
  placeOf,
  type StoredComponent,
} from './catalog-component.ts';
import {
  type Complaint,
  type ComplaintCode,
  LIMITS,
  lineComplaint,
  textComplaint,
  urlComplaint,
} from './catalog-rules.ts';
import { AREA } from './component-slug.ts';

/** A component as a form sends it: texts as they were typed. */
export interface ComponentInput {
  name: string;
  region: string;
  category: string;
  /** One `name: value` per line, without region and category. */
  attributes: string;
  description: string;
  docsUrl: string;
  visibility: string;
  position: string;
  target: string;
  /** One key per line; `degraded` behind it lets that one's outage degrade this one. */
  dependsOn: string;
}

export type FormField = keyof ComponentInput;

/** What is wrong with a field. `about` is the line or key meant. */
export interface FormMistake {
  field: FormField;
  code:
    | ComplaintCode
    | 'no_pair'
    | 'twice'
    | 'reserved'
    | 'too_many'
    | 'no_number'
    | 'no_choice'
    | 'taken'
    | 'unknown_key'
    | 'itself';
  most?: number;
  about?: string;
}

export interface ReadForm {
  facts: CatalogFacts;
  dependsOn: readonly Dependency[];
  mistakes: readonly FormMistake[];
}

const RESERVED = ['__proto__', 'constructor', 'prototype', 'region', 'category'];

/** Reads a form against the other components; every mistake at once. */
export function readComponentForm(
  input: ComponentInput,
  self: ComponentKey | null,
  others: readonly StoredComponent[],
): ReadForm {
  const mistakes: FormMistake[] = [];
  const check = (field: FormField, text: string, complaint: Complaint) => {
    if (complaint !== null)
      mistakes.push({ field, code: complaint.code, ...('most' in complaint ? { most: complaint.most } : {}) });
    return text;
  };
  const line = (field: FormField, most: number) => {
    const text = input[field].trim();
    return text === '' ? null : check(field, text, lineComplaint(text, most));
  };
  const name = check('name', input.name.trim(), lineComplaint(input.name.trim(), LIMITS.name));
  const region = line('region', LIMITS.attributeValue);
  const category = line('category', LIMITS.attributeValue);
  const description = input.description.replace(/\r\n?/g, '\n').trim();
  check('description', description, textComplaint(description, LIMITS.description));
  const docsUrl = input.docsUrl.trim();
  if (docsUrl !== '') check('docsUrl', docsUrl, urlComplaint(docsUrl));
  if (!['public', 'members'].includes(input.visibility)) mistakes.push({ field: 'visibility', code: 'no_choice' });
  const attributes: Attributes = [
    ...(region === null ? [] : [['region', region] as const]),
    ...(category === null ? [] : [['category', category] as const]),
    ...readPairs(input.attributes, mistakes),
  ];
  const taken = others.find(
    (one) => one.key !== self && one.retiredAt === null && placeOf(one) === placeOf({ name, region }),
  );
  if (taken !== undefined) mistakes.push({ field: 'name', code: 'taken', about: taken.key });
  return {
    facts: {
      name,
      region,
      category,
      attributes,
      description: description === '' ? null : description,
      docsUrl: docsUrl === '' ? null : docsUrl,
      visibility: input.visibility === 'members' ? 'members' : 'public',
      position:
        readNumber('position', input.position, { least: -1_000_000, most: 1_000_000, whole: true }, mistakes) ?? 0,
      target: readNumber('target', input.target, { least: 0, most: 100, whole: false }, mistakes),
    },
    dependsOn: readDependencies(input.dependsOn, { self, others }, mistakes),
    mistakes,
  };
}

function linesOf(text: string): string[] {
  return text
    .split(/\r\n?|\n/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

function readPairs(text: string, mistakes: FormMistake[]): [string, string][] {
  const found = new Map<string, string>();
  const wrong = (about: string, code: FormMistake['code'], most?: number) =>
    mistakes.push({ field: 'attributes', code, about: about.slice(0, 60), ...(most === undefined ? {} : { most }) });
  for (const one of linesOf(text)) {
    const at = one.indexOf(':');
    const [name, value] = [one.slice(0, Math.max(0, at)).trim(), one.slice(at + 1).trim()];
    const complaint = lineComplaint(name, LIMITS.attributeName) ?? lineComplaint(value, LIMITS.attributeValue);
    if (at < 1 || value === '') wrong(one, 'no_pair');
    else if (complaint !== null) wrong(one, complaint.code, 'most' in complaint ? complaint.most : undefined);
    else if (RESERVED.includes(name)) wrong(name, 'reserved');
    else if (found.has(name)) wrong(name, 'twice');
    else found.set(name, value);
  }
  if (found.size > LIMITS.attributes) wrong('', 'too_many', LIMITS.attributes);
  return [...found];
}

function readNumber(
  field: 'position' | 'target',
  text: string,
  { least, most, whole }: { least: number; most: number; whole: boolean },
  mistakes: FormMistake[],
): number | null {
  const given = text.trim().replace(',', '.');
  if (given === '') return null;
  const value = /^-?\d{1,9}(\.\d{1,9})?$/.test(given) ? Number(given) : Number.NaN;
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  mistakes.push({ field, code: 'no_number' });
  return null;
}

function readDependencies(
  text: string,
  { self, others }: { self: ComponentKey | null; others: readonly StoredComponent[] },
  mistakes: FormMistake[],
): Dependency[] {
  const names = new Map(others.flatMap((one) => [[fileKeyOf(one), one.key] as const, [one.key, one.key] as const]));
  const found = new Map<ComponentKey, Dependency>();
  for (const one of linesOf(text)) {
    const [name = '', word, ...rest] = one.split(/\s+/);
    const isForeign = name.includes('/') && isComponentKey(name) && !name.startsWith(`${AREA}/`);
    const key = names.get(name) ?? (isForeign ? name : null);
    const wrong = (code: FormMistake['code']) => mistakes.push({ field: 'dependsOn', code, about: one.slice(0, 60) });
    if (key === null || rest.length > 0 || (word !== undefined && word !== 'degraded')) wrong('unknown_key');
    else if (key === self) wrong('itself');
    else found.set(key, { key, propagate: word === undefined ? null : 'degraded' });
  }
  if (found.size > LIMITS.dependencies)
    mistakes.push({ field: 'dependsOn', code: 'too_many', most: LIMITS.dependencies });
  return [...found.values()];
}

/** What a form begins with. */
export function inputOf(component: CatalogFacts & { dependsOn: readonly Dependency[] }): ComponentInput {
  const { name, attributes, description, docsUrl, visibility, position, target, dependsOn } = component;
  const rest = attributes.filter(([one]) => one !== 'region' && one !== 'category');
  return {
    name,
    region: attributeOf(attributes, 'region') ?? '',
    category: attributeOf(attributes, 'category') ?? '',
    attributes: rest.map(([one, value]) => `${one}: ${value}`).join('\n'),
    description: description ?? '',
    docsUrl: docsUrl ?? '',
    visibility,
    position: String(position),
    target: target === null ? '' : String(target),
    dependsOn: dependsOn.map(({ key, propagate }) => (propagate === null ? key : `${key} ${propagate}`)).join('\n'),
  };
}
