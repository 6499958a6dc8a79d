import { addMs, type Clock, HOUR, type Instant } from '../../core/index.ts';
import type { Auth, SiteConfig } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { Logger } from '../log/index.ts';
import type { NavigationEntry } from '../module/index.ts';
import type { Attempts } from './attempts.ts';
import type { Background } from './background.ts';
import type { Providers } from './oidc/providers.ts';

/** The part of the configuration that accounts live by. */
export type AuthSettings = Auth;

/** What the forgotten-password mail needs of `platform/mail`. */
export interface PasswordMailer {
  send(mail: { to: string; subject: string; text: string }): Promise<void>;
}

/** Enough for what the command line does too. */
export interface Storage {
  db: Database;
  clock: Clock;
}

/** What the parts of this folder share. */
export interface AuthContext extends Storage {
  log: Logger;
  settings(): AuthSettings;
  site(): SiteConfig;
  /** Null while no mail server is configured. */
  mailer(): PasswordMailer | null;
  /** Pages of administration that modules add. */
  adminTabs(): readonly NavigationEntry[];
  providers: Providers;
  attempts: Attempts;
  background: Background;
  /** Counts a sign-in by how it ended. */
  signIn(result: 'ok' | 'wrong' | 'limited'): void;
  /** Counts a refused token. */
  tokenRefused(): void;
}

/** Before which moment a session must have been used last to be too old. */
export function idleSince(ctx: AuthContext, now: Instant): Instant {
  return addMs(now, -ctx.settings().session_idle_hours * HOUR);
}
