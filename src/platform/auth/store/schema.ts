import type { Role } from '../../../core/index.ts';
import { integer, nullable, type TablesOf, text } from '../../database/index.ts';

export const AUTH_TABLES = {
  auth_user: {
    id: text(),
    name: text(),
    /** The name with differences of case and width taken out; unique. */
    name_folded: text(),
    email: nullable(text()),
    email_folded: nullable(text()),
    role: text<Role>(),
    /** PHC string. */
    password_hash: text(),
    /** 1: the password was made for this person and is good for one thing, choosing another. */
    must_change: integer<0 | 1>(),
    disabled_at: nullable(text()),
    created_at: text(),
    password_changed_at: text(),
    /** Whose account it is at which OpenID Connect provider; both null for one with a password kept here. */
    issuer: nullable(text()),
    subject: nullable(text()),
  },
  auth_session: {
    id: text(),
    secret_hash: text(),
    user_id: text(),
    address: text(),
    agent: text(),
    created_at: text(),
    last_seen_at: text(),
    expires_at: text(),
    /** Id of the provider that was signed in with; null for a password. */
    provider: nullable(text()),
    /** For signing out there; sealed with the secret of the cookie, which is kept nowhere. */
    id_token: nullable(text()),
  },
  auth_token: {
    id: text(),
    prefix: text(),
    secret_hash: text(),
    name: text(),
    /** Words separated by blanks. */
    scopes: text(),
    created_at: text(),
    created_by: text(),
    expires_at: nullable(text()),
    last_used_at: nullable(text()),
    revoked_at: nullable(text()),
  },
  auth_password_reset: {
    secret_hash: text(),
    user_id: text(),
    created_at: text(),
    expires_at: text(),
    used_at: nullable(text()),
  },
  /** Sign-ins with a provider that were completed: none of them works twice. */
  auth_used_state: {
    state_hash: text(),
    used_at: text(),
  },
} as const;

export type AuthTables = TablesOf<typeof AUTH_TABLES>;
export type UserRow = AuthTables['auth_user'];
export type SessionRow = AuthTables['auth_session'];
export type TokenRow = AuthTables['auth_token'];
export type ResetRow = AuthTables['auth_password_reset'];
