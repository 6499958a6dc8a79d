import { requireRole, SCOPES } from '../../../core/index.ts';
import {
  button,
  card,
  checkbox,
  codeBlock,
  confirm,
  emptyState,
  field,
  form,
  localeOf,
  mistakes,
  select,
  table,
  tag,
  time,
} from '../../design/index.ts';
import { type Html, html } from '../../html/index.ts';
import type { Page, Visit, Web } from '../../http/index.ts';
import { createToken, revokeToken } from '../actions/tokens.ts';
import { scopesOf } from '../authenticate.ts';
import type { AuthContext } from '../context.ts';
import { authMessages, EXPIRIES } from '../messages.ts';
import type { Refusal } from '../rules/refusal.ts';
import { tokenState } from '../rules/token-state.ts';
import type { TokenRow } from '../store/schema.ts';
import { listTokens } from '../store/token-store.ts';
import { adminPage } from './admin-tabs.ts';
import { many, mistakeAbove, mistakeOf, one, orAgain } from './form-answers.ts';

interface Typed {
  name: string;
  scopes: readonly string[];
  expires: string;
}

/** So many are looked through at a glance. */
const FEW = 8;

/** What stands above the list: a form that was refused, or the token that was just made. */
interface Above {
  typed: Typed;
  refusal: Refusal | null;
  made: string | null;
}
const NOTHING: Above = {
  typed: { name: '', scopes: ['signals:write'], expires: '90d' },
  refusal: null,
  made: null,
};

/** `/admin/tokens`: what programs may do, and since when they did not. */
export function registerTokensPage(web: Web, ctx: AuthContext): void {
  web.page('/admin/tokens', { role: 'admin' }, (visit) => tokensPage(ctx, visit, NOTHING));

  web.form('/admin/tokens', { role: 'admin' }, (visit, body) => {
    const typed = { name: one(body, 'name'), scopes: many(body, 'scopes'), expires: one(body, 'expires') };
    return orAgain(
      async () => {
        const { token } = await createToken(ctx, visit.actor, typed);
        // The answer of the form itself, so that the token is nowhere but on this page.
        return { ...(await tokensPage(ctx, visit, { ...NOTHING, typed, made: token })), status: 200 };
      },
      (refusal) => tokensPage(ctx, visit, { typed, refusal, made: null }),
    );
  });

  web.form('/admin/tokens/revoke', { role: 'admin' }, (visit, body) =>
    orAgain(
      async () => {
        await revokeToken(ctx, visit.actor, one(body, 'id'));
        return { redirect: '/admin/tokens', notice: authMessages(visit.language).tokenRevoked };
      },
      (refusal) => tokensPage(ctx, visit, { ...NOTHING, refusal }),
    ),
  );
}

async function tokensPage(ctx: AuthContext, visit: Visit, above: Above): Promise<Page> {
  requireRole(visit.actor, 'admin');
  const words = authMessages(visit.language);
  const wanted = (visit.query.get('q') ?? '').slice(0, 100);
  const rows = await listTokens(ctx.db);
  const fits = (row: TokenRow) => `${row.name} sbx_${row.prefix}`.toLowerCase().includes(wanted.toLowerCase());
  const list =
    rows.length === 0
      ? emptyState({ title: words.noTokens, text: words.noTokensText })
      : card({
          title: words.tokens,
          body: html`${(rows.length > FEW || wanted !== '') && findForm(visit, wanted)}${tokenTable(ctx, visit, rows.filter(fits))}`,
        });
  const content = html`<p class="soft">${words.tokensIntro} <code>Authorization: Bearer sbx_…</code></p>
${
  above.made !== null &&
  card({
    title: words.tokenCreated(above.typed.name),
    body: html`<p>${words.tokenShownOnce}</p>${codeBlock(words.tokenCreated(above.typed.name), above.made)}`,
  })
}${list}${above.made === null && addCard(visit, above)}`;
  return adminPage(visit, '/admin/tokens', content, { tabs: ctx.adminTabs() });
}

function findForm(visit: Visit, wanted: string): Html {
  const words = authMessages(visit.language);
  return html`<form class="form" role="search" aria-label="${words.findToken}" method="get" action="${visit.link('/admin/tokens')}">${field(
    {
      name: 'q',
      id: 'find-token',
      label: words.findToken,
      type: 'search',
      value: wanted,
      maxlength: 100,
    },
  )}${button(words.find, { kind: 'plain' })}</form>`;
}

function tokenTable(ctx: AuthContext, visit: Visit, rows: readonly TokenRow[]): Html {
  const words = authMessages(visit.language);
  const now = ctx.clock.now();
  const locale = localeOf(visit, ctx.site(), now);
  return table({
    caption: words.tokens,
    rows,
    empty: words.noneFound,
    columns: [
      { title: words.tokenName, cell: (row) => row.name },
      { title: words.tokenPrefix, cell: (row) => html`<code>sbx_${row.prefix}</code>` },
      { title: words.scopes, cell: (row) => scopesOf(row).join(', ') },
      {
        title: words.state,
        cell: (row) => {
          const state = tokenState(row, now);
          return tag(words.tokenState(state), state === 'active' ? 'operational' : 'unknown');
        },
      },
      {
        title: words.lastUsed,
        cell: (row) => (row.last_used_at === null ? words.never : time(row.last_used_at, locale, { relative: 'ago' })),
      },
      {
        title: words.expiresAt,
        cell: (row) => (row.expires_at === null ? words.noExpiry : time(row.expires_at, locale, { style: 'date' })),
      },
      {
        title: words.createdBy,
        cell: (row) => html`${row.created_by}, ${time(row.created_at, locale, { style: 'date' })}`,
      },
      {
        title: words.revoke,
        cell: (row) =>
          row.revoked_at === null &&
          confirm({
            action: visit.link('/admin/tokens/revoke'),
            csrf: visit.csrf,
            text: words.revoke,
            question: words.revokeAsk(row.name),
            language: visit.language,
            values: { id: row.id },
          }),
      },
    ],
  });
}

function addCard(visit: Visit, { typed, refusal }: Above): Html {
  const words = authMessages(visit.language);
  const scopeMistake = mistakeOf(refusal, 'scopes', visit.language);
  const scopes = SCOPES.map((scope) =>
    checkbox({
      name: 'scopes',
      id: `scope-${scope.replace(':', '-')}`,
      value: scope,
      label: words.scopeName(scope),
      hint: html`<code>${scope}</code>`,
      checked: typed.scopes.includes(scope),
    }),
  );
  const body = html`${mistakeAbove(refusal, visit.language)}${field({
    name: 'name',
    label: words.tokenName,
    hint: words.tokenNameHint,
    value: typed.name,
    autocomplete: 'off',
    maxlength: 100,
    required: true,
    error: mistakeOf(refusal, 'name', visit.language),
  })}<fieldset><legend>${words.scopes}</legend>${mistakes(visit.language, scopeMistake === undefined ? [] : [scopeMistake])}${scopes}</fieldset>
${select({
  name: 'expires',
  label: words.expires,
  options: EXPIRIES.map((choice) => ({ value: choice, text: words.expiresIn(choice) })),
  value: typed.expires,
  error: mistakeOf(refusal, 'expires', visit.language),
})}${button(words.createToken)}`;
  const action = visit.link('/admin/tokens');
  return card({ title: words.addToken, id: 'add', body: form({ action, csrf: visit.csrf, body }) });
}
