import type { ComponentKey } from '../../../core/index.ts';

export const AREA = 'status-page';
const LONGEST = 100;
const LONGEST_NUMBER = 6;

/** What may stand behind the slash of a component key. */
export const KEY_NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** `Object Storage`, `Reg1` → `object-storage-reg1`; empty when nothing of the words is left. */
export function slugOf(...words: readonly (string | null)[]): string {
  return words
    .map((word) => (word ?? '').normalize('NFKD').toLowerCase().replace(/\p{M}/gu, ''))
    .map((word) => word.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, ''))
    .filter((word) => word !== '')
    .join('-')
    .slice(0, LONGEST - LONGEST_NUMBER)
    .replace(/-+$/, '');
}

/** The key of a new component: fixed from now on, whatever it will be called. `taken` learns it. */
export function newComponentKey(
  component: { catalogKey: string | null; name: string; region: string | null },
  taken: Set<ComponentKey>,
): ComponentKey {
  const slug = component.catalogKey ?? (slugOf(component.name, component.region) || 'service');
  let key = `${AREA}/${slug}`;
  for (let number = 2; taken.has(key); number += 1) {
    key = `${AREA}/${slug.slice(0, LONGEST - LONGEST_NUMBER)}-${number}`;
  }
  taken.add(key);
  return key;
}
