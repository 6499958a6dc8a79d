import { requireRole } from '../../../../core/index.ts';
import { adminPage } from '../../../../platform/auth/index.ts';
import { buttonLink, notice } from '../../../../platform/design/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import type { FormAnswer, Page, Visit, Web } from '../../../../platform/http/index.ts';
import { isLanguage } from '../../../../platform/i18n/index.ts';
import type { NavigationEntry } from '../../../../platform/module/index.ts';
import {
  addChannel,
  enableSubscription,
  removeSubscription,
  retryDeliveries,
  rotateSecret,
  sendTest,
} from '../../actions/operate-subscriptions.ts';
import type { FieldProblem } from '../../actions/request-subscription.ts';
import type { SubscriptionContext } from '../../actions/subscription-context.ts';
import { EVERYTHING } from '../../domain/subscription.ts';
import { countDeliveries, type DeliveryState, lastDeliveries, listDeliveries } from '../../store/delivery-read.ts';
import { countSubscriptions, listSubscriptions, subscriptionsById } from '../../store/subscription-read.ts';
import { subjectLabel } from '../subjects.ts';
import { subscriptionsAdminMessages } from './admin-messages.ts';
import { ADMIN_PATH, addCard, listCard, logCard, shownTarget, viewTabs } from './admin-page.ts';
import { type Body, choicesOf, filterOf, valueOf } from './filter-form.ts';
import { secretCard } from './manage-pages.ts';
import { kindOf } from './routes-subscriptions.ts';
import type { Typed } from './subscribe-page.ts';
import { subscriptionMessages } from './subscription-messages.ts';

const PAGE_SIZE = 50;
const STATES: readonly DeliveryState[] = ['pending', 'sending', 'sent', 'failed'];

interface Above {
  typed: Typed & { language: string };
  problems: readonly FieldProblem[];
}

/** `/admin/subscriptions`: who is told by which way, what became of each message, and the buttons to help it along. */
export function registerSubscriptionsAdmin(web: Web, context: SubscriptionContext): readonly NavigationEntry[] {
  const role = { role: 'admin' } as const;
  web.page(ADMIN_PATH, role, async (visit) => {
    if (visit.query.get('view') === 'log') return logPage(context, visit);
    const kind = kindOf(visit.query.get('by'));
    const typed = { kind, target: '', owner: '', filter: EVERYTHING, language: visit.language };
    return await listPage(context, visit, { typed, problems: [] });
  });
  web.form(ADMIN_PATH, role, (visit, body) => takeChannel(context, visit, body));
  const press = (path: string, work: (visit: Visit, id: string) => Promise<FormAnswer>) =>
    web.form(`${ADMIN_PATH}/${path}`, role, (visit, body) => work(visit, valueOf(body, 'id')));
  const done = (visit: Visit, said: (words: ReturnType<typeof subscriptionsAdminMessages>) => string, query = '') => ({
    redirect: ADMIN_PATH + query,
    notice: said(subscriptionsAdminMessages(visit.language)),
  });
  press('test', async (visit, id) => {
    await sendTest(context, visit.actor, id);
    return done(visit, (words) => words.testSent);
  });
  press('enable', async (visit, id) => {
    await enableSubscription(context, visit.actor, id);
    return done(visit, (words) => words.enabled);
  });
  press('remove', async (visit, id) => {
    await removeSubscription(context, visit.actor, id);
    return done(visit, (words) => words.removed);
  });
  press('retry', async (visit, id) => {
    const count = await retryDeliveries(context, visit.actor, id === '' ? undefined : id);
    return done(visit, (words) => words.retried(count), '?view=log');
  });
  press('rotate', async (visit, id) => {
    const secret = await rotateSecret(context, visit.actor, id);
    return secretPage(visit, secretCard(visit, secret));
  });
  const label: NavigationEntry['label'] = (language) => subscriptionsAdminMessages(language).title;
  return [{ path: ADMIN_PATH, label, visible: () => true }];
}

