import { addMs, type ComponentKey, type Instant, SignalReported } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { type Incident, levelOfImpact, type Membership } from '../domain/incident.ts';
import type { CatalogContext } from './tell-catalog.ts';
import { SOURCE, signalName, tellComponents } from './tell-components.ts';

export interface Imported {
  incident: Incident;
  members: readonly Membership[];
  isNew: boolean;
  /** From when on each component has been what it is now, by what was imported. */
  since: ReadonlyMap<ComponentKey, Instant>;
  /** From when on each component has been known here: what was before is told as history. */
  knownFrom: ReadonlyMap<ComponentKey, Instant>;
}

/**
 * Tells `components` what an imported incident says of its members now. One that ended after a component was known here
 * is claimed for its time and taken back. Resolves to whether anything was said.
 */
export async function claimImported(tx: Tx, context: CatalogContext, imported: Imported): Promise<boolean> {
  const { incident, members, isNew, since, knownFrom } = imported;
  const isOpen =
    incident.type === 'incident'
      ? incident.end === null
      : ['planned', 'in_progress', 'modified'].includes(incident.status);
  const isPast = incident.status === 'completed' || (incident.type === 'incident' && !isOpen);
  const lasting = isOpen
    ? members
    : members.filter((member) => {
        const known = knownFrom.get(member.component);
        return !isNew || (isPast && known !== undefined && known < (member.to ?? incident.end ?? incident.start));
      });
  for (const member of lasting) {
    if (isPast) await claimPast(tx, context, { incident, member, isNew });
    const from = since.get(member.component);
    await tellComponents(tx, context, incident, { members: [member], ...(from === undefined ? {} : { since: from }) });
  }
  return lasting.length > 0;
}

/** What is known to have ended ends when it did, not when we learned of it. */
async function claimPast(
  tx: Tx,
  context: CatalogContext,
  { incident, member, isNew }: { incident: Incident; member: Membership; isNew: boolean },
): Promise<void> {
  const { type, impact, start, end, title } = incident;
  const until = member.to ?? end;
  if (type === 'info' || until === null || until <= start || until > context.clock.now()) return;
  // One that was claimed while it was open is corrected from its last moment on; a new one from its beginning.
  const last = addMs(until, -1);
  await context.journal.publish(tx, SignalReported, {
    key: member.component,
    payload: {
      component: member.component,
      source: SOURCE,
      name: signalName(incident),
      level: type === 'maintenance' ? 'maintenance' : levelOfImpact(impact),
      summary: title,
      evidence: `${context.site().publicUrl}/incidents/${incident.id}`,
      observedAt: isNew || last < start ? start : last,
      from: member.from,
      until,
      required: false,
    },
  });
}
