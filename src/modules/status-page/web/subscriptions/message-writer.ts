import { ANONYMOUS, ATTENTION_ORDER, type Instant } from '../../../../core/index.ts';
import type { Fact, Message } from '../../../../platform/notifications/index.ts';
import type { MessageWriter, ToldIncident } from '../../actions/subscription-context.ts';
import type { OverReason } from '../../domain/concern.ts';
import { EVERYTHING, isSameFilter, type Subscription } from '../../domain/subscription.ts';
import { readCatalog } from '../../store/component-read.ts';
import { type IncidentView, readIncidents, visibleKeys } from '../../store/incident-read.ts';
import { type IncidentPageView, kindWord, lampOf, spokenOf, updateText } from '../incident-fragment.ts';
import { incidentMessages } from '../incident-messages.ts';
import { incidentOut } from '../incident-shapes.ts';
import type { PageContext } from '../page-parts.ts';
import { subjectLabel, subjectsOf } from '../subjects.ts';
import { letterMessages } from './letter-messages.ts';

/** Of a long story the newest parts; the page has all of it. */
const MOST_UPDATES = 8;
const MOST_NAMED = 30;

/** Writes what subscribers get, with the names and words that the pages show to everybody. */
export function messageWriter(context: PageContext): MessageWriter {
  const base = () => context.site().publicUrl;
  const plain = ({ language }: Subscription, about: Pick<Message, 'type' | 'title' | 'text' | 'url'>): Message => ({
    ...about,
    language,
    level: null,
    impact: '',
    facts: [],
    at: context.clock.now(),
    data: {},
    thread: null,
  });
  const leaving = ({ manageToken }: Subscription) => ({ unsubscribeUrl: `${base()}/unsubscribe/${manageToken}` });
  return {
    incident: async (told, subscription) => ({
      ...(await incidentMessage(context, told, subscription)),
      ...leaving(subscription),
    }),
    digest: (messages, subscription) => ({ ...digestOf(messages, subscription, base()), ...leaving(subscription) }),
    confirm: (subscription, token) => {
      const words = letterMessages(subscription.language);
      const what = isSameFilter(subscription.filter, EVERYTHING) ? words.everything : words.part;
      const { title } = context.site();
      const text =
        subscription.kind === 'email'
          ? words.confirmText(title, what)
          : words.confirmHook(title, what, hostOf(subscription));
      const url = `${base()}/subscriptions/confirm/${token}`;
      return plain(subscription, { type: 'subscription.confirm', title: words.confirmTitle, text, url });
    },
    disabled: (subscription, reason) => {
      const words = letterMessages(subscription.language);
      const text = words.disabledText(hostOf(subscription), reason);
      return plain(subscription, {
        type: 'subscription.disabled',
        title: words.disabledTitle,
        text,
        url: `${base()}/subscribe`,
      });
    },
    test: (subscription) => {
      const words = letterMessages(subscription.language);
      const about = { type: 'subscription.test', title: words.testTitle, text: words.testText } as const;
      return { ...plain(subscription, { ...about, url: `${base()}/` }), ...leaving(subscription) };
    },
  };
}

/** Of an address only the host: the rest of it is often a password. */
function hostOf({ target }: Subscription): string {
  return URL.parse(target)?.host ?? '';
}

async function incidentMessage(
  context: PageContext,
  told: ToldIncident,
  subscription: Subscription,
): Promise<Omit<Message, 'unsubscribeUrl'>> {
  const { tell, view, incident, title } = told;
  const { language } = subscription;
  const words = letterMessages(language);
  const { publicUrl } = context.site();
  const now = context.clock.now();
  const common = {
    type: tell.type,
    language,
    url: `${publicUrl}/incidents/${incident.id}`,
    thread: `incident-${incident.id}`,
  };
  if (view === null) {
    const data = { incident: { id: incident.id, type: incident.type }, reason: tell.reason };
    const shown = title === '' ? words.hiddenTitle : title;
    return {
      ...common,
      level: null,
      impact: words.hidden,
      title: shown,
      text: words.hiddenText,
      facts: [],
      at: now,
      data,
    };
  }
  const shown = await shownOf(context, view, subscription);
  const fresh = view.updates.filter(({ id }) => id > told.toldUpdate).slice(0, MOST_UPDATES);
  const catalog = await readCatalog(context.db, { retired: true });
  const out = incidentOut(view, { catalog, isStaff: false, absolute: (path) => publicUrl + path });
  return {
    ...common,
    level: tell.reason === 'left' || tell.reason === 'merged' ? 'unknown' : lampOf(view),
    impact: impactOf(view, tell.reason, shown),
    title: view.title,
    text: textOf(view, { fresh, isFirst: told.toldUpdate === 0, reason: tell.reason, shown }),
    facts: factsOf(view, shown),
    at: fresh[0]?.at ?? now,
    data: { incident: JSON.parse(JSON.stringify(out)) as never, reason: tell.reason },
  };
}

