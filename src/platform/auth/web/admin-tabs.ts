import { type Actor, hasRole } from '../../../core/index.ts';
import { type Html, html } from '../../html/index.ts';
import type { Page, Visit } from '../../http/index.ts';
import type { NavigationEntry } from '../../module/index.ts';
import { type AuthWords, authMessages } from '../messages.ts';

const HOME = '/admin/users';

function isAdministrator(actor: Actor): boolean {
  return actor.kind === 'user' && hasRole(actor, 'admin');
}

const TITLES = {
  '/admin/users': (words: AuthWords) => words.users,
  '/admin/tokens': (words: AuthWords) => words.tokens,
  '/admin/audit': (words: AuthWords) => words.audit,
  '/admin/system': (words: AuthWords) => words.system,
} as const;
export type AdminTab = keyof typeof TITLES;

/** One entry leads to all pages of administration; they are tabs there. `others`: those of the areas. */
export function administration(others: readonly NavigationEntry[]): NavigationEntry {
  const own = Object.entries(TITLES).map(
    ([path, title]): NavigationEntry => ({
      path,
      label: (language) => title(authMessages(language)),
      visible: isAdministrator,
    }),
  );
  return {
    path: HOME,
    label: (language) => authMessages(language).administration,
    visible: isAdministrator,
    tabs: [...own, ...others],
  };
}

/** A page of administration; the layout adds heading and tabs. Pages of areas say under which tab they are. */
export function adminPage(
  visit: Visit,
  tab: AdminTab | { path: string; title: string },
  content: Html,
  options: { status?: number } = {},
): Page {
  const { path, title } =
    typeof tab === 'string' ? { path: tab, title: TITLES[tab](authMessages(visit.language)) } : tab;
  return { title, main: html`<div class="stack">${content}</div>`, nav: HOME, tab: path, ...options };
}
