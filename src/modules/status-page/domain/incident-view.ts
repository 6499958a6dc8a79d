import type { ComponentKey, Instant } from '../../../core/index.ts';
import { INTERNAL, type Incident, type IncidentUpdate, type Membership, type UpdateFact } from './incident.ts';

/** An incident as one viewer may see it. */
export interface IncidentView extends Incident {
  /** Components it holds, or held when it ended. */
  components: readonly ComponentKey[];
  /** Those that left it before its end, newest leave last. */
  past: readonly Membership[];
  /** Newest first. */
  updates: readonly IncidentUpdate[];
}

/** What a viewer may know. */
export interface Sight {
  /** What is not public yet, authors, contacts, versions and drafts (specification §11.4). */
  internal: boolean;
  /** Components; null: all. */
  visible: ReadonlySet<ComponentKey> | null;
  /** Of the other incidents that this one speaks of; null: all. */
  others: ReadonlySet<number> | null;
}

interface Whole {
  incident: Incident;
  /** Already cut to what is visible. */
  members: readonly Membership[];
  updates: readonly IncidentUpdate[];
  /** How often each update was corrected, by its number. */
  corrections: ReadonlyMap<number, number>;
}

/** Everything of an incident that is for this viewer, and nothing that tells of what is not. */
export function viewOf({ incident, members, updates, corrections }: Whole, sight: Sight): IncidentView {
  const present = members.filter(({ to }) => to === null).map(({ component }) => component);
  const past = members.filter(({ component, to }) => to !== null && !present.includes(component));
  const isOther = (id: number | null) => id !== null && sight.others?.has(id) !== false;
  const view: IncidentView = {
    ...incident,
    mergedInto: isOther(incident.mergedInto) ? incident.mergedInto : null,
    components: [...new Set(present)],
    past: past.map((member) => (isOther(member.movedTo) ? member : { ...member, movedTo: null })),
    updates: newestFirst(updates.flatMap((update) => toldOf(update, sight))),
  };
  return sight.internal ? view : publicView(view, { updates, corrections });
}

/** Whether a row of an incident's story is for this viewer. */
export function isTellable(
  { status, fact }: IncidentUpdate,
  { internal, visible }: Pick<Sight, 'internal' | 'visible'>,
): boolean {
  if (!internal && INTERNAL.includes(status)) return false;
  return visible === null || fact === null || !('component' in fact) || visible.has(fact.component);
}

export function newestFirst(updates: readonly IncidentUpdate[]): IncidentUpdate[] {
  return updates.toSorted((a, b) => (a.at === b.at ? b.id - a.id : a.at < b.at ? 1 : -1));
}

/** Numbers of the other incidents that one speaks of. */
export function spokenOf({ incident, members, updates }: Omit<Whole, 'corrections'>): number[] {
  const named = [
    incident.mergedInto,
    ...members.map(({ movedTo }) => movedTo),
    ...updates.map(({ fact }) => (fact !== null && 'incident' in fact ? fact.incident : null)),
  ];
  return named.filter((id) => id !== null);
}

function toldOf(update: IncidentUpdate, sight: Sight): IncidentUpdate[] {
  if (!isTellable(update, sight)) return [];
  const { fact } = update;
  if (fact === null || !('incident' in fact) || sight.others?.has(fact.incident) !== false) return [update];
  const rest = withoutOther(fact);
  // The words of a person stay, whatever the program noted beside them.
  return rest === null && update.text === null ? [] : [{ ...update, fact: rest }];
}

/** What remains of a note when nobody may know of the other incident; null: nothing. */
function withoutOther(fact: Extract<UpdateFact, { incident: number }>): UpdateFact | null {
  switch (fact.kind) {
    case 'component_moved_to':
      return { kind: 'component_removed', component: fact.component };
    case 'component_moved_from':
      return { kind: 'component_added', component: fact.component };
    case 'merged_into':
      return { kind: 'status' };
    case 'merged_from':
      return null;
  }
}

/**
 * Without what is for staff. Its version and times come from what is public of it, so that work on a draft, a review or a
 * component that is hidden moves no byte that everybody reads (contracts §8).
 */
function publicView(view: IncidentView, all: Pick<Whole, 'updates' | 'corrections'>): IncidentView {
  const { updates, postmortemAt } = view;
  const wasReviewed = all.updates.some(({ status }) => INTERNAL.includes(status));
  const first = updates.reduce<Instant | null>(
    (least, { createdAt }) => (least === null || createdAt < least ? createdAt : least),
    null,
  );
  const createdAt = wasReviewed && first !== null ? first : view.createdAt;
  const changes = updates.flatMap((update) => [update.createdAt, update.modifiedAt ?? update.createdAt]);
  return {
    ...view,
    createdBy: '',
    createdById: null,
    contactEmail: null,
    // A draft is for those who write it.
    postmortem: postmortemAt === null ? null : view.postmortem,
    createdAt,
    modifiedAt: [...changes, postmortemAt ?? createdAt].reduce((last, at) => (at > last ? at : last), createdAt),
    version: updates.reduce((sum, { id }) => sum + 1 + (all.corrections.get(id) ?? 0), 0),
    updates: updates.map((update) => ({ ...update, createdBy: '', modifiedBy: null })),
  };
}