async function shownOf(
  context: PageContext,
  view: IncidentView,
  { language }: Subscription,
): Promise<IncidentPageView> {
  const { db, components, clock } = context;
  const visible = await visibleKeys(components, ANONYMOUS);
  const ids = [...new Set(spokenOf([view]))];
  const others = ids.length === 0 ? [] : (await readIncidents(db, ANONYMOUS, visible, { ids })).incidents;
  const keys = [
    ...view.components,
    ...view.past.map(({ component }) => component),
    ...view.updates.flatMap(({ fact }) => (fact !== null && 'component' in fact ? [fact.component] : [])),
  ];
  const { publicUrl, timezone } = context.site();
  return {
    language,
    timezone,
    now: clock.now(),
    link: (path) => publicUrl + path,
    subjects: await subjectsOf(context, ANONYMOUS, keys),
    titles: new Map([view, ...others].map(({ id, title }) => [id, title])),
  };
}

function impactOf(view: IncidentView, reason: OverReason | null, shown: IncidentPageView): string {
  const words = letterMessages(shown.language);
  if (reason === 'left') return words.left;
  if (reason === 'merged') return words.merged;
  const status = incidentMessages(shown.language).status(view.status);
  return reason === null ? `${kindWord(view, shown)} · ${status}` : status;
}

interface Telling {
  fresh: readonly IncidentView['updates'][number][];
  isFirst: boolean;
  reason: OverReason | null;
  shown: IncidentPageView;
}

function textOf(view: IncidentView, { fresh, isFirst, reason, shown }: Telling): string {
  const words = letterMessages(shown.language);
  const statuses = incidentMessages(shown.language);
  const why = reason === 'left' ? words.leftText : reason === 'merged' ? words.mergedText : null;
  const about = isFirst ? (view.description ?? '') : '';
  const said = fresh
    .toReversed()
    .map((update) => `${statuses.status(update.status)}: ${update.text ?? updateText(update, view, shown)}`);
  return [why ?? '', ...(why === null ? said : []), about].filter((part) => part.trim() !== '').join('\n\n');
}

function factsOf(view: IncidentView, shown: IncidentPageView): Fact[] {
  const words = letterMessages(shown.language);
  const { start, end, type, components } = view;
  const names = components.slice(0, MOST_NAMED).map((key) => subjectLabel(shown.subjects.get(key), key));
  const more = components.length > MOST_NAMED ? ['…'] : [];
  const facts: Fact[] = [];
  if (names.length > 0) facts.push({ name: words.affected, value: [...names, ...more].join(', ') });
  if (type === 'incident') {
    facts.push({ name: words.began, value: minute(start) });
    if (end !== null) facts.push({ name: words.ended, value: minute(end) });
  } else facts.push({ name: words.planned, value: `${minute(start)}${end === null ? '' : ` – ${minute(end)}`}` });
  return facts;
}

function minute(instant: Instant): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

function digestOf(
  messages: readonly Message[],
  { language }: Subscription,
  base: string,
): Omit<Message, 'unsubscribeUrl'> {
  const words = letterMessages(language);
  const levels = messages.flatMap(({ level }) => (level === null ? [] : [level]));
  const worst = ATTENTION_ORDER.find((level) => levels.includes(level)) ?? null;
  return {
    type: 'subscription.digest',
    language,
    level: worst,
    impact: '',
    title: words.digest(messages.length),
    text: messages
      .map(({ impact, title, text, facts, url }) =>
        [`${impact}: ${title}`, text, ...facts.map(({ name, value }) => `${name}: ${value}`), url].join('\n\n'),
      )
      .join('\n\n---\n\n'),
    url: `${base}/`,
    facts: [],
    at: messages.reduce((last, { at }) => (at > last ? at : last), ''),
    data: { messages: messages.map(({ type, data }) => ({ type, data })) },
    thread: null,
  };
}
