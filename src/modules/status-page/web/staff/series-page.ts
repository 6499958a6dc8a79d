import { AppError, addMs, DAY, type Instant } from '../../../../core/index.ts';
import {
  breadcrumbs,
  buttonLink,
  card,
  clip,
  confirm,
  emptyState,
  form,
  notice,
  table,
} from '../../../../platform/design/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import type { Page, Visit, Web } from '../../../../platform/http/index.ts';
import { endSeries } from '../../actions/end-series.ts';
import { Obstacle } from '../../actions/obstacle.ts';
import { saveSeries } from '../../actions/save-series.ts';
import type { StatusPageContext } from '../../actions/status-page-context.ts';
import { type Occurrence, occurrences, parseRecurrence } from '../../domain/recurrence.ts';
import type { Series } from '../../domain/series.ts';
import { findSeries, readSeries } from '../../store/series-read.ts';
import { viewOf } from '../page-parts.ts';
import { publicMessages } from '../public-messages.ts';
import { formMessages } from './form-messages.ts';
import { actions, troubleNote, whenEnter } from './form-parts.ts';
import { newMessages } from './new-messages.ts';
import { pickedIn } from './picker.ts';
import { catalogFor } from './routes-new.ts';
import { seriesFields, seriesTyped } from './series-form.ts';
import { seriesMessages } from './series-messages.ts';
import { ruleIn } from './simple-rule.ts';
import { versionIn } from './staff-incident.ts';
import { NO_TROUBLE, orAgain, type Trouble } from './trouble.ts';
import { Typed } from './typed.ts';
import { type FormState, zoneOf } from './zoned-fields.ts';

const LIST = '/maintenances/series';
const FAR = 50 * 366 * DAY;
const SHOWN = 10;

/** `/maintenances/series`: maintenances that come again. */
export function registerSeriesPages(web: Web, context: StatusPageContext): void {
  web.page(LIST, { role: 'operator' }, (visit) => listPage(context, visit));
  web.page(`${LIST}/new`, { role: 'operator' }, (visit) =>
    pageOf(context, visit, { series: null, typed: seriesTyped(null) }),
  );
  web.page(`${LIST}/:series`, { role: 'operator' }, async (visit) => {
    const series = await seriesOf(context, visit);
    return await pageOf(context, visit, { series, typed: seriesTyped(series) });
  });
  for (const path of [`${LIST}/new`, `${LIST}/:series`]) {
    web.form(path, { role: 'operator' }, async (visit, body) => {
      const series = path.endsWith('/new') ? null : await seriesOf(context, visit);
      return await save(context, visit, { series, typed: new Typed(body) });
    });
  }
  web.form(`${LIST}/:series/end`, { role: 'operator' }, async (visit, body) => {
    const series = await seriesOf(context, visit);
    return await orAgain(
      visit.language,
      async () => {
        await endSeries(context, visit.actor, series.id, { version: versionIn(new Typed(body)) });
        return { redirect: LIST, notice: seriesMessages(visit.language).ended };
      },
      async (trouble) => await pageOf(context, visit, { series, typed: seriesTyped(series), trouble }),
    );
  });
}

interface Asked {
  series: Series | null;
  typed: Typed;
  trouble?: Trouble;
  /** The next ones, when they were asked for. */
  next?: readonly Occurrence[];
}

async function seriesOf(context: StatusPageContext, visit: Visit): Promise<Series> {
  const series = await findSeries(context.db, visit.params['series'] ?? '');
  if (series === null) throw new AppError('not_found', 'There is no such series.');
  return series;
}

async function save(context: StatusPageContext, visit: Visit, { series, typed }: Asked) {
  return await orAgain(
    visit.language,
    async () => {
      const wish = typed.text('do');
      if (wish === 'choose') return { ...(await pageOf(context, visit, { series, typed })), status: 200 };
      const input = inputOf(context, typed);
      const next = nextOf(input, context.clock.now());
      if (wish === 'preview') return { ...(await pageOf(context, visit, { series, typed, next })), status: 200 };
      await saveSeries(context, visit.actor, {
        ...(series === null ? {} : { id: series.id, version: versionIn(typed) }),
        ...input,
        title: typed.text('title'),
        description: typed.text('description'),
        components: pickedIn(typed, await catalogFor(context, visit)),
        contactEmail: typed.given('contactEmail'),
      });
      return { redirect: LIST, notice: seriesMessages(visit.language).saved };
    },
    async (trouble) => {
      // Sending again builds on what is there by then.
      const now = series === null ? null : await seriesOf(context, visit);
      const isOutdated = trouble.status === 409 && now !== null;
      const again = isOutdated ? typed.with({ version: String(now.version) }) : typed;
      return await pageOf(context, visit, { series: now, typed: again, trouble });
    },
  );
}

type Planned = Pick<Series, 'rule' | 'zone' | 'startLocal' | 'durationMinutes' | 'exceptions'>;

function inputOf(context: StatusPageContext, typed: Typed): Planned {
  return {
    rule: ruleIn(typed),
    zone: zoneOf(typed, context.site().timezone),
    startLocal: typed.text('startLocal').slice(0, 40),
    durationMinutes: Number(typed.given('hours') ?? '0') * 60 + Number(typed.given('minutes') ?? '0'),
    exceptions: typed
      .text('exceptions')
      .split(/[\s,;]+/)
      .filter(Boolean),
  };
}

/** The next ones as they would come; what cannot be followed is said beside its field. */
function nextOf(input: Planned, now: Instant): Occurrence[] {
  const rule = parseRecurrence(input.rule);
  const { durationMinutes } = input;
  if (!Number.isInteger(durationMinutes) || durationMinutes < 1) throw wrong('durationMinutes', 'must be 1 or more');
  const window = { from: now, until: addMs(now, FAR) };
  beside('startLocal', () => occurrences(rule, { ...input, durationMinutes: 1 }, { from: now, until: addMs(now, 1) }));
  return beside('durationMinutes', () => occurrences(rule, input, window, SHOWN + 1))
    .filter(({ start }) => start > now)
    .slice(0, SHOWN);
}

