import type { Actor } from '../../core/index.ts';

/** Who a request comes from. */
export interface Authenticated {
  actor: Actor;
  /** For the hidden field of forms; absent without a session. */
  csrfToken?: string;
  /** The password was given by somebody else: only changing it is allowed. */
  mustChangePassword?: boolean;
}

/** What the HTTP layer needs of `platform/auth`. */
export interface Authenticator {
  /** Throws AppError('unauthenticated') for a bearer token that is not good; a bad cookie is just nobody. */
  authenticate(credentials: {
    cookies: Readonly<Record<string, string>>;
    authorization?: string;
  }): Promise<Authenticated>;
  /** Compares in constant time. */
  verifyCsrf(authenticated: Authenticated, sent: string): boolean;
}
