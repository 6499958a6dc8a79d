import { SECOND, toMs, UpstreamError } from '../../../core/index.ts';
import type { AddressProblem, Egress } from '../../egress/index.ts';
import type { Channel, Form } from '../channel.ts';
import type { Message } from '../message.ts';
import { notificationMessages } from '../notification-messages.ts';
import { faultOfAnswer, requireTaken } from '../rules/answer-failure.ts';
import { cutText, largestFit, pieces } from '../rules/cut-text.ts';
import { momentText } from '../rules/moment-text.ts';
import { cleanLine, plainText } from '../rules/plain-text.ts';
import { webLink } from '../rules/web-link.ts';

export interface SlackTarget {
  url: string;
}

const TIMEOUT = 15 * SECOND;
/** Slack says with these that the payload, the channel or the webhook is not what it was. */
const FINAL = [400, 403, 404, 410];

/** Slack refuses messages somewhere above 13,000 characters and does not say where. */
const MOST = 11_900;
const HEADER = 150;
const SECTION = 3000;
const FACTS = 10;
const FACT_NAME = 60;
const FACT_VALUE = 300;
const FALLBACK = 600;

/** Incoming webhooks of Slack, and gateways that speak the same and that the operator named in `egress.allow`. */
export function slackChannel({ egress, timezone }: { egress: Egress; timezone: () => string }): Channel<SlackTarget> {
  const isSlack = (url: string) =>
    ['https://hooks.slack.com', 'https://hooks.slack-gov.com'].includes(URL.parse(url)?.origin ?? '') ||
    egress.isExcepted(url);
  return {
    kind: 'slack',
    check: ({ url }, form) => egress.checkAddress(url, form) ?? (isSlack(url) ? null : notSlack(url, form)),
    faultOf: faultOfAnswer,
    send: async (message, { url }, { signal }) => {
      if (!isSlack(url)) {
        const remedy = 'Use an address at https://hooks.slack.com/, or name its host in egress.allow.';
        throw new UpstreamError('client', `The address is not one of Slack. ${remedy}`, { retry: false });
      }
      const body = JSON.stringify(slackPayload(message, timezone()));
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      requireTaken(await egress.post(url, { headers, body, timeoutMs: TIMEOUT, signal }), 'Slack', FINAL);
    },
  };
}

function notSlack(url: string, { field, language }: Form): AddressProblem {
  const { notSlack: problem, notSlackRemedy: remedy } = notificationMessages(language);
  // The path is the password of the real ones.
  return { field, value: URL.parse(url)?.origin ?? '', problem, remedy };
}

/** Slack takes these three for markup, and nothing else may be escaped. */
function marked(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Gateways call everybody for a bare `@channel`; a blank without width behind the sign keeps it readable. */
function escaped(text: string): string {
  return marked(text).replace(/@(?=(?:channel|here|everyone|all)\b)/gi, '@\u200b');
}

/** Escaped, and short enough when it is. */
function fitting(text: string, most: number): string {
  const head = cutText(text, most);
  const size = largestFit(head.length, (length) => escaped(cutText(head, length)).length <= most);
  return escaped(cutText(head, size));
}

/** Without `verbatim` Slack would make links and mentions of what looks like them. */
function mrkdwn(text: string) {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** As much of the text as there is room for; the link says where it goes on. */
function slackPayload(message: Message, timezone: string): object {
  const text = plainText(message.text);
  const build = (length: number) =>
    payload(message, { text: cutText(text, length), isCut: length < text.length, timezone });
  return build(largestFit(text.length, (length) => JSON.stringify(build(length)).length <= MOST));
}

interface Shown {
  text: string;
  isCut: boolean;
  timezone: string;
}

function payload(message: Message, { text, isCut, timezone }: Shown): object {
  const title = cleanLine(message.title);
  const impact = cleanLine(message.impact);
  const summary = [impact, title].filter((part) => part !== '').join(': ');
  const link = webLink(message.url);
  const facts = message.facts.slice(0, FACTS).map(({ name, value }) => {
    return mrkdwn(`*${fitting(cleanLine(name), FACT_NAME)}*\n${fitting(cleanLine(value), FACT_VALUE)}`);
  });
  const fallback = [
    fitting(summary, 2 * HEADER),
    fitting(text, FALLBACK),
    link === null ? '' : `<${marked(link)}>`,
  ].filter((part) => part !== '');
  return {
    text: fallback.join('\n') || '–',
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: fitting(title, HEADER) || '–', emoji: false } },
      { type: 'context', elements: [mrkdwn(contextLine(message, impact, timezone))] },
      ...pieces(text, SECTION, (part) => escaped(part).length).map((piece) => ({
        type: 'section',
        text: mrkdwn(escaped(piece)),
      })),
      ...(facts.length === 0 ? [] : [{ type: 'section', fields: facts }]),
      ...linkBlocks(message, isCut),
    ],
  };
}

/** Slack writes the moment in the zone of each reader. */
function contextLine({ at, language }: Message, impact: string, timezone: string): string {
  const seconds = Math.floor(toMs(at) / SECOND);
  const moment = `<!date^${seconds}^{date_short_pretty}, {time}|${escaped(momentText(at, language, timezone))}>`;
  return impact === '' ? moment : `*${fitting(impact, HEADER)}* · ${moment}`;
}

function linkBlocks({ language, type, url, unsubscribeUrl }: Message, isCut: boolean): object[] {
  const words = notificationMessages(language);
  const label = isCut ? words.readOn : type === 'subscription.confirm' ? words.confirm : words.open;
  const links = [
    { href: webLink(url), label },
    { href: webLink(unsubscribeUrl), label: words.unsubscribe },
  ].flatMap(({ href, label: text }) => (href === null ? [] : [`<${marked(href)}|${marked(text)}>`]));
  const text = links.join(' · ');
  return text === '' ? [] : [{ type: 'context', elements: [mrkdwn(text)] }];
}
