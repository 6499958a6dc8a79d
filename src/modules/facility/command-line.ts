import { type Actor, AppError, type Clock } from '../../core/index.ts';
import { type Config, type SiteConfig, siteConfig } from '../../platform/config/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { allSettings } from './actions/facility-context.ts';
import type { Installation } from './actions/first-badges.ts';
import { gitlabClients } from './actions/gitlab-clients.ts';
import { holdProject } from './actions/hold-project.ts';
import { planConfigured } from './actions/plan-configured.ts';
import type { ProjectPlan } from './actions/plan-project.ts';
import type { FacilityConfig } from './config.ts';
import { deviceKeys } from './store/device-store.ts';

export {
  type Connection,
  type ConnectionPlan,
  connectProject,
  planConnection,
  requireAccessToken,
} from './actions/connect-project.ts';
export type { Installation } from './actions/first-badges.ts';
export { importBadger } from './actions/import-badger.ts';
export type { ProjectPlan } from './actions/plan-project.ts';

/** What connecting a project has to know of this installation. Without a database no key was given yet. */
export function installationOf(config: Config, db: Database | null, clock: Clock): Installation {
  return {
    config: () => sectionOf(config),
    site: () => siteConfig(config),
    keys: async (source) => (db === null ? { known: new Map(), taken: new Set() } : await deviceKeys(db, source)),
    hold: db === null ? undefined : (settings) => holdProject({ db, clock }, settings),
  };
}

/** How the configuration calls the GitLab at this address; null: not at all. */
export function integrationAt(installation: Installation, url: string): string | null {
  const address = url.replace(/\/+$/, '').toLowerCase();
  const { integrations } = installation.config();
  return integrations.find((one) => one.url.replace(/\/+$/, '').toLowerCase() === address)?.id ?? null;
}

/** The dry run of one configured project, or of all, outside of the server. */
export async function planProjects(
  parts: { config: Config; db: Database; clock: Clock },
  actor: Actor,
  only?: string,
): Promise<{ id: string; plan: ProjectPlan }[]> {
  const { db, clock } = parts;
  const config = (): FacilityConfig => sectionOf(parts.config);
  const site = (): SiteConfig => siteConfig(parts.config);
  const gitlab = gitlabClients(config, clock, { gitlabCall: () => undefined });
  const context = { config, site, db, clock, gitlab };
  const ids = allSettings(context).map(({ id }) => id);
  if (only !== undefined && !ids.includes(only)) {
    throw new AppError(
      'not_found',
      `There is no project "${only}" in the configuration. There are: ${ids.join(', ') || 'none'}.`,
    );
  }
  const plans: { id: string; plan: ProjectPlan }[] = [];
  for (const id of only === undefined ? ids : [only])
    plans.push({ id, plan: await planConfigured(context, actor, id) });
  return plans;
}

/** The configuration was checked with our schema, which its type cannot tell. */
function sectionOf(config: Config): FacilityConfig {
  return config['facility'] as FacilityConfig;
}
