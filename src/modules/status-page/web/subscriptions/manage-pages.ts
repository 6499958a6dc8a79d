import {
  button,
  buttonLink,
  card,
  codeBlock,
  emptyState,
  form,
  mistakes,
  notice,
} from '../../../../platform/design/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import type { Page, Visit } from '../../../../platform/http/index.ts';
import type { Confirmed } from '../../actions/confirm-subscription.ts';
import type { Subscription } from '../../domain/subscription.ts';
import { type Choices, filterFields } from './filter-form.ts';
import { subscriptionMessages } from './subscription-messages.ts';

/** Their addresses are keys: nobody else learns them by a link that is followed, and nobody finds them by searching. */
const HEADERS = { 'referrer-policy': 'same-origin', 'x-robots-tag': 'noindex, nofollow' };

/** One thing to say, and where to go from there. */
export function wordPage(
  visit: Visit,
  { title, text, status, to }: { title: string; text: string; status?: number; to?: { href: string; text: string } },
): Page {
  const words = subscriptionMessages(visit.language);
  const link = to ?? { href: visit.link('/'), text: words.toOverview };
  const main = emptyState({ title, text, heading: 'h1', level: 'notice', action: buttonLink(link.href, link.text) });
  return { title, main, nav: '/subscribe', headers: HEADERS, ...(status === undefined ? {} : { status }) };
}

export function badLinkPage(visit: Visit): Page {
  const words = subscriptionMessages(visit.language);
  const to = { href: visit.link('/subscribe'), text: words.subscribe };
  return wordPage(visit, { title: words.badLinkTitle, text: words.badLinkText, status: 404, to });
}

export function noSubscriptionPage(visit: Visit): Page {
  const words = subscriptionMessages(visit.language);
  return wordPage(visit, { title: words.noneTitle, text: words.noneText, status: 404 });
}

/** A link that is followed by a scanner of mails confirms and ends nothing: a person presses the button. */
export function pressPage(visit: Visit, about: { title: string; text: string; press: string; action: string }): Page {
  const { title, text, press, action } = about;
  const body = html`<p>${text}</p>${form({ action: visit.link(action), csrf: visit.csrf, body: button(press) })}`;
  return { title, main: html`<h1>${title}</h1>${card({ title: press, body })}`, headers: HEADERS };
}

export function confirmedPage(visit: Visit, { subscription, secret }: Confirmed): Page {
  const words = subscriptionMessages(visit.language);
  const manage = visit.link(`/subscriptions/${subscription.manageToken}`);
  const main = html`<h1>${words.confirmedTitle}</h1><div class="stack">${notice(
    'success',
    visit.language,
    html`<p>${words.confirmedText}</p>`,
  )}${secretCard(visit, secret)}<p>${buttonLink(manage, words.manage)}</p></div>`;
  return { title: words.confirmedTitle, main, status: 200, headers: { ...HEADERS, 'cache-control': 'no-store' } };
}

/** A secret is seen once, where it was made. */
export function secretCard(visit: Pick<Visit, 'language'>, secret: string | null): Html {
  if (secret === null) return html``;
  const words = subscriptionMessages(visit.language);
  return card({
    title: words.secretTitle,
    body: html`<p>${words.secretText}</p>${codeBlock(words.secretTitle, secret)}`,
  });
}

export interface ManageProps {
  subscription: Subscription;
  choices: Choices;
  problem?: string;
}

/** `/subscriptions/:token`: what a subscriber is told of, and the way out. */
export function managePage(visit: Visit, { subscription, choices, problem }: ManageProps): Page {
  const words = subscriptionMessages(visit.language);
  const { kind, target, state, filter, manageToken, disabledReason } = subscription;
  const shown = kind === 'email' ? target : (URL.parse(target)?.host ?? '');
  const path = `/subscriptions/${manageToken}`;
  const about = html`<dl class="facts"><div><dt>${words.way}</dt><dd>${words.kind(kind)}: ${shown}</dd></div><div><dt>${words.stateName}</dt><dd>${words.state(state)}</dd></div></dl>`;
  const change = form({
    action: visit.link(path),
    csrf: visit.csrf,
    body: html`${mistakes(visit.language, problem === undefined ? [] : [problem])}${filterFields(visit, choices, filter)}${button(words.save)}`,
  });
  const end = form({
    action: visit.link(`${path}/end`),
    csrf: visit.csrf,
    body: html`<p>${words.endText}</p>${button(words.end, { kind: 'danger' })}`,
  });
  const disabled =
    state === 'disabled' && notice('warning', visit.language, html`<p>${words.disabledText(disabledReason ?? '')}</p>`);
  const main = html`<h1>${words.manageTitle}</h1><div class="stack">${
    visit.notice !== null && notice('success', visit.language, html`<p>${visit.notice}</p>`)
  }${disabled}${about}${card({ title: words.manage, body: change })}${card({ title: words.end, body: end })}</div>`;
  return { title: words.manageTitle, main, nav: '/subscribe', headers: HEADERS };
}
