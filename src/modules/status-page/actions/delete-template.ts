import type { Actor } from '../../../core/index.ts';
import { findTemplate, removeTemplate } from '../store/template-store.ts';
import { changeIncidents } from './change-incidents.ts';
import { requireIncidentRole } from './incident-role.ts';
import { noTemplate } from './no-template.ts';
import type { StatusPageContext } from './status-page-context.ts';

/** The updates that were written with it stay as they are. */
export async function deleteTemplate(context: StatusPageContext, actor: Actor, id: string): Promise<void> {
  requireIncidentRole(actor, 'operator');
  await changeIncidents(context, { actor, role: 'operator', action: 'template_deleted' }, async (tx) => {
    if ((await findTemplate(tx, id)) === null) throw noTemplate(id);
    await removeTemplate(tx, id);
    return { result: undefined, subject: `template:${id}` };
  });
}
