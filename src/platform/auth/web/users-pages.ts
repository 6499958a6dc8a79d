import { ROLES, requireRole } from '../../../core/index.ts';
import {
  button,
  buttonLink,
  card,
  codeBlock,
  confirm,
  field,
  form,
  localeOf,
  notice,
  select,
  table,
  tag,
  time,
} from '../../design/index.ts';
import { type Html, html } from '../../html/index.ts';
import type { Page, Visit, Web } from '../../http/index.ts';
import { changeRole, createUser, type NewPassword, resetPassword, setUserDisabled } from '../actions/users.ts';
import type { AuthContext } from '../context.ts';
import { type AuthWords, authMessages } from '../messages.ts';
import type { Refusal } from '../rules/refusal.ts';
import { listUsers, type UserListRow } from '../store/user-read.ts';
import { adminPage } from './admin-tabs.ts';
import { mistakeAbove, mistakeOf, one, orAgain } from './form-answers.ts';
import { providerMessages } from './provider-messages.ts';

interface Typed {
  name: string;
  email: string;
  role: string;
}
const EMPTY: Typed = { name: '', email: '', role: 'viewer' };

/** `/admin/users`: who has an account; and a page for each. */
export function registerUserPages(web: Web, ctx: AuthContext): void {
  web.page('/admin', { role: 'admin' }, async (visit) => {
    const headers = { location: visit.link('/admin/users') };
    return { status: 303, type: 'text/plain; charset=utf-8', body: '', headers };
  });
  web.page('/admin/users', { role: 'admin' }, (visit) => usersPage(ctx, visit, EMPTY, null));
  web.page('/admin/users/:id', { role: 'admin' }, (visit) => userPage(ctx, visit, null));

  web.form('/admin/users', { role: 'admin' }, (visit, body) => {
    const typed = { name: one(body, 'name'), email: one(body, 'email'), role: one(body, 'role') };
    return orAgain(
      async () => passwordPage(visit, await createUser(ctx, visit.actor, typed), (words) => words.userCreated),
      (refusal) => usersPage(ctx, visit, typed, refusal),
    );
  });

  web.form('/admin/users/:id/password', { role: 'admin' }, (visit) =>
    orAgain(
      async () => passwordPage(visit, await resetPassword(ctx, visit.actor, userIdOf(visit)), null),
      (refusal) => userPage(ctx, visit, refusal),
    ),
  );

  web.form('/admin/users/:id/role', { role: 'admin' }, (visit, body) =>
    orAgain(
      async () => {
        await changeRole(ctx, visit.actor, { userId: userIdOf(visit), role: one(body, 'role') });
        return { redirect: '/admin/users', notice: authMessages(visit.language).roleChanged(one(body, 'name')) };
      },
      (refusal) => userPage(ctx, visit, refusal),
    ),
  );

  web.form('/admin/users/:id/state', { role: 'admin' }, (visit, body) =>
    orAgain(
      async () => {
        const disabled = one(body, 'disabled') === '1';
        await setUserDisabled(ctx, visit.actor, { userId: userIdOf(visit), disabled });
        const words = authMessages(visit.language);
        const say = disabled ? words.userDisabled : words.userEnabled;
        return { redirect: '/admin/users', notice: say(one(body, 'name')) };
      },
      (refusal) => userPage(ctx, visit, refusal),
    ),
  );
}

function userIdOf(visit: Visit): string {
  return visit.params['id'] ?? '';
}

async function usersPage(ctx: AuthContext, visit: Visit, typed: Typed, refusal: Refusal | null): Promise<Page> {
  requireRole(visit.actor, 'admin');
  const words = authMessages(visit.language);
  const locale = localeOf(visit, ctx.site(), ctx.clock.now());
  const users = table({
    caption: words.users,
    rows: await listUsers(ctx.db),
    columns: [
      {
        title: words.userName,
        cell: (user) => html`<a href="${visit.link(`/admin/users/${user.id}`)}">${user.name}</a>`,
      },
      { title: words.email, cell: (user) => user.email ?? words.none },
      { title: words.role, cell: (user) => words.roleName(user.role) },
      { title: words.state, cell: (user) => stateTag(user, words) },
      {
        title: words.lastSeen,
        cell: (user) =>
          user.last_seen_at === null ? words.none : time(user.last_seen_at, locale, { relative: 'ago' }),
      },
    ],
  });
  const content = html`${card({ title: words.users, body: users, flush: true })}${addCard(visit, typed, refusal)}`;
  return adminPage(visit, '/admin/users', content);
}

