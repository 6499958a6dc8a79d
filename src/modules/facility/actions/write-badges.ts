import type { GitLab } from '../../../connectors/gitlab/index.ts';
import { type Instant, UpstreamError } from '../../../core/index.ts';
import type { ProjectSettings } from '../config.ts';
import { type BadgeSubject, desiredBadge, pictureOf } from '../domain/badge-content.ts';
import { type ActualBadge, type BadgeStep, type DesiredBadge, planBadges } from '../domain/badge-plan.ts';
import type { DeviceRow } from '../store/device-store.ts';
import type { FacilityContext } from './facility-context.ts';
import { readBadges } from './read-project.ts';

/** How often the plan is made anew after a write of which nobody knows whether it was done. */
const PLANS = 3;

export interface BadgeTarget {
  settings: ProjectSettings;
  publicUrl: string;
  projectUrl: string;
}

/** The badges the project should have, in the order of its devices. */
export function desiredBadges(devices: readonly DeviceRow[], target: BadgeTarget, now: Instant): DesiredBadge[] {
  const { settings, publicUrl, projectUrl } = target;
  if (settings.badges === 'off') return [];
  const { integration, badges: mode, badgeLink: link } = settings;
  const place = { integration, mode, link, publicUrl, projectUrl };
  return devices.map((device) => desiredBadge(subjectOf(device, now, settings.timezone), place));
}

function subjectOf(device: DeviceRow, now: Instant, zone: string): BadgeSubject {
  const { key, label, name, level, state, updated_at: updatedAt } = device;
  const shows = pictureOf({ name, level, state, updatedAt }, now, zone);
  return { key, label, shows, hasIssue: device.issue_id !== null };
}

/**
 * Makes GitLab's badges the desired ones, writing only what differs. `mayWrite` is asked before each write and throws
 * when it is not ours to write any more.
 */
export async function writeBadges(
  context: FacilityContext,
  gitlab: GitLab,
  badges: {
    settings: ProjectSettings;
    gitlabId: number;
    desired: readonly DesiredBadge[];
    actual: readonly ActualBadge[];
  },
  run: { mayWrite: () => Promise<void>; signal?: AbortSignal | undefined },
): Promise<void> {
  const { settings, gitlabId, desired } = badges;
  const owner = { integration: settings.integration, prefix: settings.rules.prefix };
  let actual = badges.actual;
  for (let plan = 1; ; plan += 1) {
    try {
      for (const step of planBadges(desired, actual, owner)) {
        await run.mayWrite();
        await writeBadge(gitlab, gitlabId, step, run.signal);
        context.metrics.badgeWrite(step.do);
      }
      return;
    } catch (error) {
      if (plan === PLANS || !isUncertain(error)) throw error;
      actual = await readBadges(gitlab, gitlabId, run.signal);
    }
  }
}

export function writeBadge(gitlab: GitLab, project: number, step: BadgeStep, signal?: AbortSignal): Promise<unknown> {
  if (step.do === 'create') return gitlab.createBadge(project, step.content, signal);
  if (step.do === 'update') return gitlab.updateBadge(project, step.id, step.content, signal);
  return gitlab.deleteBadge(project, step.id, signal);
}

/** A write that broke off may have been done, and a badge that is gone was removed by somebody: look again. */
function isUncertain(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  return error.status === 404 || (error.retry && error.reason !== 'rate_limited');
}
