import { pino } from 'pino';
import type { OpenTestDatabase } from '../../../../test/support/databases.ts';
import { type Actor, addMs, type Clock, newId, type Role, toMs } from '../../../core/index.ts';
import { type AuditRow, auditEntries, auditSchema, verifyAudit } from '../../audit/index.ts';
import type { SiteConfig } from '../../config/index.ts';
import type { Database } from '../../database/index.ts';
import { createMetrics } from '../../metrics/index.ts';
import { login, type Origin, type SignedIn } from '../actions/login.ts';
import { newUser } from '../actions/users.ts';
import { type Auth, type AuthSettings, authSchema, createAuth } from '../index.ts';
import { hashPassword } from '../secrets/password-hash.ts';
import { insertUser } from '../store/user-store.ts';

export const PASSWORD = 'lamp tide osier';
const PASSWORD_HASH = await hashPassword(PASSWORD);

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  #now = '2026-11-20T10:00:00.000Z';
  now(): string {
    return this.#now;
  }
  forward(milliseconds: number): void {
    this.#now = addMs(this.#now, milliseconds);
  }
}

export type User = Extract<Actor, { kind: 'user' }>;

export interface AuthFixture {
  db: Database;
  clock: TestClock;
  auth: Auth;
  mails: { to: string; subject: string; text: string }[];
  site: SiteConfig;
  /** Administrator, operator, viewer; all with `PASSWORD` and an address <name>@lab.test. */
  alice: User;
  bob: User;
  charlie: User;
  /** Signs in and answers what came back, and the cookies the browser has now. */
  signIn(
    name: string,
    password?: string,
    origin?: Partial<Origin>,
  ): Promise<SignedIn & { jar: Record<string, string> }>;
  actorOf(jar: Record<string, string>): Promise<Actor>;
  /** The newest entries of the audit log. */
  audited(limit?: number): Promise<AuditRow[]>;
  auditIntact(): Promise<boolean>;
}

export const SITE: SiteConfig = {
  title: 'Lab status',
  publicUrl: 'https://status.lab.test',
  basePath: '',
  timezone: 'Europe/Rome',
  demo: false,
};

export function from(ip = '203.0.113.7', cookies: Record<string, string> = {}): Origin {
  return { ip, agent: 'Test browser', cookies };
}

export async function openAuth(
  open: OpenTestDatabase,
  options: { mail?: boolean; site?: Partial<SiteConfig>; settings?: Partial<AuthSettings> } = {},
): Promise<AuthFixture> {
  const clock = new TestClock();
  const db = await open({ parts: [auditSchema, authSchema], clock });
  const mails: AuthFixture['mails'] = [];
  const site = { ...SITE, ...options.site };
  const mailer = { send: async (mail: AuthFixture['mails'][number]) => void mails.push(mail) };
  const auth = createAuth({
    db,
    clock,
    log: pino({ level: 'silent' }),
    config: () => ({ session_hours: 24, session_idle_hours: 8, local: true, providers: [], ...options.settings }),
    site: () => site,
    mailer: () => (options.mail === false ? null : mailer),
    metrics: createMetrics(),
  });
  return {
    db,
    clock,
    auth,
    mails,
    site,
    alice: await addUser(db, clock, 'alice', 'admin'),
    bob: await addUser(db, clock, 'bob', 'operator'),
    charlie: await addUser(db, clock, 'charlie', 'viewer'),
    signIn: async (name, password = PASSWORD, origin = {}) => {
      const signedIn = await login(auth.context, { name, password }, { ...from(), ...origin });
      return { ...signedIn, jar: jarOf(signedIn.cookies) };
    },
    actorOf: async (jar) => (await auth.authenticate({ cookies: jar })).actor,
    audited: (limit = 10) => auditEntries(db, {}, { limit }),
    auditIntact: async () => (await verifyAudit(db)).intact,
  };
}

async function addUser(db: Database, clock: Clock, name: string, role: Role): Promise<User> {
  const at = clock.now();
  const id = newId(toMs(at));
  const row = newUser({ id, name, role, email: `${name}@lab.test`, hash: PASSWORD_HASH, at });
  await db.write((tx) => insertUser(tx, { ...row, must_change: 0 }));
  return { kind: 'user', id, name, role };
}

/** What a browser keeps of `Set-Cookie` headers. */
export function jarOf(cookies: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    cookies.map((cookie) => {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
