import type { FastifyRequest } from 'fastify';
import { AppError } from '../../core/index.ts';
import type { Parts } from './parts.ts';

/** Counted only when refused: many share an address, and who is let in is none of those who guess. */
export function denied({ options, limiter }: Parts, request: FastifyRequest, error: unknown): unknown {
  if (error instanceof AppError && error.code === 'unauthenticated') {
    limiter.take('denied', request.ip, options.limits.denials);
  }
  return error;
}
