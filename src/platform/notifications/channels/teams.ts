import { type Level, SECOND } from '../../../core/index.ts';
import type { AddressProblem, Egress } from '../../egress/index.ts';
import type { Channel, Form } from '../channel.ts';
import type { Message } from '../message.ts';
import { notificationMessages } from '../notification-messages.ts';
import { faultOfAnswer, requireTaken } from '../rules/answer-failure.ts';
import { cutText, largestFit } from '../rules/cut-text.ts';
import { momentText } from '../rules/moment-text.ts';
import { cleanLine, plainText } from '../rules/plain-text.ts';
import { webLink } from '../rules/web-link.ts';

export interface TeamsTarget {
  /** Of a workflow that posts what it gets to a channel. It takes everything and fails later without a word. */
  url: string;
}

const TIMEOUT = 15 * SECOND;
/** The workflow is gone or switched off, or does not want what it got. */
const FINAL = [400, 401, 403, 404, 410, 413];

/** Teams refuses more than 28 kB. */
const MOST_BYTES = 27_000;
const TITLE = 200;
const FACTS = 20;
const FACT_NAME = 60;
const FACT_VALUE = 300;
const LINES = 150;

const COLORS: Record<Level, string> = {
  operational: 'Good',
  notice: 'Accent',
  degraded: 'Warning',
  partial_outage: 'Attention',
  major_outage: 'Attention',
  maintenance: 'Accent',
  unknown: 'Default',
};

/** The addresses that "Workflows" in Teams makes; a card of the version it shows everywhere. */
export function teamsChannel({ egress, timezone }: { egress: Egress; timezone: () => string }): Channel<TeamsTarget> {
  return {
    kind: 'teams',
    check: ({ url }, form) => egress.checkAddress(url, form) ?? (isConnector(url) ? retiredConnector(url, form) : null),
    faultOf: faultOfAnswer,
    send: async (message, { url }, { signal }) => {
      const body = JSON.stringify(teamsPayload(message, timezone()));
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      requireTaken(await egress.post(url, { headers, body, timeoutMs: TIMEOUT, signal }), 'Teams', FINAL);
    },
  };
}

/** Not an allow-list of hosts: Microsoft moved the workflows from one domain to another before. */
function isConnector(address: string): boolean {
  const { hostname = '', pathname = '' } = URL.parse(address) ?? {};
  return (
    /(^|\.)webhook\.office\.com$/.test(hostname) || (hostname === 'outlook.office.com' && /^\/webhook/.test(pathname))
  );
}

function retiredConnector(url: string, { field, language }: Form): AddressProblem {
  const { retiredConnector: problem, retiredConnectorRemedy: remedy } = notificationMessages(language);
  return { field, value: URL.parse(url)?.origin ?? '', problem, remedy };
}

/** As much of the text as there is room for; the button says where it goes on. */
function teamsPayload(message: Message, timezone: string): object {
  const text = plainText(message.text);
  const build = (length: number) =>
    card(message, { text: cutText(text, length), isCut: length < text.length, timezone });
  return build(largestFit(text.length, (length) => Buffer.byteLength(JSON.stringify(build(length))) <= MOST_BYTES));
}

/** A run of text in a RichTextBlock is text; a TextBlock or a FactSet would read Markdown in names and titles. */
function line(text: string, look: Record<string, string | boolean> = {}, block: Record<string, string> = {}) {
  return { type: 'RichTextBlock', ...block, inlines: [{ type: 'TextRun', text, ...look }] };
}

interface Shown {
  text: string;
  isCut: boolean;
  timezone: string;
}

function card(message: Message, { text, isCut, timezone }: Shown): object {
  const { level, language } = message;
  const title = cutText(cleanLine(message.title), TITLE);
  const impact = cutText(cleanLine(message.impact), TITLE);
  const moment = momentText(message.at, language, timezone);
  const color = level === null ? 'Default' : COLORS[level];
  const lines = text.split('\n').filter((one) => one.trim() !== '');
  const shown = lines.length <= LINES ? lines : lines.slice(0, LINES);
  const content = {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.4',
    lang: language,
    fallbackText: title,
    msteams: { width: 'Full' },
    body: [
      line(title, { weight: 'Bolder', size: 'Large' }),
      ...(impact === '' ? [] : [line(impact, { weight: 'Bolder', color }, { spacing: 'Small' })]),
      line(moment, { isSubtle: true }, { spacing: 'Small' }),
      ...shown.map((one) => line(one)),
      ...message.facts.slice(0, FACTS).map((fact) => factLine(fact.name, fact.value)),
    ],
    actions: actions(message, isCut || shown.length < lines.length),
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
  return { type: 'message', attachments: [attachment] };
}

function factLine(name: string, value: string) {
  const inlines = [
    { type: 'TextRun', text: `${cutText(cleanLine(name), FACT_NAME)}: `, weight: 'Bolder' },
    { type: 'TextRun', text: cutText(cleanLine(value), FACT_VALUE) },
  ];
  return { type: 'RichTextBlock', spacing: 'Small', inlines };
}

function actions({ language, type, url, unsubscribeUrl }: Message, isCut: boolean): object[] {
  const words = notificationMessages(language);
  const label = isCut ? words.readOn : type === 'subscription.confirm' ? words.confirm : words.open;
  return [
    { url: webLink(url), title: label },
    { url: webLink(unsubscribeUrl), title: words.unsubscribe },
  ]
    .filter((action) => action.url !== null)
    .map((action) => ({ type: 'Action.OpenUrl', ...action }));
}
