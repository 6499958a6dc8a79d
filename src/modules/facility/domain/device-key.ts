import { type ComponentKey, componentKey } from '../../../core/index.ts';

const AREA = 'facility';
const MOST = 100;

/**
 * The key of a device seen for the first time (contracts §2). `taken` holds the keys of all devices ever seen; they
 * never change hands.
 */
export function newDeviceKey(name: string, labelId: number, taken: ReadonlySet<ComponentKey>): ComponentKey {
  const slug = slugOf(name);
  const plain = slug === '' ? null : componentKey(`${AREA}/${slug}`);
  if (plain !== null && !taken.has(plain)) return plain;
  const base = slug === '' ? 'device' : slug;
  for (let copy = 1; ; copy += 1) {
    const suffix = copy === 1 ? `-${labelId}` : `-${labelId}-${copy}`;
    const key = componentKey(`${AREA}/${base.slice(0, MOST - suffix.length)}${suffix}`);
    if (!taken.has(key)) return key;
  }
}

/** `Krios 1 (β)` → `krios-1`. Accents are dropped, other writing systems leave nothing. */
export function slugOf(name: string): string {
  return name
    .slice(0, 1000)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, MOST)
    .replace(/[-._]+$/, '');
}
