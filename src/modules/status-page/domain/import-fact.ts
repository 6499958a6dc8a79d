import type { ForeignFact } from './import-model.ts';
import { IMPACT_KEYS, type Impact, isImpact } from './incident.ts';

/** What a row says that the predecessor's program wrote itself; null when it is read as words only. */
export function factOf(text: string, labels: ReadonlyMap<string, number>): ForeignFact | null {
  if (text.trim() === 'CLOSED BY SYSTEM') return { kind: 'closed_by_system' };
  return impactFact(text) ?? componentFact(text, labels);
}

function impactFact(text: string): ForeignFact | null {
  const [, from = '', to = ''] = /^impact changed from (\w{1,20}) to (\w{1,20})\.?$/.exec(text.trim()) ?? [];
  const [old, fresh] = [impactOf(from), impactOf(to)];
  return old === null || fresh === null ? null : { kind: 'impact_changed', old, new: fresh };
}

function impactOf(key: string): Impact | null {
  const impact = (IMPACT_KEYS as readonly string[]).indexOf(key);
  return isImpact(impact) ? impact : null;
}

const MOVES = [
  [' moved to ', 'component_moved_to'],
  [' moved from ', 'component_moved_from'],
] as const;

function componentFact(text: string, labels: ReadonlyMap<string, number>): ForeignFact | null {
  for (const [words, kind] of MOVES) {
    const at = text.indexOf(words);
    const component = at < 0 ? undefined : labels.get(text.slice(0, at).trim());
    const [, number = ''] = /\/incidents\/(\d{1,15})\b/.exec(at < 0 ? '' : text.slice(at)) ?? [];
    if (component !== undefined && number !== '') return { kind, component, incident: Number(number) };
  }
  const at = text.indexOf(' added to ');
  const component = at < 0 ? undefined : labels.get(text.slice(0, at).trim());
  return component === undefined ? null : { kind: 'component_added', component };
}