function beside<R>(field: string, work: () => R): R {
  try {
    return work();
  } catch (error) {
    throw error instanceof AppError && !(error instanceof Obstacle) ? wrong(field, error.message) : error;
  }
}

function wrong(field: string, detail: string): AppError {
  return new AppError('invalid', detail, { fields: [{ pointer: `/${field}`, detail }] });
}

async function pageOf(
  context: StatusPageContext,
  visit: Visit,
  { series, typed, trouble = NO_TROUBLE, next }: Asked,
): Promise<Page> {
  const words = seriesMessages(visit.language);
  const view = viewOf(context, visit);
  const state: FormState = { typed, trouble, language: visit.language, timezone: view.timezone };
  const title = series === null ? words.make : words.change;
  const path = [
    { href: view.link('/maintenances'), text: publicMessages(view.language).maintenances },
    { href: view.link(LIST), text: words.title },
  ];
  const action = view.link(series === null ? `${LIST}/new` : `${LIST}/${series.id}`);
  const body = html`${whenEnter('do', 'save')}<input type="hidden" name="version" value="${typed.text('version')}">${seriesFields(
    state,
    await catalogFor(context, visit),
  )}${actions(
    [
      { value: 'save', text: words.save },
      { value: 'preview', text: words.preview, kind: 'plain', unchecked: true },
    ],
    { href: view.link(LIST), text: formMessages(view.language).cancel },
  )}`;
  const ended = series !== null && series.endedAt !== null;
  const main = html`${breadcrumbs(view.language, path, title)}<h1>${title}</h1>${
    ended && notice('info', view.language, html`<p>${words.endedText}</p>`)
  }${troubleNote(trouble, labelsOf(state), view)}<div class="stack">${
    trouble.status === 409 && series !== null && card({ title: words.stored, body: storedPart(series) })
  }${next !== undefined && previewPart(next, { visit, zone: zoneOf(typed, view.timezone) })}${
    !ended &&
    card({ title: newMessages(view.language).details, body: form({ action, csrf: visit.csrf, body, wide: true }) })
  }${series !== null && !ended && endPart(series, visit)}</div>`;
  return { title, nav: '/maintenances', main };
}

function labelsOf({ language }: FormState): Record<string, string> {
  const words = seriesMessages(language);
  const said = formMessages(language);
  return {
    title: said.title,
    description: words.what,
    components: said.components,
    startLocal: words.firstStart,
    zone: said.zone,
    durationMinutes: words.hours,
    rule: words.repetition,
    exceptions: words.exceptions,
    contactEmail: newMessages(language).contact,
  };
}

function storedPart({ title, rule, zone, startLocal, description }: Series): Html {
  return html`<p><b>${clip(title, 200)}</b> <code>${rule}</code> ${startLocal.replace('T', ' ')} (${zone})</p><p>${clip(description, 1500)}</p>`;
}

/** Written out in the zone of the series: the script that shows times in the visitor's leaves these alone. */
function previewPart(next: readonly Occurrence[], { visit, zone }: { visit: Visit; zone: string }): Html {
  const words = seriesMessages(visit.language);
  const items = next.map(
    ({ start, end }) => html`<li>${momentText(start, visit, zone)} – ${momentText(end, visit, zone)}</li>`,
  );
  return card({
    title: words.previewTitle,
    id: 'preview',
    body:
      next.length === 0
        ? html`<p>${words.previewNone}</p>`
        : html`<p class="soft">${words.previewZone(zone)}</p><ol>${items}</ol>`,
  });
}

function momentText(instant: Instant, { language }: Visit, timeZone: string): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(Date.parse(instant));
}

function endPart({ id, version }: Series, visit: Visit): Html {
  const words = seriesMessages(visit.language);
  const ask = confirm({
    action: visit.link(`${LIST}/${id}/end`),
    csrf: visit.csrf,
    text: words.end,
    question: words.endAsk,
    language: visit.language,
    values: { version: String(version) },
  });
  return card({ title: words.endTitle, body: ask });
}

async function listPage(context: StatusPageContext, visit: Visit): Promise<Page> {
  const words = seriesMessages(visit.language);
  const all = await readSeries(context.db);
  const now = context.clock.now();
  const add = buttonLink(visit.link(`${LIST}/new`), words.make, 'primary');
  const nextText = (series: Series) => {
    const [first] = series.endedAt === null ? nextOf(series, now) : [];
    return first === undefined ? words.none : `${momentText(first.start, visit, series.zone)} (${series.zone})`;
  };
  const list = table({
    caption: words.title,
    rows: all,
    columns: [
      {
        title: words.name,
        cell: ({ id, title }) => html`<a href="${visit.link(`${LIST}/${id}`)}">${clip(title, 100)}</a>`,
      },
      { title: words.rule, cell: ({ rule }) => html`<code>${rule}</code>` },
      { title: words.next, cell: nextText },
      { title: words.state, cell: ({ endedAt }) => (endedAt === null ? words.running : words.endedState) },
    ],
  });
  const body =
    all.length === 0
      ? emptyState({ title: words.noneTitle, text: words.noneText, action: add })
      : card({ title: words.title, flush: true, body: list });
  const main = html`<div class="page-head"><h1>${words.title}</h1>${all.length > 0 && html`<p class="acts">${add}</p>`}</div><p class="soft">${words.intro}</p>${body}`;
  return { title: words.title, nav: '/maintenances', main };
}
