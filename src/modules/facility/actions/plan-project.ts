import type { GitLab } from '../../../connectors/gitlab/index.ts';
import type { Clock, ComponentKey, Level } from '../../../core/index.ts';
import type { ProjectSettings } from '../config.ts';
import { desiredBadge, pictureOf } from '../domain/badge-content.ts';
import { type BadgeStep, planBadges } from '../domain/badge-plan.ts';
import { type DeviceKeys, type ProjectLabel, roster } from '../domain/device-roster.ts';
import { deviceStates } from '../domain/device-state.ts';
import { type Reading, readProject } from './read-project.ts';

export interface ProjectPlan {
  project: Reading['project'];
  devices: { key: ComponentKey; name: string; group: string; state: string; level: Level; issue: string | null }[];
  unknownLabels: readonly string[];
  /** Null: badges are switched off. */
  badges: BadgeStep[] | null;
}

/** What a reconcile would find and write, without writing anything anywhere. */
export async function planProject(
  gitlab: GitLab,
  settings: ProjectSettings,
  world: {
    publicUrl: string;
    clock: Clock;
    keys: (source: string) => Promise<DeviceKeys>;
    /** Labels that are not there yet and will be. */
    coming?: readonly ProjectLabel[];
  },
): Promise<ProjectPlan> {
  const now = world.clock.now();
  const reading = await readProject(gitlab, settings, { at: now });
  const { project, badges } = reading;
  const keys = await world.keys(`facility/${settings.integration}/${project.gitlabId}`);
  const title = settings.title ?? project.title;
  const entries = roster(
    withComing(reading.labels, world.coming ?? []),
    settings.rules,
    { ...settings.order, title },
    keys,
  );
  const { byLabel, unknownLabels } = deviceStates(
    settings.rules,
    entries.map((entry) => entry.label),
    reading.issues,
    settings.confidential,
  );
  const devices = entries.flatMap((entry) => {
    const state = byLabel.get(entry.label);
    return state === undefined ? [] : [{ entry, state }];
  });
  const { badges: mode, badgeLink: link, integration, timezone } = settings;
  const place =
    mode === 'off' ? null : { integration, mode, link, publicUrl: world.publicUrl, projectUrl: project.webUrl };
  const desired = devices.flatMap(({ entry: { key, label, name }, state }) => {
    const shows = pictureOf({ name, ...state }, now, timezone);
    return place === null ? [] : [desiredBadge({ key, label, shows, hasIssue: state.issue !== null }, place)];
  });
  return {
    project,
    devices: devices.map(({ entry: { key, name, group }, state }) => ({
      key,
      name,
      group,
      state: state.state,
      level: state.level,
      issue: state.issue === null ? null : `#${state.issue.iid ?? '?'}`,
    })),
    unknownLabels,
    badges: badges === null ? null : planBadges(desired, badges, { integration, prefix: settings.rules.prefix }),
  };
}

/** In the order of their names, as GitLab is going to list them. */
function withComing(labels: readonly ProjectLabel[], coming: readonly ProjectLabel[]): readonly ProjectLabel[] {
  return coming.length === 0 ? labels : [...labels, ...coming].sort((a, b) => (a.name < b.name ? -1 : 1));
}
