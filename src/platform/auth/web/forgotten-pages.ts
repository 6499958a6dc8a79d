import { button, buttonLink, card, codeBlock, field, form } from '../../design/index.ts';
import { html } from '../../html/index.ts';
import type { Page, Visit, Web } from '../../http/index.ts';
import { requestReset, resetOwner, usePasswordLink } from '../actions/forgotten-password.ts';
import type { AuthContext } from '../context.ts';
import { authMessages } from '../messages.ts';
import { mistake, type Refusal } from '../rules/refusal.ts';
import { mistakeAbove, mistakeOf, one, orAgain, originOf } from './form-answers.ts';

/** `/forgot` and the page behind the mailed link. */
export function registerForgottenPages(web: Web, ctx: AuthContext): void {
  web.page('/forgot', {}, async (visit) => (ctx.mailer() === null ? noMailPage(visit) : forgotPage(visit, '', null)));

  web.form('/forgot', {}, async (visit, body) => {
    const email = one(body, 'email');
    return orAgain(
      async () => {
        await requestReset(ctx, { email, language: visit.language }, visit.ip);
        return { redirect: '/login', notice: authMessages(visit.language).linkSent };
      },
      (refusal) => forgotPage(visit, email, refusal),
    );
  });

  web.page('/reset/:token', {}, async (visit) => {
    const owner = await resetOwner(ctx, visit.params['token'] ?? '');
    return owner === null ? linkOverPage(visit) : newPasswordPage(visit, owner.name, null);
  });

  web.form('/reset/:token', {}, async (visit, body) => {
    const secret = visit.params['token'] ?? '';
    const next = one(body, 'next');
    return orAgain(
      async () => {
        if (one(body, 'repeat') !== next) throw mistake('repeat', (words) => words.notRepeated);
        const { cookies } = await usePasswordLink(ctx, { secret, next }, originOf(visit));
        const notice = authMessages(visit.language).passwordSet;
        return { redirect: '/login', notice, headers: { 'set-cookie': cookies } };
      },
      async (refusal) => {
        const owner = await resetOwner(ctx, secret);
        return owner === null ? linkOverPage(visit) : newPasswordPage(visit, owner.name, refusal);
      },
    );
  });
}

function forgotPage(visit: Visit, email: string, refusal: Refusal | null): Page {
  const words = authMessages(visit.language);
  const body = html`${mistakeAbove(refusal, visit.language)}${field({
    name: 'email',
    label: words.email,
    type: 'email',
    value: email,
    autocomplete: 'email',
    maxlength: 254,
    required: true,
    autofocus: true,
    error: mistakeOf(refusal, 'email', visit.language),
  })}${button(words.mailLink)}`;
  const main = html`<h1>${words.forgottenTitle}</h1><p class="soft">${words.forgottenIntro}</p>
${card({ title: words.mailLink, body: form({ action: visit.link('/forgot'), csrf: visit.csrf, body, label: words.forgottenTitle }) })}`;
  return { title: words.forgottenTitle, main };
}

function noMailPage(visit: Visit): Page {
  const words = authMessages(visit.language);
  const body = html`<p>${words.noMail}</p>${codeBlock(words.oneTime, 'signalbox admin reset <name>')}`;
  const main = html`<h1>${words.forgottenTitle}</h1>${card({ title: words.noMailTitle, body })}`;
  return { title: words.forgottenTitle, main };
}

/** The address of these pages is a secret: no other site learns it. */
const QUIET = { 'referrer-policy': 'same-origin' };

function newPasswordPage(visit: Visit, name: string, refusal: Refusal | null): Page {
  const words = authMessages(visit.language);
  const body = html`${mistakeAbove(refusal, visit.language)}${newPasswordFields(visit, refusal)}${button(words.changePassword)}`;
  const action = visit.link(`/reset/${visit.params['token'] ?? ''}`);
  const main = html`<h1>${words.newPassword}</h1><p class="soft">${words.newPasswordFor(name)}</p>
${card({ title: words.changePassword, body: form({ action, csrf: visit.csrf, body, label: words.newPassword }) })}`;
  return { title: words.newPassword, main, headers: QUIET };
}

function linkOverPage(visit: Visit): Page {
  const words = authMessages(visit.language);
  const main = html`<h1>${words.linkOverTitle}</h1><p>${words.linkOver}</p>
<p>${buttonLink(visit.link('/forgot'), words.askAgain, 'primary')}</p>`;
  return { title: words.linkOverTitle, main, status: 404, headers: QUIET };
}

/** A new password twice; what was typed is not sent back. */
export function newPasswordFields(visit: Visit, refusal: Refusal | null): ReturnType<typeof html> {
  const words = authMessages(visit.language);
  const shared = { type: 'password' as const, autocomplete: 'new-password', required: true, maxlength: 500 };
  return html`${field({
    ...shared,
    name: 'next',
    label: words.next,
    hint: words.nextHint,
    error: mistakeOf(refusal, 'next', visit.language),
  })}${field({
    ...shared,
    name: 'repeat',
    label: words.repeat,
    error: mistakeOf(refusal, 'repeat', visit.language),
  })}`;
}
