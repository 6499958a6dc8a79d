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

export function allSettings(context: Pick<FacilityContext, 'config' | 'site'>): ProjectSettings[] {
  return projectSettings(context.config(), context.site().timezone);
}

export function findSettings(
  context: Pick<FacilityContext, 'config' | 'site'>,
  id: string,
): ProjectSettings | undefined {
  return allSettings(context).find((settings) => settings.id === id);
}
