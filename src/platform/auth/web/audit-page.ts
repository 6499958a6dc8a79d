import { type Instant, MINUTE, requireRole, toMs } from '../../../core/index.ts';
import { type AuditFilter, type AuditRow, type AuditVerdict, auditEntries, verifyAudit } from '../../audit/index.ts';
import { button, buttonLink, card, field, localeOf, notice, table, time } from '../../design/index.ts';
import { attributes, type Html, html } from '../../html/index.ts';
import type { Page, Visit, Web } from '../../http/index.ts';
import type { AuthContext } from '../context.ts';
import { authMessages } from '../messages.ts';
import { adminPage } from './admin-tabs.ts';

const PAGE_SIZE = 50;
/** Walking the whole log takes a while when it is long, so its result is kept for as long. */
const VERDICT_LIVES_MS = 5 * MINUTE;

interface Verified {
  verdict: AuditVerdict;
  at: Instant;
}

/** `/admin/audit`: who did what, newest first, and whether the log is whole. */
export function registerAuditPage(web: Web, ctx: AuthContext): void {
  let last: Verified | null = null;
  const verified = async (again: boolean): Promise<Verified> => {
    const at = ctx.clock.now();
    if (last === null || again || toMs(at) - toMs(last.at) > VERDICT_LIVES_MS) {
      last = { verdict: await verifyAudit(ctx.db), at };
    }
    return last;
  };
  web.page('/admin/audit', { role: 'admin' }, async (visit) => {
    requireRole(visit.actor, 'admin');
    return auditPage(ctx, visit, await verified(visit.query.get('verify') === '1'));
  });
}

async function auditPage(ctx: AuthContext, visit: Visit, { verdict, at }: Verified): Promise<Page> {
  const words = authMessages(visit.language);
  const filter: AuditFilter = {};
  for (const name of ['actor', 'action', 'subject'] as const) filter[name] = visit.query.get(name)?.slice(0, 100);
  const before = /^\d{1,15}$/.exec(visit.query.get('before') ?? '');
  const page = { limit: PAGE_SIZE + 1, before: before === null ? undefined : Number(before[0]) };
  const rows = await auditEntries(ctx.db, filter, page);
  const shown = rows.slice(0, PAGE_SIZE);
  const locale = localeOf(visit, ctx.site(), ctx.clock.now());
  const oldest = shown.at(-1);
  const older = rows.length > PAGE_SIZE && oldest && pathTo(filter, { before: String(oldest.position) });
  const content = html`${state(visit, verdict, html`${words.auditCheckedAt} ${time(at, locale)}`)}
${filterForm(visit, filter)}
${card({ title: words.audit, flush: true, body: entriesTable(visit, shown, (instant) => time(instant, locale, { style: 'full' })) })}
<p>${before !== null && buttonLink(visit.link(pathTo(filter, {})), words.auditNewest)} ${
    typeof older === 'string' && buttonLink(visit.link(older), words.auditOlder)
  }</p>`;
  return adminPage(visit, '/admin/audit', content, { tabs: ctx.adminTabs() });
}

function pathTo(filter: AuditFilter, more: Record<string, string>): string {
  const wanted = new URLSearchParams();
  for (const [name, text] of Object.entries({ ...filter, ...more })) if (text) wanted.set(name, text);
  const query = wanted.toString();
  return query === '' ? '/admin/audit' : `/admin/audit?${query}`;
}

function state(visit: Visit, verdict: AuditVerdict, checked: Html): Html {
  const words = authMessages(visit.language);
  const again = html`${checked}. <a href="${visit.link('/admin/audit?verify=1')}">${words.auditCheck}</a>`;
  if (verdict.intact)
    return notice('success', visit.language, html`<p>${words.auditIntact(verdict.entries)} ${again}</p>`);
  const broken = html`<p><strong>${words.auditBroken(verdict.position)}</strong> ${words.auditReason(verdict.reason)} ${again}</p>`;
  return notice('error', visit.language, broken);
}

function filterForm(visit: Visit, filter: AuditFilter): Html {
  const words = authMessages(visit.language);
  const one = (name: keyof AuditFilter, label: string) =>
    field({ name, label, type: 'search', value: filter[name] ?? '', maxlength: 100 });
  const open = attributes({ open: Object.values(filter).some(Boolean) });
  return html`<details class="behind"${open}><summary>${words.auditFilter}</summary><form class="form" role="search" aria-label="${words.auditFilter}" method="get" action="${visit.link('/admin/audit')}">${one(
    'actor',
    words.auditWho,
  )}${one('action', words.auditAction)}${one('subject', words.auditSubject)}${button(words.find)}<p><a href="${visit.link(
    '/admin/audit',
  )}">${words.auditAll}</a></p></form></details>`;
}

function entriesTable(visit: Visit, rows: readonly AuditRow[], when: (instant: Instant) => Html): Html {
  const words = authMessages(visit.language);
  return table({
    caption: words.audit,
    rows,
    empty: words.auditEmpty,
    columns: [
      { title: '#', numeric: true, cell: (row) => row.position },
      { title: words.auditWhen, cell: (row) => when(row.at) },
      { title: words.auditWho, cell: (row) => row.actor },
      { title: words.auditAction, cell: (row) => html`<code>${row.action}</code>` },
      { title: words.auditSubject, cell: (row) => row.subject },
      { title: words.auditDetails, cell: (row) => detailsText(row.details) },
    ],
  });
}

/** `role: admin, sessions: 2` */
function detailsText(json: string): string {
  const details = JSON.parse(json) as Record<string, unknown>;
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(' ') : String(value)}`)
    .join(', ');
}
