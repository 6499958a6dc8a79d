import type { ComponentKey } from '../../../core/index.ts';
import { defineMessages, type Language } from '../../../platform/i18n/index.ts';
import { automaticText } from '../domain/first-row.ts';
import type { Incident, IncidentUpdate } from '../domain/incident.ts';

/** What the rows say that the program writes of itself. */
export const updateMessages = defineMessages('status-page-updates', {
  en: {
    added: (component: string) => `${component} added`,
    removed: (component: string) => `${component} removed`,
    movedTo: (component: string, incident: number) => `${component} moved to incident ${incident}`,
    movedFrom: (component: string, incident: number) => `${component} moved from incident ${incident}`,
    closed: 'incident closed by system',
    impactChanged: (before: number, after: number) => `Impact changed from ${before} to ${after}`,
    windowChanged: 'The dates were changed',
    reworded: 'The title or description was changed',
    autoClosed: 'Closed by system: monitors report no trouble any more',
    mergedInto: (incident: number) => `Merged into incident ${incident}`,
    mergedFrom: (incident: number) => `Incident ${incident} was merged into this one`,
    recoverySeen: (component: string) => `Monitoring sees ${component} recovered`,
  },
  it: {
    added: (component: string) => `${component} aggiunto`,
    removed: (component: string) => `${component} rimosso`,
    movedTo: (component: string, incident: number) => `${component} spostato nell’incidente ${incident}`,
    movedFrom: (component: string, incident: number) => `${component} spostato dall’incidente ${incident}`,
    closed: 'incidente chiuso dal sistema',
    impactChanged: (before: number, after: number) => `Impatto cambiato da ${before} a ${after}`,
    windowChanged: 'Le date sono state cambiate',
    reworded: 'Il titolo o la descrizione è stata cambiata',
    autoClosed: 'Chiuso dal sistema: i controlli non segnalano più problemi',
    mergedInto: (incident: number) => `Confluito nell’incidente ${incident}`,
    mergedFrom: (incident: number) => `L’incidente ${incident} è confluito in questo`,
    recoverySeen: (component: string) => `I controlli vedono ${component} ripristinato`,
  },
});

interface Naming {
  language: Language;
  /** What people call a component. */
  label(key: ComponentKey): string;
}

/** The text of a row: what a person wrote, else a sentence about what the program noted. */
export function updateText(
  { text, fact, status }: Pick<IncidentUpdate, 'text' | 'fact' | 'status'>,
  type: Incident['type'],
  { language, label }: Naming,
): string {
  const words = updateMessages(language);
  if (text !== null) return text;
  switch (fact?.kind) {
    case 'component_added':
      return words.added(label(fact.component));
    case 'component_removed':
      return words.removed(label(fact.component));
    case 'component_moved_to': {
      const moved = words.movedTo(label(fact.component), fact.incident);
      return status === 'resolved' ? `${moved}, ${words.closed}` : moved;
    }
    case 'component_moved_from':
      return words.movedFrom(label(fact.component), fact.incident);
    case 'impact_changed':
      return words.impactChanged(fact.old, fact.new);
    case 'window_changed':
      return words.windowChanged;
    case 'reworded':
      return words.reworded;
    case 'auto_closed':
      return words.autoClosed;
    case 'closed_by_system':
      return words.closed;
    case 'merged_into':
      return words.mergedInto(fact.incident);
    case 'merged_from':
      return words.mergedFrom(fact.incident);
    case 'recovery_seen':
      return words.recoverySeen(label(fact.component));
    default:
      return automaticText(type, status);
  }
}
