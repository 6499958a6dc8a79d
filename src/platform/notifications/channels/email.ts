import { UpstreamError } from '../../../core/index.ts';
import { isMailAddress } from '../../config/index.ts';
import { html, joinHtml } from '../../html/index.ts';
import { type Mail, type Mailer, RecipientRefused } from '../../mail/index.ts';
import type { Channel, Delivery } from '../channel.ts';
import type { Message } from '../message.ts';
import { notificationMessages } from '../notification-messages.ts';
import { cutText } from '../rules/cut-text.ts';
import { momentText } from '../rules/moment-text.ts';
import { cleanLine, cleanText, plainText } from '../rules/plain-text.ts';
import { webLink } from '../rules/web-link.ts';

export interface EmailTarget {
  address: string;
}

export interface EmailSite {
  title: string;
  publicUrl: string;
  timezone: string;
}

interface EmailDependencies {
  /** Null while no mail server is configured. */
  mailer: () => Mailer | null;
  site: () => EmailSite;
}

const MOST_TEXT = 20_000;

/** One mail to one person, of which nobody learns who else got it. */
export function emailChannel({ mailer, site }: EmailDependencies): Channel<EmailTarget> {
  return {
    kind: 'email',
    check: ({ address }, { field, language }) => {
      if (isMailAddress(address)) return null;
      const { notMail: problem, notMailRemedy: remedy } = notificationMessages(language);
      return { field, value: cutText(cleanLine(address), 80), problem, remedy };
    },
    // Years of subscriptions are not thrown away because our own mail server was wrong for three days.
    faultOf: (failure) => (failure instanceof RecipientRefused ? 'target' : 'ours'),
    send: async (message, { address }, delivery) => {
      if (!isMailAddress(address)) throw new RecipientRefused('The address is not a mail address.');
      const current = mailer();
      if (current === null) {
        const remedy = 'set smtp.host and smtp.from';
        throw new UpstreamError('client', `No mail server is configured: ${remedy}.`, { retry: true });
      }
      try {
        await current.send(mailOf(message, { address, delivery, site: site() }));
      } catch (error) {
        throw error instanceof UpstreamError && !(error instanceof RecipientRefused) ? repeatable(error) : error;
      }
    },
  };
}

/** What is wrong with our side is put right by its operator, and then the mail goes out. */
function repeatable({ reason, message }: UpstreamError): UpstreamError {
  return new UpstreamError(reason, message, { retry: true });
}

interface Envelope {
  address: string;
  delivery: Delivery;
  site: EmailSite;
}

function mailOf(message: Message, { address, delivery, site }: Envelope): Mail {
  const host = mailHost(site.publicUrl);
  const shown = content(message, site);
  const unsubscribe = unsubscribeHeaders(message.unsubscribeUrl);
  return {
    to: address,
    subject: `[${cleanLine(message.label ?? site.title)}] ${shown.title}`,
    text: textPart(shown),
    html: htmlPart(shown),
    messageId: `${delivery.id}@${host}`,
    // A root that was never sent: the first mail does not have to be remembered, and may be lost.
    ...(message.thread === null ? {} : { thread: `thread.${message.thread.replace(/[^A-Za-z0-9-]/g, '-')}@${host}` }),
    headers: unsubscribe,
  };
}

function mailHost(publicUrl: string): string {
  const name = new URL(publicUrl).hostname;
  return /^[a-z0-9.-]+$/.test(name) ? name : 'localhost';
}

/** RFC 8058: mail programs show a button that needs no page; it asks for https. */
function unsubscribeHeaders(address: string | undefined): Record<string, string> {
  const link = webLink(address);
  if (link === null) return {};
  const oneClick = { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
  return { 'List-Unsubscribe': `<${link}>`, ...(link.startsWith('https:') ? oneClick : {}) };
}

function content(message: Message, site: EmailSite) {
  const { language } = message;
  const words = notificationMessages(language);
  return {
    language,
    title: cleanLine(message.title),
    impact: cleanLine(message.impact),
    moment: momentText(message.at, language, site.timezone),
    markdown: cutText(cleanText(message.text), MOST_TEXT),
    plain: cutText(plainText(message.text), MOST_TEXT),
    facts: message.facts.map(({ name, value }) => ({ name: cleanLine(name), value: cleanLine(value) })),
    link: webLink(message.url),
    linkWords: message.type === 'subscription.confirm' ? words.confirm : words.open,
    unsubscribe: webLink(message.unsubscribeUrl),
    unsubscribeWords: words.unsubscribe,
    sentBy: words.sentBy(cleanLine(site.title)),
  };
}
type Content = ReturnType<typeof content>;

function textPart(shown: Content): string {
  const { title, impact, moment, markdown, facts, link, linkWords, unsubscribe, unsubscribeWords, sentBy } = shown;
  const parts = [
    [impact === '' ? title : `${impact}: ${title}`, moment].join('\n'),
    markdown,
    facts.map(({ name, value }) => `${name}: ${value}`).join('\n'),
    link === null ? '' : `${linkWords}:\n${link}`,
    [`-- \n${sentBy}`, ...(unsubscribe === null ? [] : [`${unsubscribeWords}: ${unsubscribe}`])].join('\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Nothing in it is fetched from anywhere: who opens the mail tells nobody. */
function htmlPart(shown: Content): string {
  const { language, title, impact, moment, plain, facts, link, linkWords, unsubscribe, unsubscribeWords } = shown;
  const paragraphs = plain.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== '');
  return html`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body style="font-family: system-ui, sans-serif; line-height: 1.5; max-width: 40em; margin: 1em auto; padding: 0 1em">
<h1 style="font-size: 1.3em; margin: 0">${title}</h1>
<p style="margin: 0.3em 0 1em">${impact !== '' && html`<strong>${impact}</strong> · `}${moment}</p>
${paragraphs.map((paragraph) => html`<p>${joinHtml(paragraph.split('\n'), html`<br>`)}</p>\n`)}${
  facts.length > 0 &&
  html`<p>${joinHtml(
    facts.map(({ name, value }) => html`<strong>${name}:</strong> ${value}`),
    html`<br>`,
  )}</p>\n`
}${link !== null && html`<p><a href="${link}">${linkWords}</a></p>\n`}<p style="font-size: 0.85em">${shown.sentBy}${
    unsubscribe !== null && html` <a href="${unsubscribe}">${unsubscribeWords}</a>`
  }</p>
</body>
</html>
`.toString();
}
