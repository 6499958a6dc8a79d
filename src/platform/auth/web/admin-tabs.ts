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

export type AdminTab = '/admin/users' | '/admin/tokens' | '/admin/audit' | '/admin/system';

/** A page of administration: title, tabs, content. */
export function adminPage(visit: Visit, tab: AdminTab, content: Html, options: { status?: number } = {}): Page {
  const words = authMessages(visit.language);
  const titles: Record<AdminTab, string> = {
    '/admin/users': words.users,
    '/admin/tokens': words.tokens,
    '/admin/audit': words.audit,
    '/admin/system': words.system,
  };
  const entries = Object.entries(titles).map(([path, text]) => ({
    href: visit.link(path),
    text,
    current: path === tab,
  }));
  const main = html`<h1>${titles[tab]}</h1>${tabs(words.administration, entries)}<div class="stack">${content}</div>`;
  return { title: titles[tab], main, nav: HOME, ...options };
}
