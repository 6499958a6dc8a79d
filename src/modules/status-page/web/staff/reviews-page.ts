import { type Actor, hasRole, system } from '../../../../core/index.ts';
import { button, buttonLink, card, clip, emptyState, form } from '../../../../platform/design/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import type { Page, Visit, Web } from '../../../../platform/http/index.ts';
import { reviewMaintenance } from '../../actions/review-maintenance.ts';
import type { StatusPageContext } from '../../actions/status-page-context.ts';
import { givenBack } from '../../domain/given-back.ts';
import { type IncidentView, readIncidents, visibleKeys } from '../../store/incident-read.ts';
import type { IncidentPageView } from '../incident-fragment.ts';
import { incidentViewOf } from '../page-parts.ts';
import { deedsMessages } from './deeds-messages.ts';
import { actions, markdownField, troubleNote } from './form-parts.ts';
import { givenBackNote } from './given-back-note.ts';
import { planPart, VERDICT_NOTICES } from './review-page.ts';
import { reviewsMessages } from './reviews-messages.ts';
import { versionIn } from './staff-incident.ts';
import { NO_TROUBLE, orAgain, type Trouble } from './trouble.ts';
import { Typed } from './typed.ts';

const WAITING = { types: ['maintenance'], statuses: ['pending_review'], order: 'start' } as const;

/** `/reviews`: what waits for an operator, decided on in place; authors see their own. */
export function registerReviewsPage(web: Web, context: StatusPageContext): void {
  web.page('/reviews', { role: 'creator' }, (visit) => pageOf(context, visit, null));
  web.form('/reviews', { role: 'operator' }, async (visit, body) => {
    const typed = new Typed(body);
    const id = Number(typed.text('incident'));
    return await orAgain(
      visit.language,
      async () => {
        const verdict = typed.text('do');
        await reviewMaintenance(context, visit.actor, id, {
          version: versionIn(typed),
          verdict,
          text: typed.given('text'),
        });
        const notice = deedsMessages(visit.language)[VERDICT_NOTICES[verdict as keyof typeof VERDICT_NOTICES]];
        return { redirect: '/reviews', notice };
      },
      (trouble) => pageOf(context, visit, { id, typed, trouble }),
    );
  });
}

/** How many wait for an operator, for the navigation; what was given back waits for its author. */
export async function countWaiting({ db }: Pick<StatusPageContext, 'db'>): Promise<number> {
  const { incidents } = await readIncidents(db, system('reviews'), null, WAITING);
  return incidents.filter((incident) => !isWithAuthor(incident)).length;
}

function isWithAuthor({ updates }: IncidentView): boolean {
  return givenBack(updates) !== null;
}

/** The form of the list that came back. */
interface Refused {
  id: number;
  typed: Typed;
  trouble: Trouble;
}

async function pageOf(context: StatusPageContext, visit: Visit, refused: Refused | null): Promise<Page> {
  const words = reviewsMessages(visit.language);
  const isOperator = hasRole(visit.actor, 'operator');
  const query = visit.query.get('q')?.slice(0, 100).trim() ?? '';
  const visible = await visibleKeys(context.components, visit.actor);
  const { incidents } = await readIncidents(context.db, visit.actor, visible, WAITING);
  const all = isOperator ? incidents : incidents.filter((incident) => isOwn(incident, visit.actor));
  const shown = all.filter((incident) => matches(incident, query)).toReversed();
  const view = await incidentViewOf(context, visit, { incidents: shown, visible });
  // One that was decided on meanwhile is gone from the list: what was typed about it must not be.
  const gone = refused !== null && !shown.some(({ id }) => id === refused.id);
  const lost = gone && html`<pre class="prose">${refused.typed.text('text')}</pre>`;
  const cards = (incidents: readonly IncidentView[]) =>
    incidents.map((incident) => reviewCard(incident, { view, visit, isOperator, refused }));
  const back = shown.filter(isWithAuthor);
  const waiting = shown.filter((incident) => !isWithAuthor(incident));
  // What an author has to change stands before what he waits for.
  const first = isOperator ? waiting : [...back, ...waiting];
  const list = first.length > 0 ? html`${cards(first)}` : nothing(visit, query !== '');
  const body = html`<div class="stack">${list}${isOperator && back.length > 0 && withAuthors(visit, cards(back))}</div>`;
  const count = all.filter((incident) => !isWithAuthor(incident)).length;
  const main = html`<div class="page-head"><h1>${words.title}</h1><p class="soft">${words.waiting(count)}</p></div>
<p class="soft">${isOperator ? words.intro : words.own}</p>${gone && html`${troubleNote(refused.trouble, {}, view)}${lost}`}${
    all.length > 1 && filterForm(visit, query)
  }${body}`;
  return { title: words.title, nav: '/reviews', main };
}

