import { type ComponentKey, type Level } from '../../../../core/index.ts';
import {
  button,
  card,
  clip,
  confirm,
  form,
  localeOf,
  notice,
  pagination,
  select,
  table,
  tabs,
  tag,
  time,
} from '../../../../platform/design/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import type { Visit } from '../../../../platform/http/index.ts';
import type { FieldProblem } from '../../actions/request-subscription.ts';
import { SUBSCRIPTION_KINDS, type Subscription, type SubscriptionState } from '../../domain/subscription.ts';
import type { DeliveryLine, DeliveryState } from '../../store/delivery-read.ts';
import type { PageContext } from '../page-parts.ts';
import { subscriptionsAdminMessages } from './admin-messages.ts';
import { type Choices, filterFields, filterText } from './filter-form.ts';
import { type Typed, targetFields } from './subscribe-page.ts';
import { subscriptionMessages } from './subscription-messages.ts';

export const ADMIN_PATH = '/admin/subscriptions';

const SUBSCRIPTION_LEVEL: Readonly<Record<SubscriptionState, Level>> = {
  pending: 'unknown',
  active: 'operational',
  disabled: 'major_outage',
  ended: 'unknown',
};
const DELIVERY_LEVEL: Readonly<Record<DeliveryState, Level>> = {
  pending: 'unknown',
  sending: 'notice',
  sent: 'operational',
  failed: 'major_outage',
};

/** The two views of the page, as tabs below those of administration. */
export function viewTabs(visit: Visit, current: 'list' | 'log'): Html {
  const words = subscriptionsAdminMessages(visit.language);
  const said = visit.notice !== null && notice('success', visit.language, html`<p>${visit.notice}</p>`);
  return html`${said}${tabs(words.views, [
    { href: visit.link(ADMIN_PATH), text: words.list, current: current === 'list' },
    { href: visit.link(`${ADMIN_PATH}?view=log`), text: words.log, current: current === 'log' },
  ])}`;
}

export interface ListProps {
  subscriptions: readonly Subscription[];
  counts: ReadonlyMap<string, number>;
  last: ReadonlyMap<string, DeliveryLine>;
  names: ReadonlyMap<ComponentKey, string>;
  page: number;
  pages: number;
}

/**
 * Of an address that is a password only the host is shown, with the end of our own id: several lead to one host. Empty
 * where it was forgotten.
 */
export function shownTarget({ id, kind, target }: Pick<Subscription, 'id' | 'kind' | 'target'>): string {
  if (kind === 'email') return target;
  const host = URL.parse(target)?.host;
  return host === undefined ? '' : `${host} · ${id.slice(-SHORT_ID)}`;
}

/** The end of an id is random; its beginning is the time. */
const SHORT_ID = 6;

export function listCard(context: PageContext, visit: Visit, props: ListProps): Html {
  const words = subscriptionsAdminMessages(visit.language);
  const said = subscriptionMessages(visit.language);
  const locale = localeOf(visit, context.site(), context.clock.now());
  const { subscriptions, counts, last, names, page, pages } = props;
  const lastCell = ({ id }: Subscription) => {
    const line = last.get(id);
    if (line === undefined) return words.never;
    const when = time(line.sent_at ?? line.created_at, locale, { relative: 'ago' });
    return html`${tag(words.deliveryState(line.state), DELIVERY_LEVEL[line.state])} ${when}`;
  };
  const body = table({
    caption: words.list,
    rows: subscriptions,
    empty: words.none,
    columns: [
      { title: words.target, cell: (row) => clip(shownTarget(row), 80) },
      { title: words.way, cell: (row) => said.kind(row.kind) },
      { title: words.what, cell: (row) => clip(filterText(visit, row.filter, names), 160) },
      {
        title: words.state,
        cell: (row) =>
          html`${tag(said.state(row.state), SUBSCRIPTION_LEVEL[row.state])}${row.disabledReason !== null && html` <span class="soft">${clip(row.disabledReason, 160)}</span>`}`,
      },
      { title: words.last, cell: lastCell },
      { title: words.actions, cell: (row) => actionsOf(visit, row) },
    ],
  });
  const href = (to: number) => visit.link(`${ADMIN_PATH}?page=${to}`);
  return html`${card({
    title: words.list,
    aside: words.count(counts.get('active') ?? 0, counts.get('disabled') ?? 0),
    flush: true,
    body,
  })}${pagination({ page, pages, href, language: visit.language })}`;
}

