import type { ComponentKey, Instant } from '../../../core/index.ts';
import type { Language } from '../../../platform/i18n/index.ts';
import { IMPACT_KEYS, type IncidentType, type IncidentUpdate } from '../domain/incident.ts';
import { incidentMessages } from './incident-messages.ts';

export interface Naming {
  language: Language;
  /** What people call a component. */
  label(key: ComponentKey): string;
}

/** As it stands in sentences of feeds and API answers as well. */
function minuteText(instant: Instant): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

/** The program's note in words; `incident`: whose name ends the sentence. */
export function noteOf(
  { fact, status }: Pick<IncidentUpdate, 'fact' | 'status'>,
  type: IncidentType,
  { language, label: named }: Naming,
): { text: string; incident: number | null } {
  const words = incidentMessages(language);
  const said = (text: string, other: number | null = null) => ({ text, incident: other });
  switch (fact?.kind) {
    case undefined:
    case 'detected':
    case 'status':
      return said(words.factStatus(type, status));
    case 'component_added':
      return said(words.factAdded(named(fact.component)));
    case 'component_moved_to':
      return said(words.factMovedTo(named(fact.component)), fact.incident);
    case 'component_moved_from':
      return said(words.factMovedFrom(named(fact.component)), fact.incident);
    case 'component_removed':
      return said(words.factRemoved(named(fact.component)));
    case 'impact_changed':
      return said(words.factImpact(IMPACT_KEYS[fact.old], IMPACT_KEYS[fact.new]));
    case 'window_changed':
      return said(
        words.factWindow(minuteText(fact.new.start), fact.new.end === null ? null : minuteText(fact.new.end)),
      );
    case 'reworded':
      return said(words.factReworded);
    case 'closed_by_system':
      return said(words.factClosed);
    case 'auto_closed':
      return said(words.factAutoClosed);
    case 'merged_into':
      return said(words.factMergedInto, fact.incident);
    case 'merged_from':
      return said(words.factMergedFrom, fact.incident);
    case 'recovery_seen':
      return said(words.factRecovery(named(fact.component)));
    case 'given_back':
      return said(words.factGivenBack);
    case 'handed_in':
      return said(words.factHandedIn);
  }
}

/** The same as a sentence; `other` names the incident that ends it. */
export function noteText(
  update: Pick<IncidentUpdate, 'fact' | 'status'>,
  type: IncidentType,
  { other, ...naming }: Naming & { other(incident: number): string },
): string {
  const { text, incident } = noteOf(update, type, naming);
  return incident === null ? text : `${text} ${other(incident)}.`;
}
