import type { Web } from '../../http/index.ts';
import type { Auth } from '../auth.ts';
import { registerAccountPage } from './account-page.ts';
import { registerAuditPage } from './audit-page.ts';
import { registerForgottenPages } from './forgotten-pages.ts';
import { registerSignInPages } from './sign-in-pages.ts';
import { registerTokensPage } from './tokens-page.ts';
import { registerUserPages } from './users-pages.ts';

/** Signing in and out, one's own account, and administration of accounts, tokens and the audit log. */
export function registerAuthPages(web: Web, auth: Auth): void {
  const { context } = auth;
  registerSignInPages(web, context);
  registerForgottenPages(web, context);
  registerAccountPage(web, context);
  registerUserPages(web, context);
  registerTokensPage(web, context);
  registerAuditPage(web, context);
}
