import type { GitLab, Project } from '../../../connectors/gitlab/index.ts';
import { AppError, type Clock } from '../../../core/index.ts';
import { FacilityConfig, type ProjectSettings, projectSettings } from '../config.ts';
import { type BadgeStep, badgeName } from '../domain/badge-plan.ts';
import type { DeviceKeys, ProjectLabel } from '../domain/device-roster.ts';
import { allSettings, type FacilityContext } from './facility-context.ts';
import type { Hold } from './hold-project.ts';
import { planProject } from './plan-project.ts';
import { readBadges } from './read-project.ts';

/** What is known where Signalbox runs: its configuration, and the keys its database, if it has one yet, gave to devices. */
export interface Installation extends Pick<FacilityContext, 'config' | 'site'> {
  keys: (source: string) => Promise<DeviceKeys>;
  /** Makes us the only one that writes to a project of it; absent where there is nobody else yet. */
  hold?: ((settings: ProjectSettings) => Promise<Hold>) | undefined;
}

/** The project as the configuration has it already, by number or path. */
export function configuredProject(
  installation: Installation | null,
  integration: string,
  project: Pick<Project, 'id' | 'path_with_namespace'>,
): ProjectSettings | null {
  const names = [String(project.id), project.path_with_namespace.toLowerCase()];
  const all = installation === null ? [] : allSettings(installation);
  const isThis = (settings: ProjectSettings): boolean =>
    settings.integration === integration && names.includes(String(settings.project).toLowerCase());
  return all.find(isThis) ?? null;
}

export interface BadgesToConnect {
  integration: string;
  publicUrl: string;
  project: Project;
  /** Labels that are going to be made. */
  coming: readonly ProjectLabel[];
  installation: Installation | null;
}

/**
 * The badges that connecting a project writes: of one that the server has read what it would write itself, by its rules
 * and keys. Of any other only the first ones: what stands there may be made by rules or keys that are not known here.
 */
export async function planBadgesToConnect(gitlab: GitLab, asked: BadgesToConnect, clock: Clock): Promise<BadgeStep[]> {
  const { integration, project, coming, installation } = asked;
  const configured = configuredProject(installation, integration, project);
  const keys = (await installation?.keys(`facility/${integration}/${project.id}`)) ?? NO_KEYS;
  const isRead = configured !== null && keys.known.size > 0;
  if (!isRead && (await hasBadgesOfOurs(gitlab, integration, project.id))) return [];
  const settings = configured ?? freshSettings(integration, project);
  const publicUrl = (configured === null ? undefined : installation?.site().publicUrl) ?? asked.publicUrl;
  const world = { publicUrl, clock, coming, keys: async () => keys };
  const { badges } = await planProject(gitlab, { ...settings, project: project.id }, world);
  // Where none is ours yet, what is written over are badges of the original.
  return (badges ?? []).filter((step) => isRead || step.do !== 'delete');
}

async function hasBadgesOfOurs(gitlab: GitLab, integration: string, project: number): Promise<boolean> {
  const ours = badgeName({ integration }, '');
  const badges = await readBadges(gitlab, project);
  return badges.some(({ kind, name }) => kind === 'project' && name?.startsWith(ours));
}

const NO_KEYS: DeviceKeys = { known: new Map(), taken: new Set() };

/** As the section that is going to be put into the configuration says it: everything else by default. */
function freshSettings(integration: string, project: Project): ProjectSettings {
  const [settings] = projectSettings(
    FacilityConfig.parse({
      integrations: [{ id: integration, url: 'https://gitlab.invalid', token: 'not-used-here' }],
      projects: [{ integration, project: project.id }],
    }),
    'UTC',
  );
  if (settings === undefined) throw new AppError('invalid', 'The project cannot be configured.');
  return settings;
}