function actionsOf(visit: Visit, row: Subscription): Html {
  const words = subscriptionsAdminMessages(visit.language);
  const { language, csrf } = visit;
  const to = (what: string) => visit.link(`${ADMIN_PATH}/${what}`);
  const press = (what: string, text: string) =>
    html`<form method="post" action="${to(what)}">${csrf}<input type="hidden" name="id" value="${row.id}">${button(text, { kind: 'plain', small: true })}</form>`;
  const asked = (what: string, text: string, question: string) =>
    confirm({ action: to(what), csrf, text, question, language, values: { id: row.id } });
  return html`${row.state === 'active' && press('test', words.test)}${row.state === 'disabled' && press('enable', words.enable)}${
    row.kind === 'webhook' && row.state !== 'pending' && asked('rotate', words.rotate, words.rotateAsk)
  }${asked('remove', words.remove, words.removeAsk(clip(shownTarget(row), 80)))}`;
}

export function addCard(
  visit: Visit,
  {
    choices,
    typed,
    problems,
  }: { choices: Choices; typed: Typed & { language: string }; problems: readonly FieldProblem[] },
): Html {
  const words = subscriptionsAdminMessages(visit.language);
  const said = subscriptionMessages(visit.language);
  const { kind, filter, language } = typed;
  const ways = SUBSCRIPTION_KINDS.map((way) => ({
    href: visit.link(`${ADMIN_PATH}?by=${way}#add`),
    text: said.kind(way),
    current: way === kind,
  }));
  const body = html`<input type="hidden" name="kind" value="${kind}">${targetFields(visit, typed, problems, true)}${select(
    {
      name: 'language',
      label: words.language,
      value: language,
      options: [
        { value: 'en', text: words.english },
        { value: 'it', text: words.italian },
      ],
    },
  )}${filterFields(visit, choices, filter)}${button(words.add)}`;
  return card({
    title: words.add,
    id: 'add',
    body: html`<p class="soft">${words.addText}</p>${tabs(said.ways, ways)}${form({ action: visit.link(ADMIN_PATH), csrf: visit.csrf, body })}`,
  });
}

export interface LogProps {
  lines: readonly DeliveryLine[];
  targets: ReadonlyMap<string, string>;
  /** Of these, whose messages are mail to staff. */
  staff: ReadonlySet<string>;
  counts: ReadonlyMap<DeliveryState, number>;
  state: DeliveryState | undefined;
  page: number;
  pages: number;
}

export function logCard(context: PageContext, visit: Visit, props: LogProps): Html {
  const words = subscriptionsAdminMessages(visit.language);
  const { counts, state, page, pages } = props;
  const href = (wanted: DeliveryState | undefined, to = 1) =>
    visit.link(
      `${ADMIN_PATH}?view=log${wanted === undefined ? '' : `&state=${wanted}`}${to === 1 ? '' : `&page=${to}`}`,
    );
  const states = (['pending', 'sending', 'sent', 'failed'] as const).map((one) => ({
    href: href(one),
    text: `${words.deliveryState(one)} ${counts.get(one) ?? 0}`,
    current: one === state,
  }));
  const all = { href: href(undefined), text: words.all, current: state === undefined };
  const retryAll =
    (counts.get('failed') ?? 0) > 0 &&
    form({
      action: visit.link(`${ADMIN_PATH}/retry`),
      csrf: visit.csrf,
      body: html`<p class="soft">${words.retryHint}</p>${button(words.retryAll, { kind: 'plain' })}`,
    });
  return html`${card({
    title: words.log,
    flush: true,
    body: html`<div class="body">${tabs(words.state, [all, ...states])}</div>${logTable(context, visit, props)}`,
  })}${retryAll}${pagination({ page, pages, href: (to) => href(state, to), language: visit.language })}`;
}

