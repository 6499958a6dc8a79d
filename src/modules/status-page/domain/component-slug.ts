import type { ComponentKey } from '../../../core/index.ts';
import { type Attributes, attributeOf } from './catalog-component.ts';

export const AREA = 'status-page';
const LONGEST = 100;
const LONGEST_NUMBER = 6;

/** What may stand behind the slash of a component key. */
export const KEY_NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** Letters that are no other with a sign on it, as they are written without them. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
};

/** `Object Storage`, `Reg1` → `object-storage-reg1`; empty when nothing of the words is left. */
export function slugOf(...words: readonly (string | null)[]): string {
  return words
    .map((word) => (word ?? '').normalize('NFKD').toLowerCase().replace(/\p{M}/gu, ''))
    .map((word) => word.replace(/[ßæœøłđðþ]/g, (letter) => LETTERS[letter] ?? ''))
    .map((word) => word.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, ''))
    .filter((word) => word !== '')
    .join('-')
    .slice(0, LONGEST - LONGEST_NUMBER)
    .replace(/-+$/, '');
}

/** The key of a new component: fixed from now on, whatever it will be called. `taken` learns it. */
export function newComponentKey(
  component: { catalogKey: string | null; name: string; region: string | null; attributes?: Attributes },
  taken: Set<ComponentKey>,
): ComponentKey {
  const slug = component.catalogKey ?? slugOf(wordOf(component), component.region);
  let key = `${AREA}/${slug}`;
  for (let number = 2; taken.has(key); number += 1) {
    key = `${AREA}/${slug.slice(0, LONGEST - LONGEST_NUMBER)}-${number}`;
  }
  taken.add(key);
  return key;
}

/** Of a name in another script nothing may be left: then it is the type, or a number that is always the same. */
function wordOf({ name, attributes = [] }: { name: string; attributes?: Attributes }): string {
  if (slugOf(name) !== '') return name;
  const type = attributeOf(attributes, 'type') ?? '';
  return slugOf(type) === '' ? `service-${fingerprintOf(name)}` : type;
}

/** FNV-1a: short, and the same everywhere and always. */
function fingerprintOf(text: string): string {
  let hash = 0x81_1c_9d_c5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93);
  return (hash >>> 0).toString(36).padStart(7, '0');
}
