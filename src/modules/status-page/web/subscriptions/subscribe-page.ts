import { button, card, clip, field, form, mistakes, notice, table, tabs } from '../../../../platform/design/index.ts';
import { type Html, html, joinHtml } from '../../../../platform/html/index.ts';
import type { Page, Visit } from '../../../../platform/http/index.ts';
import type { FieldProblem } from '../../actions/request-subscription.ts';
import { SUBSCRIPTION_KINDS, type SubscriptionFilter, type SubscriptionKind } from '../../domain/subscription.ts';
import { stepsOf } from '../feeds/feed-scope.ts';
import { feedsOf } from '../routes-public.ts';
import { type Choices, filterFields } from './filter-form.ts';
import { subscriptionMessages } from './subscription-messages.ts';

export interface Typed {
  kind: SubscriptionKind;
  target: string;
  owner: string;
  filter: SubscriptionFilter;
}

export interface SubscribeProps {
  choices: Choices;
  /** Null: only feeds are there. */
  typed: Typed | null;
  problems: readonly FieldProblem[];
}

/** `/subscribe`: every way to be told, each with what it is, and the form for one. */
export function subscribePage(visit: Visit, { choices, typed, problems }: SubscribeProps): Page {
  const words = subscriptionMessages(visit.language);
  const main = html`<h1>${words.subscribe}</h1><p class="soft">${words.intro}</p>
${
  typed === null
    ? notice('info', visit.language, html`<p>${words.noMail}</p>`)
    : html`${tabs(words.ways, waysOf(visit, typed.kind))}${formCard(visit, { choices, typed, problems })}`
}${feedsCard(visit, choices)}`;
  return {
    title: words.subscribe,
    nav: '/subscribe',
    main: html`<div class="stack">${main}</div>`,
    alternates: feedsOf(visit.language),
  };
}

function waysOf(visit: Visit, current: SubscriptionKind) {
  const words = subscriptionMessages(visit.language);
  return SUBSCRIPTION_KINDS.map((kind) => {
    const query = new URLSearchParams(visit.query);
    query.set('by', kind);
    return { href: visit.link(`/subscribe?${query.toString()}`), text: words.kind(kind), current: kind === current };
  });
}

function formCard(visit: Visit, { choices, typed, problems }: SubscribeProps & { typed: Typed }): Html {
  const words = subscriptionMessages(visit.language);
  const { kind, filter } = typed;
  const about = { email: words.emailText, webhook: words.webhookText, slack: words.slackText, teams: words.teamsText };
  const body = html`${mistakes(visit.language, summary(visit, problems))}<input type="hidden" name="kind" value="${kind}">${targetFields(
    visit,
    typed,
    problems,
  )}${filterFields(visit, choices, filter)}${button(words.send)}`;
  return card({
    title: words.kind(kind),
    body: html`<p class="soft">${about[kind]}</p>${form({ action: visit.link('/subscribe'), csrf: visit.csrf, body })}`,
  });
}

/** All mistakes by the names of their fields, for those who hear the page. */
function summary(visit: Visit, problems: readonly FieldProblem[]): string[] {
  const { email, url, owner } = subscriptionMessages(visit.language);
  const label = (name: string) => (name === 'email' ? email : name === 'owner' ? owner : url);
  return problems.map((found) => (found.field === 'filter' ? found.problem : `${label(found.field)}: ${said(found)}`));
}

function said({ problem, remedy }: FieldProblem): string {
  return `${clip(problem, 200)}. ${clip(remedy, 300)}`.replace(/^./, upper);
}

/** Where messages go, and who answers for it. */
export function targetFields(
  visit: Pick<Visit, 'language'>,
  { kind, target, owner }: Omit<Typed, 'filter'>,
  problems: readonly FieldProblem[],
  isOwnerOptional = false,
): Html {
  const words = subscriptionMessages(visit.language);
  const wrong = (name: string) => {
    const found = problems.find((problem) => problem.field === name);
    return found === undefined ? undefined : said(found);
  };
  const mail = { type: 'email' as const, maxlength: 254, autocomplete: 'email' };
  if (kind === 'email') {
    return field({ ...mail, name: 'target', label: words.email, value: target, required: true, error: wrong('email') });
  }
  return html`${field({
    name: 'target',
    label: words.url,
    hint: words.urlHint,
    type: 'url',
    value: target,
    maxlength: 2000,
    autocomplete: 'off',
    required: true,
    error: wrong(kind),
  })}${field({
    ...mail,
    name: 'owner',
    label: words.owner,
    hint: isOwnerOptional ? words.ownerOptional : words.ownerHint,
    value: owner,
    required: !isOwnerOptional,
    error: wrong('owner'),
  })}`;
}

function upper(first: string): string {
  return first.toUpperCase();
}

function feedsCard(visit: Visit, { regions, categories }: Choices): Html {
  const words = subscriptionMessages(visit.language);
  const regionSteps = stepsOf(regions.map(({ id }) => id));
  const categorySteps = stepsOf(categories);
  const rows = [
    { name: words.feedsAll, path: '/feeds/all' },
    ...regions.map(({ id, label }) => ({ name: label, path: `/feeds/region/${regionSteps.get(id) ?? ''}` })),
    ...categories.map((name) => ({ name, path: `/feeds/category/${categorySteps.get(name) ?? ''}` })),
  ];
  const links = (path: string) =>
    joinHtml(
      [
        ['Atom', 'atom'],
        ['RSS', 'rss'],
        ['JSON Feed', 'json'],
        [words.calendar, 'ics'],
      ].map(([text, ending]) => html`<a href="${visit.link(`${path}.${String(ending)}`)}">${text}</a>`),
      ' · ',
    );
  return card({
    title: words.feeds,
    id: 'feeds',
    flush: true,
    body: html`<div class="body"><p class="soft">${words.feedsText}</p></div>${table({
      caption: words.feeds,
      rows,
      columns: [
        { title: words.about, cell: ({ name }) => clip(name, 80) },
        { title: words.formats, cell: ({ path }) => html`<p>${links(path)}</p>` },
      ],
    })}`,
  });
}
