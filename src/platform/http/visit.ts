import type { FastifyRequest } from 'fastify';
import type { SiteConfig } from '../config/index.ts';
import { html } from '../html/index.ts';
import { isLanguage, type Language, preferredLanguage } from '../i18n/index.ts';
import type { Authenticated } from './authenticator.ts';
import { maskCsrf } from './csrf-mask.ts';
import type { HttpOptions } from './parts.ts';
import type { Theme, Visit } from './web.ts';

export const NOTICE_COOKIE = 'signalbox_notice';
export const LANGUAGE_COOKIE = 'signalbox_language';
export const THEME_COOKIE = 'signalbox_theme';

/** Everything a handler knows of its request, from what came over the wire and who sent it. */
export function visitOf(request: FastifyRequest, who: Authenticated, options: HttpOptions): Visit {
  const site = options.site();
  const query = queryOf(request.url);
  const cookies = cookiesOf(request);
  const link = (path: string) => (path.startsWith('/') ? site.basePath + path : path);
  return {
    actor: who.actor,
    ...shownTo(request),
    path: withoutPrefix(pathOf(request.url), site.basePath),
    query,
    params: request.params as Record<string, string>,
    requestId: request.id,
    ip: request.ip,
    agent: (request.headers['user-agent'] ?? '').slice(0, 200),
    absolute: (path) => site.publicUrl + path,
    link,
    csrf:
      who.csrfToken === undefined ? html`` : html`<input type="hidden" name="csrf" value="${maskCsrf(who.csrfToken)}">`,
    cookies,
    kiosk: query.get('kiosk') === '1',
    notice: cookies[NOTICE_COOKIE]?.slice(0, 500) ?? null,
  };
}

/** Cookies are for our own addresses: beside us others may live on the same host. */
export function cookiePath({ basePath }: SiteConfig): string {
  return basePath === '' ? '/' : basePath;
}

/** How this visitor wants to see pages. */
export function shownTo(request: FastifyRequest): { language: Language; theme: Theme } {
  const chosen = request.cookies[LANGUAGE_COOKIE];
  const language = isLanguage(chosen) ? chosen : languageOf(request.headers['accept-language']);
  return { language, theme: themeOf(request.cookies[THEME_COOKIE]) };
}

const MOST_HEADERS = 1000;
const languages = new Map<string, Language>();

/** Browsers send a few hundred different headers in all: each is read once. */
function languageOf(header = ''): Language {
  const known = languages.get(header);
  if (known) return known;
  const language = preferredLanguage(header);
  if (languages.size < MOST_HEADERS && header.length < 200) languages.set(header, language);
  return language;
}

export function cookiesOf(request: FastifyRequest): Record<string, string> {
  const cookies: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.cookies)) if (value !== undefined) cookies[name] = value;
  return cookies;
}

function themeOf(cookie: string | undefined): Theme {
  return cookie === 'light' || cookie === 'dark' ? cookie : 'auto';
}

/** The path as it came, but never one that a browser would take for another host when it stands in a link. */
export function pathOf(url: string): string {
  return url.replace(/\?.*$/s, '').replace(/^[/\\]+/, '/');
}

export function queryOf(url: string): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}

export function withoutPrefix(path: string, prefix: string): string {
  if (prefix === '' || !(path === prefix || path.startsWith(`${prefix}/`) || path.startsWith(`${prefix}?`)))
    return path;
  return path.slice(prefix.length).replace(/^[/\\]*/, '/');
}
