import type { AddressInfo } from 'node:net';
import type { Clock, ComponentReader } from '../core/index.ts';
import { type Auth, createAuth } from '../platform/auth/index.ts';
import { type Config, type SiteConfig, siteConfig } from '../platform/config/index.ts';
import { holdAlone, migrate, type OpenedDatabase, openDatabase } from '../platform/database/index.ts';
import { designAssets, layout, staleNotice } from '../platform/design/index.ts';
import { createEgress } from '../platform/egress/index.ts';
import { createHttpServer, type HttpServer } from '../platform/http/index.ts';
import { createJobs, type Jobs } from '../platform/jobs/index.ts';
import { createJournal, type OperatedJournal } from '../platform/journal/index.ts';
import type { Logger } from '../platform/log/index.ts';
import { createMailer } from '../platform/mail/index.ts';
import { createMetrics, type Metrics } from '../platform/metrics/index.ts';
import type { Module, NavigationEntry } from '../platform/module/index.ts';
import { type Channels, createChannels } from '../platform/notifications/index.ts';
import { Cleanup } from './cleanup.ts';
import { modules as allModules } from './modules.ts';
import { addPlatformJobs } from './platform-jobs.ts';
import { overviewNavigation, registerPlatformPages } from './platform-pages.ts';
import { readerOf, registerModules } from './register-modules.ts';
import { schemaParts } from './schema-parts.ts';
import { VERSION } from './version.ts';

export interface AppOptions {
  /** The configuration as it is now; a reload changes what it answers. */
  config: () => Config;
  clock: Clock;
  log: Logger;
  /** Those that run; the database always has the tables of all. */
  modules?: readonly Module[];
  /** False: nothing is polled or scheduled by itself; what was published is still handled. For seeding and tools. */
  scheduled?: boolean;
}

/** The whole program in one object: what `serve`, the demo and the acceptance tests start and stop. */
export interface App {
  readonly db: OpenedDatabase;
  readonly journal: OperatedJournal;
  readonly jobs: Jobs;
  readonly http: HttpServer;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly components: ComponentReader;
  /** Begins to answer requests; resolves to where. */
  listen(host: string, port: number): Promise<AddressInfo>;
  /** Lets what is under way finish and closes everything, within ten seconds. */
  stop(): Promise<void>;
}

/** Opens, migrates and starts everything but the listening socket. What was opened is closed again if a step fails. */
export async function createApp(options: AppOptions): Promise<App> {
  const cleanup = new Cleanup(options.log);
  try {
    return await assemble(options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function assemble(options: AppOptions, cleanup: Cleanup): Promise<App> {
  const { config, clock, log, modules = allModules } = options;
  const part = (name: string) => log.child({ part: name });
  const site = () => siteConfig(config());
  const metrics = createMetrics();
  const db = await openDatabase({ url: config().database.url, clock, log: part('database') });
  cleanup.add('database', () => db.close());
  cleanup.add('lock', holdAlone(db));
  await migrate(db, schemaParts(), { version: VERSION, log });

  const journal = createJournal({ db, clock, log: part('journal'), metrics });
  const jobs = createJobs({ db, clock, log: part('jobs') });
  const mailer = createMailer(() => config().smtp, part('mail'));
  const auth = createAuth({
    db,
    clock,
    log: part('auth'),
    config: () => config().auth,
    site,
    mailer: () => mailer.current(),
    metrics,
  });
  cleanup.add('auth', () => auth.drain());

  const navigation: NavigationEntry[] = [];
  const http = await httpServer({ config, clock, log: part('http'), site, auth, journal, db, metrics, navigation });
  http.addReadyCheck({ name: 'database', check: () => db.ping() });
  cleanup.add(
    'page cache',
    journal.onNew(() => http.pages.invalidate()),
  );

  const channels = channelsOf(options);
  const canMail = () => mailer.current() !== null;
  const shared = { config, clock, log, db, journal, jobs, web: http.web, metrics, site, channels, canMail };
  const areas = registerModules(modules, shared);
  navigation.push(overviewNavigation, ...areas.flatMap((area) => area.navigation ?? []));
  navigation.push(...registerPlatformPages({ web: http.web, auth, db, journal, jobs, site, clock }, areas));
  addPlatformJobs({ jobs, journal, db, config, clock, log });

  for (const { start } of areas) await start?.();
  await journal.start();
  cleanup.add('journal', () => journal.stop());
  for (const { stop } of areas) if (stop) cleanup.add('module', stop);
  if (options.scheduled !== false) await jobs.start();
  cleanup.add('jobs', () => jobs.stop());
  cleanup.add('http', () => http.close());
  return {
    db,
    journal,
    jobs,
    http,
    metrics,
    clock,
    components: readerOf(areas),
    listen: (host, port) => http.listen(host, port),
    stop: () => cleanup.run(),
  };
}

/** What is sent through them stands in an outbox that tries again: the mailer itself tries once. */
function channelsOf({ config, clock, log }: AppOptions): Channels {
  const mailer = createMailer(() => config().smtp, log.child({ part: 'mail' }), { pausesMs: [] });
  return createChannels({
    egress: createEgress({ config: () => config().egress, clock }),
    mailer: () => mailer.current(),
    site: () => siteConfig(config()),
  });
}

interface Served {
  config: () => Config;
  clock: Clock;
  log: Logger;
  site: () => SiteConfig;
  auth: Auth;
  journal: OperatedJournal;
  db: OpenedDatabase;
  metrics: Metrics;
  navigation: readonly NavigationEntry[];
}

function httpServer(served: Served): Promise<HttpServer> {
  const { config, clock, log, site, auth, journal, db, metrics, navigation } = served;
  const { trusted_proxies: trustedProxies, tls, limits } = config().http;
  return createHttpServer({
    site,
    trustedProxies,
    tls: tls && { certificateFile: tls.certificate_file, keyFile: tls.key_file },
    limits,
    authenticator: auth,
    document: (visit, page, asOf) => layout({ visit, page, asOf, site: site(), navigation }),
    staleNotice: (visit, asOf) => staleNotice(visit, asOf, site()),
    assets: designAssets(),
    head: () => journal.head(db),
    clock,
    log,
    metrics,
    version: VERSION,
  });
}