async function takeChannel(context: SubscriptionContext, visit: Visit, body: Body): Promise<FormAnswer> {
  const choices = await choicesOf(context);
  const filter = filterOf(body, choices);
  const chosen = valueOf(body, 'language');
  const typed = {
    kind: kindOf(valueOf(body, 'kind')),
    target: valueOf(body, 'target').trim(),
    owner: valueOf(body, 'owner').trim(),
    filter: filter ?? EVERYTHING,
    language: isLanguage(chosen) ? chosen : visit.language,
  };
  const { nothingThere } = subscriptionMessages(visit.language);
  const added =
    filter === null
      ? { problems: [{ field: typed.kind, problem: nothingThere, remedy: '' }] }
      : await addChannel(context, visit.actor, typed, visit.language);
  if (added.problems !== null) return await listPage(context, visit, { typed, problems: added.problems });
  const words = subscriptionsAdminMessages(visit.language);
  if (added.secret === null) return { redirect: ADMIN_PATH, notice: words.added };
  return secretPage(
    visit,
    html`${notice('success', visit.language, html`<p>${words.added}</p>`)}${secretCard(visit, added.secret)}`,
  );
}

/** The answer of the form itself, so that the secret is nowhere but on this page. */
function secretPage(visit: Visit, shown: Html): Page {
  const { back } = subscriptionsAdminMessages(visit.language);
  const page = adminPage(visit, tabOf(visit), html`${shown}<p>${buttonLink(visit.link(ADMIN_PATH), back)}</p>`);
  return { ...page, status: 200 };
}

function tabOf({ language }: Visit): { path: string; title: string } {
  return { path: ADMIN_PATH, title: subscriptionsAdminMessages(language).title };
}

function pageOf(visit: Visit): number {
  const text = visit.query.get('page') ?? '1';
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 1;
}

function pagesOf(count: number): number {
  return Math.max(1, Math.ceil(count / PAGE_SIZE));
}

async function listPage(context: SubscriptionContext, visit: Visit, above: Above): Promise<Page> {
  requireRole(visit.actor, 'admin');
  const page = pageOf(visit);
  const counts = await countSubscriptions(context.db);
  const one = visit.query.get('id');
  const total = [...counts].reduce((sum, [state, count]) => (state === 'ended' ? sum : sum + count), 0);
  const subscriptions =
    one === null
      ? await listSubscriptions(context.db, { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE })
      : (await subscriptionsById(context.db, [one])).filter(({ audience }) => audience === 'public');
  const last = await lastDeliveries(
    context.db,
    subscriptions.map(({ id }) => id),
  );
  const choices = await choicesOf(context);
  const names = new Map(choices.subjects.map((subject) => [subject.key, subjectLabel(subject, subject.key)]));
  const list = listCard(context, visit, {
    subscriptions,
    counts,
    last,
    names,
    page,
    pages: one === null ? pagesOf(total) : 1,
  });
  const content = html`${viewTabs(visit, 'list')}${list}${addCard(visit, { choices, ...above })}`;
  return adminPage(visit, tabOf(visit), content);
}

async function logPage(context: SubscriptionContext, visit: Visit): Promise<Page> {
  requireRole(visit.actor, 'admin');
  const state = STATES.find((one) => one === visit.query.get('state'));
  const page = pageOf(visit);
  const counts = await countDeliveries(context.db);
  const total =
    state === undefined ? [...counts.values()].reduce((sum, count) => sum + count, 0) : (counts.get(state) ?? 0);
  const lines = await listDeliveries(context.db, { state, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE });
  const owners = await subscriptionsById(
    context.db,
    lines.map(({ subscription }) => subscription),
  );
  const targets = new Map(owners.map((owner) => [owner.id, shownTarget(owner)]));
  const staff = new Set(owners.filter(({ audience }) => audience === 'staff').map(({ id }) => id));
  const log = { lines, targets, staff, counts, state, page, pages: pagesOf(total) };
  const content = html`${viewTabs(visit, 'log')}${logCard(context, visit, log)}`;
  return adminPage(visit, tabOf(visit), content);
}
