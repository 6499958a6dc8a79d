import { button, buttonLink, card, field, form } from '../../design/index.ts';
import { html } from '../../html/index.ts';
import type { Page, Visit, Web } from '../../http/index.ts';
import { login } from '../actions/login.ts';
import { logout } from '../actions/sessions.ts';
import type { AuthContext } from '../context.ts';
import { authMessages } from '../messages.ts';
import type { Refusal } from '../rules/refusal.ts';
import { mistakeAbove, one, orAgain, originOf } from './form-answers.ts';
import { providerMessages } from './provider-messages.ts';
import { leavingPage, providersCard, registerProviderPages } from './provider-pages.ts';
import { pathAfterSignIn } from './return-path.ts';

/** `/login` and `/logout`. */
export function registerSignInPages(web: Web, ctx: AuthContext): void {
  web.page('/login', {}, async (visit) => {
    const returnTo = pathAfterSignIn(visit.query.get('returnTo'));
    if (visit.actor.kind === 'user') return alreadySignedIn(visit, visit.actor.name, returnTo);
    return signInPage(ctx, visit, { typed: { name: '', returnTo }, refusal: null });
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
      (refusal) => signInPage(ctx, visit, { typed: { name, returnTo }, refusal }),
    );
  });

  web.form('/logout', {}, async (visit) => {
    const signedOut = await logout(ctx, visit.actor, visit.cookies);
    const notice = authMessages(visit.language).signedOut;
    const headers = { 'set-cookie': signedOut.cookies };
    return (await leavingPage(ctx, visit, signedOut)) ?? { redirect: '/login', notice, headers };
  });

  registerProviderPages(web, ctx);
}

interface SignInForm {
  typed: { name: string; returnTo: string };
  refusal: Refusal | null;
}

function signInPage(ctx: AuthContext, visit: Visit, { typed, refusal }: SignInForm): Page {
  const words = authMessages(visit.language);
  const providers = providersCard(ctx, visit, typed.returnTo);
  const few =
    ctx.settings().local === true ? '' : html`<p class="hint">${providerMessages(visit.language).adminsOnly}</p>`;
  const body = html`${few}${mistakeAbove(refusal, visit.language)}<input type="hidden" name="returnTo" value="${typed.returnTo}">
${field({
  name: 'name',
  label: words.nameOrEmail,
  value: typed.name,
  autocomplete: 'username',
  maxlength: 320,
  required: true,
  autofocus: typed.name === '' && providers === false,
})}${field({
  name: 'password',
  label: words.password,
  type: 'password',
  autocomplete: 'current-password',
  required: true,
  autofocus: typed.name !== '',
})}${button(words.signIn)}<p><a href="${visit.link('/forgot')}">${words.forgotten}</a></p>`;
  const main = html`<h1>${words.signIn}</h1><p class="soft">${words.signInIntro}</p>
<div class="stack">${providers}${card({ title: words.withPassword, body: form({ action: visit.link('/login'), csrf: visit.csrf, body, label: words.signIn }) })}</div>`;
  return { title: words.signIn, main };
}

function alreadySignedIn(visit: Visit, name: string, returnTo: string): Page {
  const words = authMessages(visit.language);
  const main = html`<h1>${words.signIn}</h1><p>${words.signedInAs(name)}</p>
<p>${buttonLink(visit.link(returnTo), words.goOn, 'primary')} ${buttonLink(visit.link('/account'), words.account)}</p>`;
  return { title: words.signIn, main };
}
