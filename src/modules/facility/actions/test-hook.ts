import { type Actor, AppError, requireRole, UpstreamError } from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import { findProject } from '../store/project-store.ts';
import { findHook, hookAddress } from './check-health.ts';
import { type FacilityContext, findSettings } from './facility-context.ts';

/** An operator lets GitLab send us an event now. Null: it was answered well; else what went wrong. */
export async function testHook(context: FacilityContext, actor: Actor, project: string): Promise<string | null> {
  requireRole(actor, 'operator');
  const settings = findSettings(context, project);
  if (settings === undefined) throw new AppError('not_found', 'There is no such project in the configuration.');
  const gitlabId = (await findProject(context.db, project))?.gitlab_id ?? null;
  if (gitlabId === null) throw new AppError('unavailable', 'The project has not been read yet: try again in a moment.');
  const at = context.clock.now();
  await context.db.write((tx) =>
    emitAudit(tx, { at, actor, action: 'facility.hook_tested', subject: `project:${project}` }),
  );
  const { integration } = settings;
  const gitlab = context.gitlab(settings);
  try {
    const address = hookAddress(context.site().publicUrl, integration);
    const hook = await findHook(gitlab, { gitlabId, integration, address });
    if (hook === undefined) return `GitLab has no webhook to ${address}.`;
    await gitlab.testHook(gitlabId, hook.id);
    return null;
  } catch (error) {
    if (error instanceof UpstreamError) return error.message;
    throw error;
  }
}
