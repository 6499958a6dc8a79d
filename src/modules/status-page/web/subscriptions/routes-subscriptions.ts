import { AppError, HOUR } from '../../../../core/index.ts';
import { AttemptCounter } from '../../../../platform/auth/index.ts';
import type { FormAnswer, Page, Visit, Web } from '../../../../platform/http/index.ts';
import { isLanguage } from '../../../../platform/i18n/index.ts';
import { changeFilter, unsubscribe } from '../../actions/change-subscription.ts';
import { confirmSubscription } from '../../actions/confirm-subscription.ts';
import { requestSubscription } from '../../actions/request-subscription.ts';
import type { SubscriptionContext } from '../../actions/subscription-context.ts';
import { tokenHash } from '../../actions/subscription-tokens.ts';
import { EVERYTHING, SUBSCRIPTION_KINDS, type SubscriptionKind } from '../../domain/subscription.ts';
import { managedSubscription, unconfirmedSubscription } from '../../store/subscription-read.ts';
import { type Body, choicesOf, filterFromQuery, filterOf, valueOf } from './filter-form.ts';
import { badLinkPage, confirmedPage, managePage, noSubscriptionPage, pressPage, wordPage } from './manage-pages.ts';
import { subscribePage, type Typed } from './subscribe-page.ts';
import { subscriptionMessages } from './subscription-messages.ts';

/** Subscriptions that one client may ask for in an hour. */
const MOST_PER_HOUR = 30;

/** Pages for visitors: asking for messages, confirming, changing and ending them. */
export function registerSubscriptionPages(web: Web, context: SubscriptionContext): void {
  const attempts = new AttemptCounter(context.clock, { most: MOST_PER_HOUR, windowMs: HOUR });
  web.page('/subscribe', { cached: { query: ['by', 'component', 'region', 'category'] } }, (visit) =>
    showForm(context, visit),
  );
  web.form('/subscribe', {}, (visit, body) => takeForm(context, attempts, visit, body));
  web.page('/subscribe/asked', { cached: true }, async (visit) => {
    const words = subscriptionMessages(visit.language);
    return wordPage(visit, { title: words.askedTitle, text: words.askedText });
  });
  registerConfirmation(web, context);
  registerManagement(web, context);
  registerUnsubscribe(web, context);
}

function isOpen(context: SubscriptionContext): boolean {
  return context.config().subscriptions.enabled && context.canMail();
}

export function kindOf(text: string | null): SubscriptionKind {
  return SUBSCRIPTION_KINDS.find((kind) => kind === text) ?? 'email';
}

async function showForm(context: SubscriptionContext, visit: Visit): Promise<Page> {
  const choices = await choicesOf(context);
  const typed: Typed = {
    kind: kindOf(visit.query.get('by')),
    target: '',
    owner: '',
    filter: filterFromQuery(visit.query, choices),
  };
  return subscribePage(visit, { choices, typed: isOpen(context) ? typed : null, problems: [] });
}

async function takeForm(
  context: SubscriptionContext,
  attempts: AttemptCounter,
  visit: Visit,
  body: Body,
): Promise<FormAnswer> {
  const choices = await choicesOf(context);
  const filter = filterOf(body, choices);
  const typed = {
    kind: kindOf(valueOf(body, 'kind')),
    target: valueOf(body, 'target').trim(),
    owner: valueOf(body, 'owner').trim(),
    filter: filter ?? EVERYTHING,
  };
  const { nothingThere } = subscriptionMessages(visit.language);
  const problems =
    filter === null
      ? [{ field: 'filter', problem: nothingThere, remedy: '' }]
      : await requestSubscription(context, attempts, { ...typed, language: visit.language }, visit.ip);
  if (problems.length === 0) return { redirect: '/subscribe/asked' };
  return subscribePage(visit, { choices, typed, problems });
}

function registerConfirmation(web: Web, context: SubscriptionContext): void {
  web.page('/subscriptions/confirm/:token', {}, async (visit) => {
    const { token = '' } = visit.params;
    const waiting = await unconfirmedSubscription(context.db, tokenHash(token), context.clock.now());
    if (waiting === null) return badLinkPage(visit);
    const words = subscriptionMessages(visit.language);
    const action = `/subscriptions/confirm/${token}`;
    return pressPage(visit, { title: words.confirmTitle, text: words.confirmText, press: words.confirm, action });
  });
  web.form('/subscriptions/confirm/:token', {}, async (visit) => {
    try {
      return confirmedPage(visit, await confirmSubscription(context, visit.params['token'] ?? ''));
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return badLinkPage(visit);
      throw error;
    }
  });
}

function registerManagement(web: Web, context: SubscriptionContext): void {
  const find = (visit: Visit) => managedSubscription(context.db, visit.params['token'] ?? '');
  web.page('/subscriptions/:token', {}, async (visit) => {
    const subscription = await find(visit);
    if (subscription === null) return noSubscriptionPage(visit);
    return subscription.state === 'ended'
      ? endedPage(visit)
      : managePage(visit, { subscription, choices: await choicesOf(context) });
  });
  web.form('/subscriptions/:token', {}, async (visit, body) => {
    const subscription = await find(visit);
    if (subscription === null || subscription.state === 'ended') return noSubscriptionPage(visit);
    const choices = await choicesOf(context);
    const filter = filterOf(body, choices);
    const { saved, nothingThere } = subscriptionMessages(visit.language);
    if (filter === null) return managePage(visit, { subscription, choices, problem: nothingThere });
    const language = isLanguage(visit.language) ? visit.language : subscription.language;
    await changeFilter(context, subscription.manageToken, { filter, language });
    return { redirect: `/subscriptions/${subscription.manageToken}`, notice: saved };
  });
  web.form('/subscriptions/:token/end', {}, async (visit) => {
    const subscription = await find(visit);
    if (subscription === null) return noSubscriptionPage(visit);
    await unsubscribe(context, subscription.manageToken);
    return { redirect: `/subscriptions/${subscription.manageToken}` };
  });
}

function endedPage(visit: Visit): Page {
  const words = subscriptionMessages(visit.language);
  const to = { href: visit.link('/subscribe'), text: words.subscribe };
  return wordPage(visit, { title: words.endedTitle, text: words.endedText, to });
}

/** RFC 8058: the button of a mail program sends a POST that comes from nowhere; a link that is opened only asks. */
function registerUnsubscribe(web: Web, context: SubscriptionContext): void {
  web.page('/unsubscribe/:token', {}, async (visit) => {
    const subscription = await managedSubscription(context.db, visit.params['token'] ?? '');
    if (subscription === null) return noSubscriptionPage(visit);
    if (subscription.state === 'ended') return endedPage(visit);
    const words = subscriptionMessages(visit.language);
    const action = `/subscriptions/${subscription.manageToken}/end`;
    return pressPage(visit, { title: words.end, text: words.endText, press: words.end, action });
  });
  web.hook('/unsubscribe/:token', { bodyLimit: 2000 }, async ({ params }) => {
    await unsubscribe(context, params['token'] ?? '');
    return { type: 'text/plain; charset=utf-8', body: 'Unsubscribed.\n' };
  });
}
