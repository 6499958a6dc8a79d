import { button, buttonLink, card, field, form } from '../../design/index.ts';
import { html } from '../../html/index.ts';
import { ownPath, type Page, type Visit, type Web } from '../../http/index.ts';
import { login } from '../actions/login.ts';
import { logout } from '../actions/sessions.ts';
import type { AuthContext } from '../context.ts';
import { authMessages } from '../messages.ts';
import type { Refusal } from '../rules/refusal.ts';
import { mistakeAbove, one, orAgain, originOf } from './form-answers.ts';

/** `/login` and `/logout`. */
export function registerSignInPages(web: Web, ctx: AuthContext): void {
  web.page('/login', {}, async (visit) => {
    const returnTo = pathAfterSignIn(visit.query.get('returnTo'));
    if (visit.actor.kind === 'user') return alreadySignedIn(visit, visit.actor.name, returnTo);
    return signInPage(visit, { name: '', returnTo }, null);
  });

  web.form('/login', {}, async (visit, body) => {
    const name = one(body, 'name');
    const returnTo = pathAfterSignIn(one(body, 'returnTo'));
    return orAgain(
      async () => {
        const password = one(body, 'password');
        const { cookies, mustChangePassword } = await login(ctx, { name, password }, originOf(visit));
        return { redirect: mustChangePassword ? '/account' : returnTo, headers: { 'set-cookie': cookies } };
      },
      (refusal) => signInPage(visit, { name, returnTo }, refusal),
    );
  });

  web.form('/logout', {}, async (visit) => {
    const cookies = await logout(ctx, visit.actor, visit.cookies);
    const notice = authMessages(visit.language).signedOut;
    return { redirect: '/login', notice, headers: { 'set-cookie': cookies } };
  });
}

/** A path of ours, and none that would lead back here. */
function pathAfterSignIn(asked: string | null): string {
  const path = ownPath(asked);
  return /^\/(login|logout|forgot|reset)\b/.test(path) ? '/' : path;
}

function signInPage(visit: Visit, typed: { name: string; returnTo: string }, refusal: Refusal | null): Page {
  const words = authMessages(visit.language);
  const body = html`${mistakeAbove(refusal, visit.language)}<input type="hidden" name="returnTo" value="${typed.returnTo}">
${field({
  name: 'name',
  label: words.nameOrEmail,
  value: typed.name,
  autocomplete: 'username',
  maxlength: 320,
  required: true,
  autofocus: typed.name === '',
})}${field({
  name: 'password',
  label: words.password,
  type: 'password',
  autocomplete: 'current-password',
  required: true,
  autofocus: typed.name !== '',
})}${button(words.signIn)}<p><a href="${visit.link('/forgot')}">${words.forgotten}</a></p>`;
  const main = html`<h1>${words.signIn}</h1><p class="soft">${words.signInIntro}</p>
${card({ title: words.withPassword, body: form({ action: visit.link('/login'), csrf: visit.csrf, body, label: words.signIn }) })}`;
  return { title: words.signIn, main };
}

function alreadySignedIn(visit: Visit, name: string, returnTo: string): Page {
  const words = authMessages(visit.language);
  const main = html`<h1>${words.signIn}</h1><p>${words.signedInAs(name)}</p>
<p>${buttonLink(visit.link(returnTo), words.goOn, 'primary')} ${buttonLink(visit.link('/account'), words.account)}</p>`;
  return { title: words.signIn, main };
}
