import { type Actor, type Instant } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { presentIn } from '../domain/departures.ts';
import type { Incident } from '../domain/incident.ts';
import { openHolders } from '../store/holder-store.ts';
import { endMembers, membersOf } from '../store/incident-store.ts';
import { writeNotes } from './note.ts';
import { Obstacle } from './obstacle.ts';

/**
 * An incident that is opened again does not take back what another one holds by now: those components left it when it
 * ended. If it would hold nothing, the other incident is the one to write in.
 */
export async function leaveToOthers(
  tx: Tx,
  incident: Incident,
  { actor, now }: { actor: Actor; now: Instant },
): Promise<void> {
  const held = presentIn(await membersOf(tx, [incident.id]));
  const others = (await openHolders(tx, held)).filter((holder) => holder.incident.id !== incident.id);
  const gone = held.flatMap((component) => {
    const other = others.find(({ present }) => present.includes(component));
    return other === undefined ? [] : [{ component, to: other.incident.id }];
  });
  if (gone.length === held.length) {
    const ids = [...new Set(gone.map(({ to }) => to))].join(', ');
    throw new Obstacle(
      'conflict',
      'elsewhere',
      `Its components are in incident ${ids} now. Write your update there.`,
      ids,
    );
  }
  for (const { component, to } of gone) {
    await endMembers(tx, incident.id, { components: [component], at: incident.end ?? now, movedTo: to });
  }
  await writeNotes(
    tx,
    gone.map(({ component, to }) => ({
      incident: incident.id,
      at: now,
      status: 'reopened',
      fact: { kind: 'component_moved_to', component, incident: to },
    })),
    { actor, now },
  );
}
