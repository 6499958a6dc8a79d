import { createHash, randomBytes } from 'node:crypto';
import { canonicalTarget, type SubscriptionKind } from '../domain/subscription.ts';

/** 256 bits that fit into a path. */
export function newLinkToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a token that is used once. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** What targets are counted by: the same for every spelling of one. */
export function targetHash(kind: SubscriptionKind, target: string): string {
  return createHash('sha256')
    .update(`${kind}:${canonicalTarget(kind, target)}`)
    .digest('hex');
}
