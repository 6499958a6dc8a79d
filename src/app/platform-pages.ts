import type { Clock } from '../core/index.ts';
import { type Auth, administration, registerAuthPages } from '../platform/auth/index.ts';
import type { SiteConfig } from '../platform/config/index.ts';
import type { Database } from '../platform/database/index.ts';
import { designPage } from '../platform/design/index.ts';
import type { Web } from '../platform/http/index.ts';
import type { Jobs } from '../platform/jobs/index.ts';
import type { Journal } from '../platform/journal/index.ts';
import type { Area, NavigationEntry } from '../platform/module/index.ts';
import { appMessages } from './messages.ts';
import { registerSystemPage } from './system-page.ts';

interface Parts {
  web: Web;
  auth: Auth;
  db: Database;
  journal: Journal;
  jobs: Jobs;
  site: () => SiteConfig;
  clock: Clock;
}

export const overviewNavigation: NavigationEntry = {
  path: '/',
  label: (language) => appMessages(language).overview,
  visible: () => true,
  wall: true,
};

/** The pages that belong to no area, and their places in the navigation. */
export function registerPlatformPages(parts: Parts, areas: readonly Area[]): readonly NavigationEntry[] {
  registerAuthPages(parts.web, parts.auth);
  registerSystemPage(parts);
  parts.web.page('/design', {}, async (visit) => designPage(visit));
  return [administration(areas.flatMap((area) => area.administration ?? []))];
}