/** Below what waits: nothing is to be done about them now, and each is still found. */
function withAuthors(visit: Visit, cards: readonly Html[]): Html {
  const words = reviewsMessages(visit.language);
  return html`<div id="with-authors"><h2>${words.withAuthors}</h2><p class="soft">${words.withAuthorsText}</p></div>${cards}`;
}

function isOwn({ createdById }: IncidentView, actor: Actor): boolean {
  return actor.kind === 'user' && createdById === actor.id;
}

function matches({ title, description, createdBy }: IncidentView, query: string): boolean {
  const all = `${title}\n${description ?? ''}\n${createdBy}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

function filterForm(visit: Visit, query: string): Html {
  const words = reviewsMessages(visit.language);
  return html`<form class="filters" method="get" action="${visit.link('/reviews')}" aria-label="${words.filter}"><p><label for="q">${words.words}</label><input type="search" id="q" name="q" value="${query}" maxlength="100"></p><p class="acts">${button(
    words.show,
    { small: true },
  )}${query !== '' && buttonLink(visit.link('/reviews'), words.clear)}</p></form>
`;
}

function nothing(visit: Visit, isFiltered: boolean): Html {
  const words = reviewsMessages(visit.language);
  if (isFiltered) {
    const action = buttonLink(visit.link('/reviews'), words.clear);
    return emptyState({ title: words.noMatchTitle, text: words.noMatchText, action });
  }
  return emptyState({
    title: words.noneTitle,
    text: words.noneText,
    level: 'operational',
    action: buttonLink(visit.link('/incidents/new?type=maintenance'), words.announce),
  });
}

interface Showing {
  view: IncidentPageView;
  visit: Visit;
  isOperator: boolean;
  refused: Refused | null;
}

function reviewCard(incident: IncidentView, { view, visit, isOperator, refused }: Showing): Html {
  const words = reviewsMessages(view.language);
  const mine = refused?.id === incident.id ? refused : null;
  const title = clip(incident.title, 200);
  const link = html`<a href="${view.link(`/incidents/${incident.id}`)}">${words.change}</a>`;
  const isBack = isWithAuthor(incident);
  const note = givenBackNote({ incident, view }, isOwn(incident, visit.actor));
  const decide =
    isOperator && !isBack
      ? decideForm(incident, { view, visit, isOperator, refused: mine })
      : !isBack && html`<p>${link}</p>`;
  return card({
    title,
    id: `incident-${incident.id}`,
    aside: html`<a href="${view.link(`/incidents/${incident.id}`)}">${words.open}</a>`,
    body: html`${mine !== null && troubleNote(mine.trouble, {}, view)}${note}${planPart({ incident, view })}${decide}`,
  });
}

function decideForm(incident: IncidentView, { view, visit, refused }: Showing): Html {
  const words = deedsMessages(view.language);
  const { id } = incident;
  const trouble = refused?.trouble ?? NO_TROUBLE;
  const state = { typed: refused?.typed ?? new Typed({}), trouble, language: view.language, timezone: view.timezone };
  const body = html`<input type="hidden" name="incident" value="${id}"><input type="hidden" name="version" value="${incident.version}">${markdownField(
    state,
    { name: 'text', id: `text-${id}`, label: words.comment, hint: words.commentHint, most: 10_000, rows: 2 },
  )}${actions(
    [
      { value: 'approve', text: words.approve },
      { value: 'return', text: words.giveBack, kind: 'plain' },
      { value: 'reject', text: words.reject, kind: 'danger' },
    ],
    null,
  )}`;
  return form({
    action: view.link('/reviews'),
    csrf: visit.csrf,
    body,
    wide: true,
    label: clip(incident.title, 100),
  });
}
