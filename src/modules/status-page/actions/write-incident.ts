import {
  type Actor,
  AppError,
  actorLabel,
  type ComponentKey,
  type Instant,
  type Visibility,
} from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { type IncidentChange, IncidentChanged } from '../contract.ts';
import { givenBack, handsIn } from '../domain/given-back.ts';
import type { Incident } from '../domain/incident.ts';
import { changesAfter, insertChange } from '../store/change-store.ts';
import { impactSince } from '../store/impact-store.ts';
import { updatesOf } from '../store/incident-read.ts';
import { findIncident, membersOf, saveIncident } from '../store/incident-store.ts';
import { findUpdate } from '../store/update-store.ts';
import { IncidentOutdated } from './incident-outdated.ts';
import { writeNotes } from './note.ts';
import type { WrittenStep } from './staff-news.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { tellComponents } from './tell-components.ts';

/** An incident that is about to be changed. Call after `lockIncidents`. */
export async function incidentToChange(tx: Tx, id: number, expected?: number): Promise<Incident> {
  const incident = await findIncident(tx, id);
  if (incident === null) throw new AppError('not_found', `There is no incident ${id}.`);
  if (expected !== undefined && expected !== incident.version) {
    throw new IncidentOutdated(incident, await changesAfter(tx, id, expected));
  }
  return incident;
}

export interface Written {
  change: IncidentChange;
  /** The update that tells it. */
  update: number | null;
  /** When what it says of its components began to be so, if neither at their joining nor with its last impact. */
  since?: Instant;
  /** Who did it; a machine if absent. */
  by?: Actor;
  /**
   * Those of which it says something else than before; absent: all. What is told anew of the others has a new time, which
   * would give away that something happened to one that is hidden.
   */
  only?: readonly ComponentKey[];
}

/** Stores a changed incident, tells `components` and everybody who listens: the end of every action on incidents. */
export async function writeIncident(
  tx: Tx,
  context: Pick<StatusPageContext, 'journal' | 'site' | 'clock' | 'tellStaff'>,
  incident: Incident,
  written: Written,
): Promise<Incident> {
  const before = incident.type === 'maintenance' ? await findIncident(tx, incident.id) : null;
  const handedIn = await noteHandedIn(tx, context, incident, written);
  const changed = { ...incident, modifiedAt: context.clock.now() };
  if (!(await saveIncident(tx, changed))) throw new IncidentOutdated(incident, []);
  const stored = { ...changed, version: incident.version + 1 };
  await announce(tx, context, stored, written);
  await mailStaff(tx, context, stored, { ...written, before: before?.status ?? null, handedIn });
  return stored;
}

/** What was given back waits again as soon as its author changes anything of it. */
async function noteHandedIn(
  tx: Tx,
  { clock }: Pick<StatusPageContext, 'clock'>,
  { id, type, status, createdById }: Incident,
  { update, by }: Written,
): Promise<boolean> {
  if (type !== 'maintenance' || status !== 'pending_review' || by === undefined) return false;
  const back = givenBack(await updatesOf(tx, [id]));
  const account = by.kind === 'user' ? by.id : null;
  if (back === null || back.id === update || !handsIn({ createdById }, account)) return false;
  const now = clock.now();
  await writeNotes(tx, [{ incident: id, at: now, status, fact: { kind: 'handed_in' } }], { actor: by, now });
  return true;
}

/** The same for one that was just inserted. */
export async function announceIncident(
  tx: Tx,
  context: Pick<StatusPageContext, 'journal' | 'site' | 'clock' | 'tellStaff'>,
  incident: Incident,
  written: Written,
): Promise<void> {
  await announce(tx, context, incident, written);
  await mailStaff(tx, context, incident, { ...written, before: null, handedIn: false });
}

/** Last of all: the outbox is locked after everything else. */
async function mailStaff(
  tx: Tx,
  { tellStaff }: Pick<StatusPageContext, 'tellStaff'>,
  after: Incident,
  { by, change, update, before, handedIn }: Written & Pick<WrittenStep, 'before' | 'handedIn'>,
): Promise<void> {
  if (after.type !== 'maintenance' || by === undefined) return;
  // A row that was corrected tells of what happened when it was written, not of now.
  const row = update === null || change === 'corrected' ? null : await findUpdate(tx, after.id, update);
  await tellStaff(tx, { before, after, update: row, handedIn, by });
}

async function announce(
  tx: Tx,
  context: Pick<StatusPageContext, 'journal' | 'site' | 'clock'>,
  incident: Incident,
  { change, update, since, by, only }: Written,
): Promise<void> {
  const members = await membersOf(tx, [incident.id]);
  await insertChange(tx, {
    incident: incident.id,
    version: incident.version,
    at: context.clock.now(),
    by: by === undefined ? 'system:monitor' : actorLabel(by),
    change,
    status: incident.status,
  });
  const changedAt = since ?? (await impactSince(tx, incident.id));
  const concerned = only === undefined ? members : members.filter(({ component }) => only.includes(component));
  const claim = { members: concerned, ...(changedAt === null ? {} : { since: changedAt }) };
  await tellComponents(tx, context, incident, claim);
  const visibility: Visibility = 'public';
  await context.journal.publish(tx, IncidentChanged, {
    key: `incident/${incident.id}`,
    payload: {
      id: incident.id,
      change,
      version: incident.version,
      updates: update === null ? [] : [update],
      components: [...new Set(members.map(({ component }) => component))],
      visibility,
    },
  });
}
