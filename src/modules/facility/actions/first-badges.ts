import type { GitLab, Project } from '../../../connectors/gitlab/index.ts';
import { AppError, type Clock } from '../../../core/index.ts';
import { FacilityConfig, type ProjectSettings, projectSettings } from '../config.ts';
import { type BadgeStep, badgeName } from '../domain/badge-plan.ts';
import type { DeviceKeys, ProjectLabel } from '../domain/device-roster.ts';
import { allSettings, type FacilityContext } from './facility-context.ts';
import { planProject } from './plan-project.ts';
import { readBadges } from './read-project.ts';

/** What is known where Signalbox runs: its configuration, and the keys its database has given to devices. */
export interface Installation extends Pick<FacilityContext, 'config' | 'site'> {
  keys: (source: string) => Promise<DeviceKeys>;
}

const NO_KEYS: DeviceKeys = { known: new Map(), taken: new Set() };

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
 * The badges that connecting a project writes: of a configured one what the server would write itself, by its rules and
 * keys. Of any other only the first ones: what stands there may be made by rules that are not known here.
 */
export async function planBadgesToConnect(gitlab: GitLab, asked: BadgesToConnect, clock: Clock): Promise<BadgeStep[]> {
  const { integration, project, coming, installation } = asked;
  const keys = installation?.keys ?? (async () => NO_KEYS);
  const configured = configuredProject(installation, integration, project);
  if (configured !== null && installation !== null) {
    const { publicUrl } = installation.site();
    return (
      (await planProject(gitlab, { ...configured, project: project.id }, { publicUrl, clock, keys, coming })).badges ??
      []
    );
  }
  const ours = badgeName({ integration }, '');
  const actual = await readBadges(gitlab, project.id);
  if (actual.some(({ kind, name }) => kind === 'project' && name?.startsWith(ours))) return [];
  const { publicUrl } = asked;
  const plan = await planProject(gitlab, freshSettings(integration, project), { publicUrl, clock, keys, coming });
  // None is ours yet, so what is written over are badges of the original.
  return (plan.badges ?? []).filter((step) => step.do !== 'delete');
}

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
