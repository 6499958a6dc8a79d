import type { ComponentKey, Instant } from '../../../core/index.ts';
import type { Impact } from './incident.ts';

/** Who is in an incident now. A set is one; a store that knows only what was asked for is another. */
export interface Members {
  has(component: ComponentKey): boolean;
  readonly size: number;
}

/** An incident that is not ended, of an impact other than 0. */
export interface OpenIncident {
  id: number;
  impact: Impact;
  /** Machines may change it: one opened it and nobody has touched it since. */
  system: boolean;
  members: Members;
}

/** A maintenance that was announced and neither completed nor cancelled. */
export interface Maintenance {
  id: number;
  start: Instant;
  end: Instant | null;
  members: Members;
}

export interface ReportSituation {
  /** Oldest first: where several fit, the first is meant. */
  openIncidents: readonly OpenIncident[];
  activeMaintenances: readonly Maintenance[];
  now: Instant;
}

export type ReportDecision =
  /** Impact 0 is no trouble, and machines announce no maintenance. */
  | { kind: 'refused' }
  /** Work on the component is under way: that answers, and nothing is opened. */
  | { kind: 'maintenance'; incident: number }
  /** A person's incident holds the component, whatever its impact: machines leave both alone. */
  | { kind: 'manual'; incident: number }
  /** Nothing new: an incident of at least this impact holds the component. */
  | { kind: 'known'; incident: number }
  | { kind: 'open' }
  | { kind: 'join'; incident: number }
  | { kind: 'raise'; incident: number; from: Impact }
  /** Out of one that has less impact; `to` null: into a new one. `closes`: it held nothing else. */
  | { kind: 'move'; from: number; to: number | null; closes: boolean };

/**
 * What the report of a machine leads to: the tables of specification §5.2 and §6 as one, with rules 2 to 4 of §24.
 * Machines open and worsen; whatever holds a component already is found before anything is opened.
 */
export function decideReport(component: ComponentKey, impact: Impact, situation: ReportSituation): ReportDecision {
  if (impact === 0) return { kind: 'refused' };
  const { openIncidents, activeMaintenances, now } = situation;
  const maintenance = activeMaintenances.find((one) => isRunning(one, now) && one.members.has(component));
  if (maintenance) return { kind: 'maintenance', incident: maintenance.id };
  const holding = openIncidents.filter(({ members }) => members.has(component));
  const manual = holding.find(({ system }) => !system);
  if (manual) return { kind: 'manual', incident: manual.id };
  const known = holding.find((one) => one.impact >= impact);
  if (known) return { kind: 'known', incident: known.id };
  const target = openIncidents.find((one) => one.system && one.impact === impact);
  const source = holding.reduce<OpenIncident | undefined>(worse, undefined);
  if (source === undefined) return target ? { kind: 'join', incident: target.id } : { kind: 'open' };
  const alone = source.members.size === 1;
  if (target) return { kind: 'move', from: source.id, to: target.id, closes: alone };
  if (alone) return { kind: 'raise', incident: source.id, from: source.impact };
  return { kind: 'move', from: source.id, to: null, closes: false };
}

function isRunning({ start, end }: Maintenance, now: Instant): boolean {
  return start <= now && (end === null || end > now);
}

function worse(best: OpenIncident | undefined, one: OpenIncident): OpenIncident {
  return best !== undefined && best.impact >= one.impact ? best : one;
}
