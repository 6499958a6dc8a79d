import { hasRole } from '../../../core/index.ts';
import { tabs } from '../../design/index.ts';
import { type Html, html } from '../../html/index.ts';
import type { Page, Visit } from '../../http/index.ts';
import type { NavigationEntry } from '../../module/index.ts';
import { authMessages } from '../messages.ts';

const HOME = '/admin/users';

/** One entry leads to all pages of administration; they are tabs there. */
export const accountNavigation: readonly NavigationEntry[] = [
  {
    path: HOME,
    label: (language) => authMessages(language).administration,
    visible: (actor) => actor.kind === 'user' && hasRole(actor, 'admin'),
  },
];

export interface AdminPageOptions {
  status?: number;
  /** What modules add, between accounts and the system. */
  tabs: readonly NavigationEntry[];
}

/** A page of administration: title, tabs, content. `tab` is its path. */
export function adminPage(visit: Visit, tab: string, content: Html, { tabs: added, status }: AdminPageOptions): Page {
  const words = authMessages(visit.language);
  const shown = added.filter(({ visible }) => visible(visit.actor));
  const titles: Readonly<Record<string, string>> = {
    '/admin/users': words.users,
    '/admin/tokens': words.tokens,
    ...Object.fromEntries(shown.map(({ path, label }) => [path, label(visit.language)])),
    '/admin/audit': words.audit,
    '/admin/system': words.system,
  };
  const title = titles[tab] ?? words.administration;
  const entries = Object.entries(titles).map(([path, text]) => ({
    href: visit.link(path),
    text,
    current: path === tab,
  }));
  const main = html`<h1>${title}</h1>${tabs(words.administration, entries)}<div class="stack">${content}</div>`;
  return { title, main, nav: HOME, ...(status === undefined ? {} : { status }) };
}
