import type { FastifyRequest } from 'fastify';
import { AppError } from '../../core/index.ts';
import type { Kept, Rendered } from './page-cache.ts';
import type { Parts } from './parts.ts';

interface Made {
  render: () => Promise<Rendered>;
  found: (render: () => Promise<Rendered>) => Promise<{ kept: Kept; stale: boolean }>;
  /** A page that turns out to be there counts nothing. */
  onlyMissing: boolean;
}

/**
 * Counts a page that is made for this request, since there is no end of searches and of addresses at which nothing is.
 * Whoever has asked for too many is refused before any work, and before others could wait for what is refused to him.
 */
export async function countMade(
  { limiter, options }: Parts,
  request: FastifyRequest,
  { render, found, onlyMissing }: Made,
): Promise<{ kept: Kept; stale: boolean }> {
  const { pages } = options.limits;
  limiter.take('page', request.ip, pages);
  let made: 'nothing' | 'page' | 'missing' = 'nothing';
  const watched = async (): Promise<Rendered> => {
    made = 'page';
    try {
      const rendered = await render();
      if (rendered.status === 404) made = 'missing';
      return rendered;
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') made = 'missing';
      throw error;
    }
  };
  try {
    return await found(watched);
  } finally {
    const counts = onlyMissing ? ['missing'] : ['page', 'missing'];
    if (!counts.includes(made)) limiter.giveBack('page', request.ip, pages);
  }
}
