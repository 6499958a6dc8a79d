import { type Actor, AppError, requireRole } from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import { ReconcileRequested } from '../domain/events.ts';
import { changeProject, findProject, markDirty } from '../store/project-store.ts';
import { type FacilityContext, findSettings } from './facility-context.ts';

/** An operator asks for a reading now, also within a pause after a failure. */
export async function requestReconcile(context: FacilityContext, actor: Actor, project: string): Promise<void> {
  requireRole(actor, 'operator');
  if (findSettings(context, project) === undefined)
    throw new AppError('not_found', 'There is no such project in the configuration.');
  await context.db.write(async (tx) => {
    const row = await findProject(tx, project);
    if (row === undefined)
      throw new AppError('unavailable', 'The project is not set up yet: try again in a moment.', { retryAfter: 5 });
    const at = context.clock.now();
    markDirty(tx, project, { confidential: false });
    await changeProject(tx, project, {
      next_at: at,
      ...(row.error_reason === 'rate_limited' ? {} : { hold_until: null }),
    });
    await context.journal.publish(tx, ReconcileRequested, { key: project, payload: { project } });
    await emitAudit(tx, { at, actor, action: 'facility.reconcile_requested', subject: `project:${project}` });
  });
}
