import type { Instant } from '../../../core/index.ts';
import {
  IMPACT_KEYS,
  type Incident,
  type IncidentStatus,
  type IncidentType,
  type IncidentUpdate,
  type UpdateFact,
} from '../domain/incident.ts';
import type { IncidentView } from '../store/incident-read.ts';

/** What the texts of the predecessor's rows name. */
export interface V1Names {
  /** `Name (v1, v2)`; of a component that is not in the catalogue its key. */
  label(component: string): string;
  /** Null: the reader may not see that incident. */
  title(incident: number): string | null;
  /** A path with the configured prefix. */
  link(path: string): string;
}

/** `YYYY-MM-DD HH:MM` in UTC. */
export function v1Time(at: Instant): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)}`;
}

const OLD_WORDS: Partial<Record<IncidentStatus, string>> = {
  analysing: 'analyzing',
  in_progress: 'in progress',
};

const TYPE_WORDS: Readonly<Record<IncidentType, string>> = {
  incident: 'The incident',
  maintenance: 'Maintenance',
  info: 'The informational notification',
};

/** An incident object of specification §5.3; its rows come newest first. */
export function v1Incident(incident: IncidentView, names: V1Names): string {
  const rows = v1Rows(incident, incident.updates, names);
  return v1IncidentOf(incident, [...rows, ...descriptionRow(incident)].join(','));
}

/** Keys in the order of the alphabet. */
export function v1IncidentOf({ end, id, impact, start, title }: Incident, rows: string): string {
  const facts = JSON.stringify({
    end_date: end === null ? null : v1Time(end),
    id,
    impact,
    start_date: v1Time(start),
    text: title,
  });
  return `${facts.slice(0, -1)},"updates":[${rows}]}`;
}

/** Where the predecessor kept what a maintenance is about. */
export function descriptionRow({ type, description, createdAt }: Incident): string[] {
  if (type !== 'maintenance' || description === null || description === '') return [];
  return [row('description', description, createdAt)];
}

export function v1Rows(incident: Incident, updates: readonly IncidentUpdate[], names: V1Names): string[] {
  return updates.flatMap((update) => {
    const { fact, text, status, at } = update;
    if (text !== null) return [row(OLD_WORDS[status] ?? status, text, at)];
    if (fact === null) return [];
    if (isNoted(fact)) return [row('SYSTEM', factText(fact, incident, names), at)];
    // It had no row for the beginning of an incident that a machine opened.
    if (fact.kind === 'detected') return [];
    const words = `${TYPE_WORDS[incident.type]} is ${status.replace('_', ' ')}.`;
    return [row(OLD_WORDS[status] ?? status, words, at)];
  });
}

function row(status: string, text: string, at: Instant): string {
  return JSON.stringify({ status, text, timestamp: v1Time(at) });
}

type Fact = Exclude<UpdateFact, { kind: 'detected' | 'status' }>;

function isNoted(fact: UpdateFact): fact is Fact {
  return fact.kind !== 'detected' && fact.kind !== 'status';
}

/** The texts are HTML: those who read them show the anchors, so that names must not become markup. */
function factText(fact: Fact, incident: Incident, names: V1Names): string {
  const label = 'component' in fact ? escaped(names.label(fact.component)) : '';
  switch (fact.kind) {
    case 'component_added':
      return `${label} added to ${escaped(incident.title)}`;
    case 'component_moved_to':
      return `${label} moved to ${anchor(fact.incident, names)}`;
    case 'component_moved_from':
      return `${label} moved from ${anchor(fact.incident, names)}`;
    case 'component_removed':
      return `${label} removed from ${escaped(incident.title)}`;
    case 'impact_changed':
      return `impact changed from ${IMPACT_KEYS[fact.old]} to ${IMPACT_KEYS[fact.new]}`;
    case 'window_changed':
      return 'the dates were changed';
    case 'reworded':
      return 'the title or description was changed';
    case 'closed_by_system':
    case 'auto_closed':
      return 'CLOSED BY SYSTEM';
    case 'merged_into':
      return `merged into ${anchor(fact.incident, names)}`;
    case 'merged_from':
      return `merged from ${anchor(fact.incident, names)}`;
    case 'recovery_seen':
      return `monitoring sees ${label} recovered`;
    case 'given_back':
      return 'given back to its author';
    case 'handed_in':
      return 'handed in again for review';
  }
}

function anchor(incident: number, names: V1Names): string {
  const title = names.title(incident);
  return title === null
    ? 'another incident'
    : `<a href='${escaped(names.link(`/incidents/${incident}`))}'>${escaped(title)}</a>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
