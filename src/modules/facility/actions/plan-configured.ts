import { type Actor, AppError, requireRole } from '../../../core/index.ts';
import { deviceKeys } from '../store/device-store.ts';
import { type FacilityContext, findSettings } from './facility-context.ts';
import { type ProjectPlan, planProject } from './plan-project.ts';

/** The dry run of a configured project, for an operator. */
export async function planConfigured(
  context: Pick<FacilityContext, 'config' | 'site' | 'db' | 'clock' | 'gitlab'>,
  actor: Actor,
  project: string,
): Promise<ProjectPlan> {
  requireRole(actor, 'operator');
  const settings = findSettings(context, project);
  if (settings === undefined) throw new AppError('not_found', `There is no project "${project}" in the configuration.`);
  const { db, clock } = context;
  return planProject(context.gitlab(settings), settings, {
    publicUrl: context.site().publicUrl,
    clock,
    keys: (source) => deviceKeys(db, source),
  });
}
