import type { FastifyReply } from 'fastify';
import { ANONYMOUS } from '../../core/index.ts';
import type { SiteConfig } from '../config/index.ts';
import { isLanguage } from '../i18n/index.ts';
import type { Parts } from './parts.ts';
import { requireSameOrigin } from './same-origin.ts';
import { cookiePath, LANGUAGE_COOKIE, THEME_COOKIE, visitOf } from './visit.ts';

const YEAR_SECONDS = 365 * 24 * 3600;

/** `POST /preferences` with `theme` and/or `language` and `returnTo`: how this browser wants to see the pages. */
export function registerPreferences({ app, options }: Parts): void {
  app.post(`${options.site().basePath}/preferences`, async (request, reply) => {
    requireSameOrigin(request, options.site());
    const visit = visitOf(request, { actor: ANONYMOUS }, options);
    const body = (request.body ?? {}) as Record<string, unknown>;
    if (body['theme'] === 'auto' || body['theme'] === 'light' || body['theme'] === 'dark') {
      remember(reply, THEME_COOKIE, body['theme'], options.site());
    }
    if (typeof body['language'] === 'string' && isLanguage(body['language'])) {
      remember(reply, LANGUAGE_COOKIE, body['language'], options.site());
    }
    return reply
      .code(303)
      .header('location', visit.link(ownPath(body['returnTo'])))
      .send();
  });
}

function remember(reply: FastifyReply, name: string, value: string, site: SiteConfig): void {
  reply.setCookie(name, value, {
    path: cookiePath(site),
    maxAge: YEAR_SECONDS,
    sameSite: 'lax',
    httpOnly: true,
    secure: site.publicUrl.startsWith('https:'),
  });
}

/** Only a path of ours; anything else goes to the overview. */
export function ownPath(path: unknown): string {
  return typeof path === 'string' && /^\/(?![/\\])[^\u0000-\u001f\\]*$/.test(path) ? path : '/';
}
