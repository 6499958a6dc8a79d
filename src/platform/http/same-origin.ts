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

/**
 * The live stream is for our own pages. Over plain http browsers send no `Sec-Fetch-Site`; a foreign page then shows by
 * its `Origin`, which our own pages do not send with a GET. Programs send neither.
 */
export function refuseForeignReader(request: FastifyRequest, site: SiteConfig): void {
  const fetchSite = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const isForeign =
    fetchSite === undefined
      ? origin !== undefined && origin !== new URL(site.publicUrl).origin
      : fetchSite === 'cross-site' || fetchSite === 'same-site';
  if (isForeign) throw new AppError('forbidden', 'The live stream is for our own pages.');
}
