import { ANONYMOUS, type Instant } from '../../core/index.ts';
import type { SiteConfig } from '../config/index.ts';
import { attributes, type Html, html, trustedHtml, type View } from '../html/index.ts';
import type { Page, Theme, Visit } from '../http/index.ts';
import { LANGUAGES, type Language } from '../i18n/index.ts';
import type { NavigationEntry } from '../module/index.ts';
import { asset } from './assets.ts';
import { levelSymbols } from './level.ts';
import { logo } from './logo.ts';
import { designMessages } from './messages.ts';
import { clip, notice, tabs } from './parts.ts';
import { type Locale, time } from './when.ts';

export interface LayoutOptions {
  visit: Visit;
  page: Page;
  /** When the page was made; the footer says so. */
  asOf: Instant;
  site: SiteConfig;
  /** Entries of all modules in their order; those not for this actor are left out. */
  navigation: readonly NavigationEntry[];
}

const TITLE_MOST = 70;

/** Replaced by `staleNotice` when a kept page outlives the database. */
const STALE_PLACE = trustedHtml('<!--stale-->');

/** The words and zone of a visit. */
export function localeOf(visit: Pick<Visit, 'language'>, site: Pick<SiteConfig, 'timezone'>, now: Instant): Locale {
  return { language: visit.language, timezone: site.timezone, now };
}

/** The whole document around a page. */
export function layout(options: LayoutOptions): Html {
  const { visit, page, site } = options;
  const { kiosk } = visit;
  const words = designMessages(visit.language);
  const root = attributes({
    lang: visit.language,
    'data-theme': visit.theme,
    'data-kiosk': kiosk,
    'data-zone': site.timezone,
    'data-base': site.basePath,
    'data-as-of': options.asOf,
    'data-units': words.units,
    'data-ago': words.ago('{}'),
  });
  return html`<!DOCTYPE html>
<html${root}>
${head(options)}
<body>
${levelSymbols()}
<a class="skip" href="#main">${words.skip}</a>
${kiosk ? kioskHeader(options) : header(options)}
<main id="main" tabindex="-1">
${STALE_PLACE}${visit.notice !== null && notice('success', visit.language, visit.notice)}${heading(options)}${page.main}
</main>
${footer(options)}
<p class="vh" id="announce" aria-live="polite"></p>
</body>
</html>
`;
}

/** Heading and tabs of a page that is one of several behind one entry of the navigation. */
function heading({ visit, page, navigation }: LayoutOptions): Html | null {
  const entry = navigation.find(({ path }) => path === page.nav);
  if (page.tab === undefined || entry?.tabs === undefined) return null;
  const shown = entry.tabs.filter((tab) => tab.visible(visit.actor));
  const entries = shown.map(({ path, label }) => {
    return { href: visit.link(path), text: label(visit.language), current: path === page.tab };
  });
  return html`<h1>${page.title}</h1>${tabs(entry.label(visit.language), entries)}`;
}

/** What stands at the top of a kept page while the database does not answer. */
export function staleNotice(visit: Visit, asOf: Instant, site: SiteConfig): Html {
  const locale = localeOf(visit, site, asOf);
  return notice('warning', visit.language, html`<p>${designMessages(visit.language).stale} ${time(asOf, locale)}.</p>`);
}

/** What stands at the top of a page that was copied to another place: from when it is, and where the living one is. */
export function copyNotice(asOf: Instant, live: string, locale: Omit<Locale, 'now'>): Html {
  const { copyOf, livePage } = designMessages(locale.language);
  const made = time(asOf, { ...locale, now: asOf }, { style: 'full' });
  return notice('info', locale.language, html`<p>${copyOf} ${made}. ${livePage} <a href="${live}">${live}</a></p>`);
}

