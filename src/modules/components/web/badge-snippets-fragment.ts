import { card, clip, codeBlock } from '../../../platform/design/index.ts';
import { type Html, html, joinHtml } from '../../../platform/html/index.ts';
import type { Language } from '../../../platform/i18n/index.ts';
import { pageMessages } from './messages.ts';

export interface BadgeSnippets {
  key: string;
  name: string;
  language: Language;
  /** Absolute, so that they work where they are pasted. */
  absolute: (path: string) => string;
  link: (path: string) => string;
  isPublic: boolean;
}

/** The badges as they look now, and what to paste to have them elsewhere. */
export function badgeSnippetsFragment(options: BadgeSnippets): Html {
  const { key, language, absolute, link } = options;
  const words = pageMessages(language);
  const name = clip(options.name, 80);
  const page = absolute(`/components/${key}`);
  const image = absolute(`/badges/${key}.svg`);
  const alt = words.badgeAlt(name);
  const markup = html`<a href="${page}"><img src="${image}" alt="${alt}"></a>`;
  const picture = (path: string, label: string) => html`<img src="${link(path)}" alt="${label}" height="20">`;
  return card({
    title: words.badge,
    body: html`${!options.isPublic && html`<p class="soft">${words.badgeHidden}</p>`}<p class="pictures">${joinHtml(
      [picture(`/badges/${key}.svg`, alt), picture(`/badges/${key}/uptime-30d.svg`, words.uptimeAlt(name))],
      ' ',
    )}</p>${codeBlock(words.markdown, `[![${markdownText(alt)}](${image})](${page})`)}${codeBlock(
      words.htmlSnippet,
      markup.toString(),
    )}${codeBlock(words.address, image)}${codeBlock(words.endpoint, absolute(`/badges/${key}.json`))}`,
  });
}

function markdownText(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, String.raw`\$&`);
}
