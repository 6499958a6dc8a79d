import type { Clock } from '../../core/index.ts';
import type { SiteConfig } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { Authenticator } from '../http/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import type { NavigationEntry } from '../module/index.ts';
import { createAttempts } from './attempts.ts';
import { authenticate } from './authenticate.ts';
import { Background } from './background.ts';
import type { AuthContext, AuthSettings, PasswordMailer } from './context.ts';
import { Providers } from './oidc/providers.ts';
import { sameText } from './secrets/random-secret.ts';

export interface AuthOptions {
  db: Database;
  clock: Clock;
  log: Logger;
  config: () => AuthSettings;
  site: () => SiteConfig;
  /** Null while no mail server is configured. */
  mailer: () => PasswordMailer | null;
  metrics: Metrics;
  /** Pages of administration that modules add. */
  adminTabs?: () => readonly NavigationEntry[];
}

/** Accounts, sessions and tokens, as the HTTP layer and the pages need them. */
export interface Auth extends Authenticator {
  /** For `registerAuthPages`. */
  readonly context: AuthContext;
  /** Waits for what is still being written or mailed. Call it before the database is closed. */
  drain(): Promise<void>;
}

export function createAuth(options: AuthOptions): Auth {
  const { db, clock, log, metrics } = options;
  const signIns = metrics.counter('auth_sign_ins_total', 'Attempts to sign in by how they ended', ['result']);
  const refused = metrics.counter('auth_tokens_refused_total', 'API tokens that were unknown, revoked or expired');
  const context: AuthContext = {
    db,
    clock,
    log,
    settings: options.config,
    site: options.site,
    mailer: options.mailer,
    adminTabs: options.adminTabs ?? (() => []),
    providers: new Providers({ configured: () => options.config().providers, clock, log }),
    attempts: createAttempts(clock),
    background: new Background(log),
    signIn: (result) => signIns.add({ result }),
    tokenRefused: () => refused.add(),
  };
  askProviders(context);
  return {
    context,
    authenticate: (credentials) => authenticate(context, credentials),
    verifyCsrf: (who, sent) => who.csrfToken !== undefined && sent !== '' && sameText(who.csrfToken, sent),
    drain: () => context.background.drain(),
  };
}

/** So that the page of sign-in says from the beginning who does not answer. Nobody waits for it. */
function askProviders({ providers, background }: AuthContext): void {
  for (const provider of providers.all()) {
    background.run(`provider ${provider.id}`, async () => {
      await providers.client(provider).catch(() => undefined);
    });
  }
}