function head({ visit, page, site }: LayoutOptions): Html {
  // Longer ones are cut by every browser, and then the site's name is what is lost.
  const room = Math.max(20, TITLE_MOST - site.title.length - 3);
  const title = page.title === site.title ? page.title : `${clip(page.title, room - 1)} · ${site.title}`;
  return html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="${visit.link(asset('icon.svg'))}">
<link rel="stylesheet" href="${visit.link(asset('app.css'))}">
<script type="module" src="${visit.link(asset('app.js'))}"></script>
${page.alternates?.map(
  (alternate) =>
    html`<link rel="alternate" type="${alternate.type}" title="${alternate.title}" href="${visit.link(alternate.path)}">
`,
)}${
  // A wall screen without script looks again by itself.
  visit.kiosk && html`<noscript><meta http-equiv="refresh" content="60"></noscript>`
}</head>`;
}

function header(options: LayoutOptions): Html {
  const { visit, site } = options;
  const words = designMessages(visit.language);
  return html`<header class="top">
<a class="brand" href="${visit.link('/')}" aria-label="${words.home(site.title)}">${logo()}<b>${site.title}</b></a>
${site.demo && html`<span class="demo" title="${words.demoHint}">${words.demo}</span>`}
<nav class="main" aria-label="${words.mainNavigation}">${navigationLinks(options)}</nav>
<form class="find" role="search" action="${visit.link('/')}" method="get">
<input type="search" name="q" aria-label="${words.find}" placeholder="${words.find}" maxlength="100" autocomplete="off" aria-keyshortcuts="/"${attributes({ value: visit.query.get('q')?.slice(0, 100) })}><kbd title="${words.findHint}" aria-hidden="true">/</kbd><button type="submit" aria-label="${words.find}"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M11.2 11.2l3.6 3.6M12.5 7a5.5 5.5 0 1 1-11 0a5.5 5.5 0 0 1 11 0z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/></svg></button>
</form>
${account(visit)}
</header>`;
}

function navigationLinks({ visit, page, navigation }: LayoutOptions): View {
  return navigation
    .filter((entry) => entry.visible(visit.actor))
    .map(
      (entry) =>
        html`<a href="${visit.link(entry.path)}"${attributes({ 'aria-current': entry.path === page.nav && 'page' })}>${entry.label(visit.language)}</a>`,
    );
}

function account(visit: Visit): Html {
  const words = designMessages(visit.language);
  const { actor } = visit;
  if (actor.kind !== 'user') {
    const back = visit.path === '/' || visit.path === '/login' ? '' : `?returnTo=${encodeURIComponent(here(visit))}`;
    return html`<p class="account"><a href="${visit.link('/login')}${back}">${words.signIn}</a></p>`;
  }
  return html`<form class="account" method="post" action="${visit.link('/logout')}">${visit.csrf}<a href="${visit.link('/account')}" aria-label="${words.account(actor.name)}">${actor.name}</a> <button type="submit" class="plain">${words.signOut}</button></form>`;
}

/** A wall screen has nobody who clicks: a name, the clock and the list of pages to go through. */
function kioskHeader(options: LayoutOptions): Html {
  const { visit, site, navigation, asOf } = options;
  const words = designMessages(visit.language);
  // Pages of the person who set it up are nothing for the room.
  const pages = navigation
    .filter((entry) => entry.wall && entry.visible(ANONYMOUS))
    .map((entry) => visit.link(entry.path));
  return html`<header class="top wall" data-pages="${pages.join(' ')}"><span class="brand">${logo()}<b>${site.title}</b></span>${
    site.demo && html`<span class="demo">${words.demo}</span>`
  }<span class="clock">${time(asOf, localeOf(visit, site, asOf))}</span></header>`;
}

function footer(options: LayoutOptions): Html {
  const { visit, site, asOf } = options;
  const words = designMessages(visit.language);
  const locale = localeOf(visit, site, asOf);
  const made = html`<p><span data-zone-note="${words.timesInYours('{zone}')}">${words.timesIn(site.timezone)}</span> · <span data-live="as-of">${words.pageAsOf} ${time(asOf, locale)}</span></p>
<p class="offline" id="offline" role="status" data-text="${words.offline}" hidden></p>`;
  if (visit.kiosk) {
    return html`<footer class="bottom">${made}<p><a href="${visit.link(visit.path)}">${words.kioskLeave}</a></p></footer>`;
  }
  const feeds = options.page.alternates ?? [];
  return html`<footer class="bottom">
${made}
<p class="links">${feeds.map((feed) => html`<a href="${visit.link(feed.path)}">${feed.title}</a> `)}<a href="${visit.link('/api/docs')}">${words.api}</a> <a href="${visit.link(visit.path)}?kiosk=1">${words.kiosk}</a></p>
${preferences(visit)}
</footer>`;
}

const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', it: 'Italiano' };

/** Colours and language as buttons of a form: a choice is one press and needs no script. */
function preferences(visit: Visit): Html {
  const words = designMessages(visit.language);
  const themes: Record<Theme, string> = { auto: words.themeAuto, light: words.themeLight, dark: words.themeDark };
  const choice = (name: string, value: string, text: string, pressed: boolean) =>
    html`<button type="submit" name="${name}" value="${value}" aria-pressed="${String(pressed)}">${text}</button>`;
  return html`<form class="choices" method="post" action="${visit.link('/preferences')}"><input type="hidden" name="returnTo" value="${here(visit)}">
<fieldset><legend class="vh">${words.theme}</legend>${Object.entries(themes).map(([theme, text]) =>
    choice('theme', theme, text, theme === visit.theme),
  )}</fieldset>
<fieldset><legend class="vh">${words.language}</legend>${LANGUAGES.map((language) =>
    choice('language', language, LANGUAGE_NAMES[language], language === visit.language),
  )}</fieldset></form>`;
}

function here(visit: Visit): string {
  const query = visit.query.toString();
  return query === '' ? visit.path : `${visit.path}?${query}`;
}
