import type { FastifyRequest } from 'fastify';
import { html } from '../html/index.ts';
import { isLanguage, preferredLanguage } from '../i18n/index.ts';
import type { Authenticated } from './authenticator.ts';
import { maskCsrf } from './csrf-mask.ts';
import type { HttpOptions } from './server.ts';
import type { Theme, Visit } from './web.ts';

export const NOTICE_COOKIE = 'signalbox_notice';
export const LANGUAGE_COOKIE = 'signalbox_language';
export const THEME_COOKIE = 'signalbox_theme';

/** Everything a handler knows of its request, from what came over the wire and who sent it. */
export function visitOf(request: FastifyRequest, who: Authenticated, options: HttpOptions): Visit {
  const site = options.site();
  const url = new URL(request.url, 'http://path');
  const cookies = cookiesOf(request);
  const chosen = cookies[LANGUAGE_COOKIE];
  const link = (path: string) => (path.startsWith('/') ? site.basePath + path : path);
  return {
    actor: who.actor,
    language: isLanguage(chosen) ? chosen : preferredLanguage(request.headers['accept-language']),
    path: withoutPrefix(url.pathname, site.basePath),
    query: url.searchParams,
    params: request.params as Record<string, string>,
    requestId: request.id,
    ip: request.ip,
    agent: (request.headers['user-agent'] ?? '').slice(0, 200),
    absolute: (path) => site.publicUrl + path,
    link,
    csrf:
      who.csrfToken === undefined ? html`` : html`<input type="hidden" name="csrf" value="${maskCsrf(who.csrfToken)}">`,
    cookies,
    theme: themeOf(cookies[THEME_COOKIE]),
    kiosk: url.searchParams.get('kiosk') === '1',
    notice: cookies[NOTICE_COOKIE]?.slice(0, 500) ?? null,
  };
}

export function cookiesOf(request: FastifyRequest): Record<string, string> {
  const cookies: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.cookies)) if (value !== undefined) cookies[name] = value;
  return cookies;
}

function themeOf(cookie: string | undefined): Theme {
  return cookie === 'light' || cookie === 'dark' ? cookie : 'auto';
}

function withoutPrefix(path: string, prefix: string): string {
  return prefix !== '' && path.startsWith(prefix) ? path.slice(prefix.length) || '/' : path;
}
