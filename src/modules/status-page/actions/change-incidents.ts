import { type Actor, type Role, requireRole } from '../../../core/index.ts';
import { type AuditDetails, emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { lockIncidents } from '../store/incident-store.ts';
import { incidentActor } from './incident-role.ts';
import type { StatusPageContext } from './status-page-context.ts';

/** Who does what: the least role, and what the audit log calls the deed. */
export interface Deed {
  actor: Actor;
  role: Role;
  /** `incident_opened`; the log shows it with the name of the module. */
  action: string;
}

export interface Done<R> {
  result: R;
  /** `incident:7` */
  subject: string;
  details?: AuditDetails;
}

/** The frame of every deed of people here: allowed, one at a time, in one transaction, and written down. */
export async function changeIncidents<R>(
  context: StatusPageContext,
  { actor, role, action }: Deed,
  unit: (tx: Tx) => Promise<Done<R>>,
): Promise<R> {
  requireRole(incidentActor(actor), role);
  return await context.db.write(async (tx) => {
    await lockIncidents(tx);
    const { result, subject, details } = await unit(tx);
    await emitAudit(tx, {
      at: context.clock.now(),
      actor,
      action: `status-page.${action}`,
      subject,
      ...(details === undefined ? {} : { details }),
    });
    return result;
  });
}
