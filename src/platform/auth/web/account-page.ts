import { button, card, confirm, field, form, localeOf, table, tag, time } from '../../design/index.ts';
import { type Html, html } from '../../html/index.ts';
import type { Page, Visit, Web } from '../../http/index.ts';
import { changeEmail, changePassword } from '../actions/change-password.ts';
import { endOtherSessions, endSession, requireUser } from '../actions/sessions.ts';
import { type AuthContext, idleSince } from '../context.ts';
import { sessionSecret } from '../cookies.ts';
import { authMessages } from '../messages.ts';
import { mistake, type Refusal } from '../rules/refusal.ts';
import { secretHash } from '../secrets/random-secret.ts';
import type { UserRow } from '../store/schema.ts';
import { type OwnSession, sessionsOf } from '../store/session-store.ts';
import { userById } from '../store/user-read.ts';
import { deviceName } from './device-name.ts';
import { newPasswordFields } from './forgotten-pages.ts';
import { mistakeAbove, mistakeOf, one, orAgain, originOf } from './form-answers.ts';
import { providerMessages } from './provider-messages.ts';

/** Which of the page's forms was refused, why, and what was typed there. */
interface Refused {
  form: 'password' | 'email' | 'sessions';
  refusal: Refusal;
  email?: string;
}

/** `/account`: one's own password, address and sessions. */
export function registerAccountPage(web: Web, ctx: AuthContext): void {
  web.page('/account', { role: 'viewer' }, (visit) => accountPage(ctx, visit, null));

  web.form('/account/password', { role: 'viewer' }, (visit, body) =>
    orAgain(
      async () => {
        const next = one(body, 'next');
        if (one(body, 'repeat') !== next) throw mistake('repeat', (words) => words.notRepeated);
        const change = { current: one(body, 'current'), next };
        const { cookies } = await changePassword(ctx, visit.actor, change, originOf(visit));
        const notice = authMessages(visit.language).passwordChanged;
        return { redirect: '/account', notice, headers: { 'set-cookie': cookies } };
      },
      (refusal) => accountPage(ctx, visit, { form: 'password', refusal }),
    ),
  );

  web.form('/account/email', { role: 'viewer' }, (visit, body) => {
    const email = one(body, 'email');
    return orAgain(
      async () => {
        await changeEmail(ctx, visit.actor, { current: one(body, 'current'), email });
        return { redirect: '/account', notice: authMessages(visit.language).emailChanged };
      },
      (refusal) => accountPage(ctx, visit, { form: 'email', refusal, email }),
    );
  });

  web.form('/account/sessions/end', { role: 'viewer' }, (visit, body) =>
    orAgain(
      async () => {
        await endSession(ctx, visit.actor, one(body, 'id'));
        return { redirect: '/account', notice: authMessages(visit.language).sessionEnded };
      },
      (refusal) => accountPage(ctx, visit, { form: 'sessions', refusal }),
    ),
  );

  web.form('/account/sessions/end-others', { role: 'viewer' }, async (visit) => {
    const ended = await endOtherSessions(ctx, visit.actor, visit.cookies);
    return { redirect: '/account', notice: authMessages(visit.language).othersEnded(ended) };
  });
}

async function accountPage(ctx: AuthContext, visit: Visit, refused: Refused | null): Promise<Page> {
  const words = authMessages(visit.language);
  const { id } = requireUser(visit.actor);
  const user = await userById(ctx.db, id);
  if (!user) throw new Error('The account of a live session is gone.');
  const refusalOf = (name: Refused['form']) => (refused?.form === name ? refused.refusal : null);
  if (user.must_change === 1) {
    const main = html`<h1>${words.chooseOwnTitle}</h1><p>${words.chooseOwn}</p>
${passwordCard(visit, user, refusalOf('password'))}`;
    return { title: words.chooseOwnTitle, main };
  }
  const now = ctx.clock.now();
  const sessions = await sessionsOf(ctx.db, user.id, { now, idleSince: idleSince(ctx, now) });
  const main = html`<div class="heading"><h1>${user.name}</h1><p class="soft">${words.accountAs(words.roleName(user.role))}</p>${
    user.issuer !== null && html`<p class="soft">${providerMessages(visit.language).fromProvider(user.issuer)}</p>`
  }</div>
<div class="stack">${sessionsCard(ctx, visit, sessions, refusalOf('sessions'))}
${
  user.issuer === null &&
  html`<div class="forms">${passwordCard(visit, user, refusalOf('password'))}
${emailCard(visit, refused?.email ?? user.email ?? '', refusalOf('email'))}</div>`
}</div>`;
  return { title: words.account, main };
}

