import { ROLES, type Role } from '../../../core/index.ts';
import type { Provider } from '../../config/index.ts';

/** What a provider said about a person: verified, but none of its shapes can be relied on. */
export type Claims = Readonly<Record<string, unknown>>;

const DEEPEST = 3;
const MOST_NAMES = 5000;
const LONGEST_NAME = 64;

/** Why somebody whom the provider knows is not let in; null with a role. */
export type Standing = { role: Role; problem: null } | { role: null; problem: 'no_role' | 'not_in_group' };

/** The highest role that the configuration gives to what the claims say. Never throws, whatever they hold. */
export function standingOf(provider: Provider, claims: Claims): Standing {
  const { required_group: group, default_role: fallback } = provider;
  if (group !== undefined && !namesIn(claimAt(claims, 'groups')).has(plain(group))) {
    return { role: null, problem: 'not_in_group' };
  }
  const held = namesIn(claimAt(claims, provider.roles_claim));
  const role = ROLES.findLast((each) => provider.roles[each].some((name) => held.has(plain(name)))) ?? fallback;
  return role === undefined ? { role: null, problem: 'no_role' } : { role, problem: null };
}

/** True when the claims leave something open that the userinfo endpoint may know. */
export function lacksClaims(provider: Provider, claims: Claims): boolean {
  const needed = [provider.roles_claim, provider.username_claim];
  if (provider.required_group !== undefined) needed.push('groups');
  return needed.some((name) => claimAt(claims, name) === undefined);
}

/** What the person is called on pages and in the audit log: one line of visible characters, cut to a length. */
export function displayName(provider: Provider, claims: Claims): string {
  for (const claim of [provider.username_claim, 'preferred_username', 'name', 'email', 'sub']) {
    const value = claimAt(claims, claim);
    const name = typeof value === 'string' ? cleanName(value) : '';
    if (name !== '') return name;
  }
  return '?';
}

/** Without what could hide or turn round its neighbours: control, format and private characters, lone surrogates. */
function cleanName(text: string): string {
  const line = text
    .slice(0, 1000)
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{C}\p{Zl}\p{Zp}\uFFFD]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return [...line].slice(0, LONGEST_NAME).join('').trim();
}

/** By its whole name first, since names such as urn:zitadel:… may have dots; then as a path of keys. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let found: unknown = claims;
  for (const part of name.split('.')) {
    if (!isGroup(found) || !Object.hasOwn(found, part)) return undefined;
    found = found[part];
  }
  return found;
}

/** Names that stand in a text, a list, the keys of an object or of the objects inside it. */
function namesIn(claim: unknown): Set<string> {
  const names = new Set<string>();
  if (typeof claim === 'string') names.add(plain(claim));
  else collect(claim, 1, names);
  return names;
}

function collect(value: unknown, depth: number, names: Set<string>): void {
  if (depth > DEEPEST || names.size >= MOST_NAMES) return;
  if (Array.isArray(value)) {
    for (const entry of value.slice(0, MOST_NAMES)) {
      if (typeof entry === 'string') names.add(plain(entry));
      else collect(entry, depth + 1, names);
    }
  } else if (isGroup(value)) {
    for (const [key, inner] of Object.entries(value).slice(0, MOST_NAMES)) {
      // A key with "no" behind it is no role; a text behind it (an organisation's domain) is no name.
      if (inner !== false && inner !== null) names.add(plain(key));
      collect(inner, depth + 1, names);
    }
  }
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plain(name: string): string {
  return name.startsWith('/') ? name.slice(1) : name;
}
