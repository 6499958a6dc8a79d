import { ownPath } from '../../http/index.ts';

/** A path of ours, and none that would lead back to signing in. */
export function pathAfterSignIn(asked: string | null): string {
  const path = ownPath(asked);
  return /^\/(login|logout|forgot|reset|auth)\b/.test(path) ? '/' : path;
}