function logTable(context: PageContext, visit: Visit, { lines, targets, staff }: LogProps): Html {
  const words = subscriptionsAdminMessages(visit.language);
  const locale = localeOf(visit, context.site(), context.clock.now());
  return table({
    caption: words.log,
    rows: lines,
    empty: words.noDeliveries,
    columns: [
      {
        title: words.message,
        cell: (line) => messageCell(visit, line),
      },
      {
        title: words.target,
        cell: ({ subscription }) => targetCell(visit, subscription, { targets, staff }),
      },
      { title: words.state, cell: (line) => stateCell(visit, line) },
      { title: words.created, cell: (line) => time(line.created_at, locale, { style: 'full' }) },
      { title: words.attempts, numeric: true, cell: ({ attempts }) => attempts },
      {
        title: words.result,
        cell: (line) =>
          html`${resultOf(visit, line)}${
            isWaiting(line) &&
            html` <span class="soft">${words.next}: ${time(line.next_at, locale, { style: 'full' })}</span>`
          }`,
      },
    ],
  });
}

const KINDS = ['incident', 'maintenance', 'info'] as const;

/** What a message is, once it is written, and what it is about. */
function messageCell(visit: Visit, { type, incident }: DeliveryLine): Html {
  const words = subscriptionsAdminMessages(visit.language);
  if (incident === null) return html`${type}`;
  const kind = KINDS.find((one) => type.split('.').includes(one)) ?? null;
  const about = html`<a href="${visit.link(`/incidents/${incident}`)}">${words.incident(kind, incident)}</a>`;
  return html`${type === 'planned' ? words.unwritten : `${type}:`} ${about}`;
}

/** Those of staff have no row in the list of subscriptions. */
function targetCell(visit: Visit, subscription: string, { targets, staff }: Pick<LogProps, 'targets' | 'staff'>): Html {
  const target = targets.get(subscription);
  if (target === undefined || target === '') return html`–`;
  if (staff.has(subscription)) {
    return html`${clip(target, 80)} ${tag(subscriptionsAdminMessages(visit.language).staff)}`;
  }
  return html`<a href="${visit.link(`${ADMIN_PATH}?id=${subscription}`)}">${clip(target, 80)}</a>`;
}

/** Whether an attempt failed and the next one is still to come. */
function isWaiting({ state, attempts }: DeliveryLine): boolean {
  return state === 'pending' && attempts > 0;
}

function stateCell(visit: Visit, line: DeliveryLine): Html {
  const words = subscriptionsAdminMessages(visit.language);
  const { id, state, carrier } = line;
  const shown = tag(words.deliveryState(state), DELIVERY_LEVEL[state]);
  if (carrier !== null || !(state === 'failed' || isWaiting(line))) return shown;
  const text = state === 'failed' ? words.retry : words.tryNow;
  const action = visit.link(`${ADMIN_PATH}/retry`);
  const body = html`<input type="hidden" name="id" value="${id}">${button(text, { kind: 'plain', small: true })}`;
  return html`${shown}<form method="post" action="${action}">${visit.csrf}${body}</form>`;
}

function resultOf(visit: Visit, { last_error: error, carrier }: DeliveryLine): Html {
  const words = subscriptionsAdminMessages(visit.language);
  if (error !== null) return html`${clip(error, 300)}`;
  return carrier === null ? html`` : html`<span class="soft">${words.withOthers}</span>`;
}