function passwordCard(visit: Visit, user: UserRow, refusal: Refusal | null): Html {
  const words = authMessages(visit.language);
  const body = html`${mistakeAbove(refusal, visit.language)}${ownName(visit)}
${
  user.must_change === 0 &&
  field({
    name: 'current',
    label: words.current,
    type: 'password',
    autocomplete: 'current-password',
    required: true,
    error: mistakeOf(refusal, 'current', visit.language),
  })
}${newPasswordFields(visit, refusal)}${button(words.changePassword)}`;
  const action = visit.link('/account/password');
  return card({ title: words.changePassword, id: 'password', body: form({ action, csrf: visit.csrf, body }) });
}

/** Tells a password manager whose password it is. */
function ownName(visit: Visit): Html {
  return html`<input type="hidden" name="username" autocomplete="username" value="${requireUser(visit.actor).name}">`;
}

function emailCard(visit: Visit, email: string, refusal: Refusal | null): Html {
  const words = authMessages(visit.language);
  const body = html`${mistakeAbove(refusal, visit.language)}${ownName(visit)}${field({
    name: 'email',
    label: words.email,
    type: 'email',
    hint: words.emailIntro,
    value: email,
    autocomplete: 'email',
    maxlength: 254,
    error: mistakeOf(refusal, 'email', visit.language),
  })}${field({
    name: 'current',
    id: 'email-current',
    label: words.current,
    type: 'password',
    autocomplete: 'current-password',
    required: true,
    error: mistakeOf(refusal, 'current', visit.language),
  })}${button(words.changeEmail, { kind: 'plain' })}`;
  const action = visit.link('/account/email');
  return card({ title: words.email, id: 'address', body: form({ action, csrf: visit.csrf, body }) });
}

function sessionsCard(ctx: AuthContext, visit: Visit, sessions: readonly OwnSession[], refusal: Refusal | null): Html {
  const words = authMessages(visit.language);
  const locale = localeOf(visit, ctx.site(), ctx.clock.now());
  const secret = sessionSecret(ctx.site(), visit.cookies);
  const here = secret === null ? null : secretHash(secret);
  const rows = table({
    caption: words.sessions,
    rows: sessions,
    columns: [
      {
        title: words.device,
        cell: (row) =>
          html`${deviceName(row.agent, words)}${row.secret_hash === here && html` ${tag(words.thisOne, 'operational')}`}`,
      },
      { title: words.address, cell: (row) => row.address },
      { title: words.signedInAt, cell: (row) => time(row.created_at, locale) },
      { title: words.lastSeen, cell: (row) => time(row.last_seen_at, locale, { relative: 'ago' }) },
      {
        title: words.endSession,
        cell: (row) =>
          row.secret_hash !== here &&
          confirm({
            action: visit.link('/account/sessions/end'),
            csrf: visit.csrf,
            text: words.endSession,
            question: words.endSessionAsk,
            language: visit.language,
            values: { id: row.id },
          }),
      },
    ],
  });
  const others =
    sessions.length > 1 &&
    confirm({
      action: visit.link('/account/sessions/end-others'),
      csrf: visit.csrf,
      text: words.endOthers,
      question: words.endOthersAsk,
      language: visit.language,
    });
  return card({
    title: words.sessions,
    id: 'sessions',
    body: html`${mistakeAbove(refusal, visit.language)}${rows}${others}`,
  });
}
