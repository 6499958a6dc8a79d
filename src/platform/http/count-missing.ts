import type { FastifyRequest } from 'fastify';
import { AppError } from '../../core/index.ts';
import type { Rendered } from './page-cache.ts';
import type { Parts } from './parts.ts';

/**
 * Renders a page of which nothing is kept. There is no end of addresses at which nothing is: they count as pages made
 * anew, and who has asked for too many of them gets no more; what is there, and kept, goes on being served.
 */
export async function countMissing(
  { limiter, options }: Parts,
  request: FastifyRequest,
  render: () => Promise<Rendered>,
): Promise<Rendered> {
  const { pages } = options.limits;
  limiter.admit('page', request.ip, pages);
  const count = () => limiter.take('page', request.ip, pages);
  try {
    const rendered = await render();
    if (rendered.status === 404) count();
    return rendered;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') count();
    throw error;
  }
}
