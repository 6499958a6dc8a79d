import type { FastifyRequest } from 'fastify';
import { AppError } from '../../core/index.ts';
import type { SiteConfig } from '../config/index.ts';

/**
 * A state-changing request of a browser must come from our own pages: `Sec-Fetch-Site` says so, or `Origin` is ours.
 * A client that sends neither is no browser with our cookies and must use a token instead.
 */
export function requireSameOrigin(request: FastifyRequest, site: SiteConfig): void {
  const fetchSite = request.headers['sec-fetch-site'];
  if (fetchSite === 'same-origin') return;
  const origin = request.headers.origin;
  if (fetchSite === undefined && origin === new URL(site.publicUrl).origin) return;
  throw new AppError(
    'forbidden',
    'This form was not sent from our own pages. Open the page again and send it from there.',
  );
}
