import { type ComponentKey, type Instant, SignalReported, SignalWithdrawn } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { type Incident, levelOfImpact, type Membership } from '../domain/incident.ts';
import type { StatusPageContext } from './status-page-context.ts';

export const SOURCE = 'status-page';

/** What its claim about a component is called (contracts §1). */
export function signalName(incident: Pick<Incident, 'id' | 'type'>): string {
  return `${incident.type === 'maintenance' ? 'maintenance' : 'incident'}/${incident.id}`;
}

/** Whether it says anything about the state of its components now or later. */
function claims(incident: Incident): boolean {
  if (incident.type === 'info') return false;
  if (incident.type === 'incident') return incident.end === null;
  return ['planned', 'in_progress', 'modified'].includes(incident.status);
}

/**
 * Tells `components` what an incident says of its members, after every change of it, in the same transaction. Members
 * that left and incidents that ended take their claim back. `since`: when what it says now began, if later than joining.
 */
export async function tellComponents(
  tx: Tx,
  context: Pick<StatusPageContext, 'journal' | 'site' | 'clock'>,
  incident: Incident,
  { members, since }: { members: readonly Membership[]; since?: Instant },
): Promise<void> {
  const present = claims(incident) ? members.filter(({ to }) => to === null) : [];
  const held = new Set(present.map(({ component }) => component));
  const left = new Set(members.map(({ component }) => component).filter((component) => !held.has(component)));
  // Sent together: on SQLite each would wait for the way to the writer and back.
  await Promise.all([
    ...present.map(({ component, from }) =>
      report(tx, context, incident, { component, observedAt: since !== undefined && since > from ? since : from }),
    ),
    ...[...left].map((component) => withdraw(tx, context, incident, component)),
  ]);
}

async function report(
  tx: Tx,
  context: Pick<StatusPageContext, 'journal' | 'site' | 'clock'>,
  incident: Incident,
  { component, observedAt }: { component: ComponentKey; observedAt: Instant },
): Promise<void> {
  const { type, start, end } = incident;
  const now = context.clock.now();
  await context.journal.publish(tx, SignalReported, {
    key: component,
    payload: {
      component,
      source: SOURCE,
      name: signalName(incident),
      level: type === 'maintenance' ? 'maintenance' : levelOfImpact(incident.impact),
      summary: incident.title,
      evidence: `${context.site().publicUrl}/incidents/${incident.id}`,
      // A planned one is known now and counts within its window.
      observedAt: type === 'maintenance' || observedAt > now ? now : observedAt,
      ...(type === 'maintenance' ? { from: start, ...(end === null ? {} : { until: end }) } : {}),
      required: false,
    },
  });
}

async function withdraw(
  tx: Tx,
  context: Pick<StatusPageContext, 'journal'>,
  incident: Incident,
  component: ComponentKey,
): Promise<void> {
  const payload = { component, source: SOURCE, name: signalName(incident) };
  await context.journal.publish(tx, SignalWithdrawn, { key: component, payload });
}
