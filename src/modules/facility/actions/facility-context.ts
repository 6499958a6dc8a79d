import type { GitLab } from '../../../connectors/gitlab/index.ts';
import type { ModuleContext } from '../../../platform/module/index.ts';
import { type FacilityConfig, type ProjectSettings, projectSettings } from '../config.ts';
import type { FacilityMetrics } from './facility-metrics.ts';

/** What the actions of this module work with. */
export interface FacilityContext
  extends Pick<ModuleContext<FacilityConfig>, 'config' | 'site' | 'db' | 'journal' | 'clock' | 'log'> {
  metrics: FacilityMetrics;
  /** The client for a project; the same one for all with one address and token. */
  gitlab(project: Pick<ProjectSettings, 'integration' | 'token'>): GitLab;
}

const made = new WeakMap<FacilityConfig, { zone: string; settings: readonly ProjectSettings[] }>();

/** Of all configured projects; made once of each configuration, since every delivery asks for them. */
export function allSettings(context: Pick<FacilityContext, 'config' | 'site'>): readonly ProjectSettings[] {
  const [config, zone] = [context.config(), context.site().timezone];
  const known = made.get(config);
  if (known?.zone === zone) return known.settings;
  const settings = projectSettings(config, zone);
  made.set(config, { zone, settings });
  return settings;
}

export function findSettings(
  context: Pick<FacilityContext, 'config' | 'site'>,
  id: string,
): ProjectSettings | undefined {
  return allSettings(context).find((settings) => settings.id === id);
}