function stateTag(user: UserListRow, words: AuthWords): Html {
  if (user.disabled_at !== null) return tag(words.disabled, 'unknown');
  return user.must_change === 1 ? tag(words.oneTime, 'degraded') : tag(words.active, 'operational');
}

function addCard(visit: Visit, typed: Typed, refusal: Refusal | null): Html {
  const words = authMessages(visit.language);
  const body = html`${mistakeAbove(refusal, visit.language)}${field({
    name: 'name',
    label: words.userName,
    value: typed.name,
    autocomplete: 'off',
    maxlength: 64,
    required: true,
    error: mistakeOf(refusal, 'name', visit.language),
  })}${field({
    name: 'email',
    label: words.emailOptional,
    type: 'email',
    value: typed.email,
    autocomplete: 'off',
    maxlength: 254,
    error: mistakeOf(refusal, 'email', visit.language),
  })}${roleSelect(words, typed.role, mistakeOf(refusal, 'role', visit.language))}${button(words.createUser)}`;
  const action = visit.link('/admin/users');
  return card({ title: words.addUser, id: 'add', body: form({ action, csrf: visit.csrf, body }) });
}

function roleSelect(words: AuthWords, value: string, error: string | undefined): Html {
  const options = ROLES.map((role) => ({ value: role, text: words.roleName(role) }));
  return select({ name: 'role', label: words.role, hint: words.rolesHint, options, value, error });
}

async function userPage(ctx: AuthContext, visit: Visit, refusal: Refusal | null): Promise<Page> {
  requireRole(visit.actor, 'admin');
  const words = authMessages(visit.language);
  const back = html`<p>${buttonLink(visit.link('/admin/users'), words.backToUsers)}</p>`;
  const user = (await listUsers(ctx.db)).find((row) => row.id === userIdOf(visit));
  if (!user) return adminPage(visit, '/admin/users', html`<h2>${words.noUser}</h2>${back}`, { status: 404 });
  const path = `/admin/users/${user.id}`;
  const named = html`<input type="hidden" name="name" value="${user.name}">`;
  const role = html`${named}${roleSelect(words, user.role, mistakeOf(refusal, 'role', visit.language))}${button(words.changeRole)}`;
  const ask = (verb: string, text: string, question: string, values: Record<string, string>) =>
    confirm({
      action: visit.link(`${path}/${verb}`),
      csrf: visit.csrf,
      text,
      question,
      language: visit.language,
      values: { name: user.name, ...values },
    });
  const content = html`<div class="forms">${card({
    title: words.manage(user.name),
    aside: stateTag(user, words),
    body: html`${mistakeAbove(refusal, visit.language)}${
      user.issuer === null
        ? form({ action: visit.link(`${path}/role`), csrf: visit.csrf, body: role })
        : html`<p>${words.roleName(user.role)}</p><p class="soft">${providerMessages(visit.language).fromProvider(user.issuer)}</p>`
    }`,
  })}${card({
    title: words.state,
    body: html`<div class="stack">${user.issuer === null && ask('password', words.newOneTime, words.newOneTimeAsk(user.name), {})}${
      user.disabled_at === null
        ? ask('state', words.disable, words.disableAsk(user.name), { disabled: '1' })
        : ask('state', words.enable, words.enableAsk(user.name), { disabled: '0' })
    }</div>`,
  })}</div>${back}`;
  return adminPage(visit, '/admin/users', content);
}

/** The answer of the form itself, so that the password is nowhere but on this page. */
function passwordPage(
  visit: Visit,
  made: NewPassword,
  said: ((words: AuthWords) => (name: string) => string) | null,
): Page {
  const words = authMessages(visit.language);
  const content = html`${said !== null && notice('success', visit.language, html`<p>${said(words)(made.name)}</p>`)}${card(
    {
      title: words.oneTimeFor(made.name),
      body: html`<p>${words.shownOnce}</p>${codeBlock(words.oneTime, made.password)}`,
    },
  )}<p>${buttonLink(visit.link('/admin/users'), words.backToUsers)}</p>`;
  return adminPage(visit, '/admin/users', content, { status: 200 });
}
