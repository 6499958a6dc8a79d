import { AUTH_MIGRATIONS } from './store/migrations/index.ts';
import { AUTH_TABLES } from './store/schema.ts';

export { ensureFirstAdministrator } from './actions/first-administrator.ts';
export { createToken, revokeToken } from './actions/tokens.ts';
export { createUser, type NewPassword, resetPassword } from './actions/users.ts';
export { type Auth, type AuthOptions, createAuth } from './auth.ts';
export type { AuthSettings, PasswordMailer } from './context.ts';
export { tokenState } from './rules/token-state.ts';
export { listTokens } from './store/token-store.ts';
export { findUserId, listUsers } from './store/user-read.ts';
export { administration, adminPage } from './web/admin-tabs.ts';
export { registerAuthPages } from './web/register-pages.ts';

/** What accounts keep in the database. */
export const authSchema = { name: 'auth', tables: AUTH_TABLES, migrations: AUTH_MIGRATIONS } as const;
export { AttemptCounter } from './attempts.ts';
export { addressKey } from './rules/address-key.ts';
