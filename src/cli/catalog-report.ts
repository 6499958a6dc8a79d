import { type CatalogPlan, type PlannedChange, sayCatalogMistake } from '../modules/status-page/index.ts';

/** A plan in lines, each with what happens first: `+` added, `~` changed, `-` retired, `^` back again. */
export function planLines(plan: CatalogPlan): string[] {
  const { added, changed, retired, returned, kept, unchanged, regions } = plan;
  return [
    ...regions.changes.map(({ id, old, new: fresh }) => `~ region ${id}: ${old ?? '(none)'} → ${fresh ?? '(none)'}`),
    ...added.map(({ key, name, region }) => `+ ${key}  ${place(name, region)}`),
    ...changed.flatMap((change) => changeLines('~', change)),
    ...returned.flatMap((change) => changeLines('^', change)),
    ...retired.map(({ key, name, region }) => `- ${key}  ${place(name, region)}`),
    ...kept.map((key) => `  ${key} is left as it is: a person owns it`),
    `${added.length} added, ${changed.length} changed, ${retired.length} retired, ${returned.length} returned, ${unchanged.length + kept.length} left as they are.`,
  ];
}

function changeLines(sign: string, { component, fields, takenOver }: PlannedChange): string[] {
  const { key, name, region } = component;
  return [
    `${sign} ${key}  ${place(name, region)}${takenOver ? ' (a person owned it; the file names its key and owns it from now on)' : ''}`,
    ...fields.map(({ field, old, new: fresh }) => `    ${field}: ${said(old)} → ${said(fresh)}`),
  ];
}

/** Names may hold anything; a terminal gets one line of what it can show. */
function place(name: string, region: string | null): string {
  return said(region === null ? name : `${name} (${region})`);
}

function said(text: string | null): string {
  if (text === null) return '(none)';
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ');
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`;
}

/** The same for programs. */
export function planJson(plan: CatalogPlan): Record<string, unknown> {
  const { added, changed, retired, returned, kept, unchanged, regions, mistakes } = plan;
  const change = ({ component, fields, takenOver }: PlannedChange) => ({ key: component.key, fields, takenOver });
  return {
    added: added.map(({ key, name, region }) => ({ key, name, region })),
    changed: changed.map(change),
    retired: retired.map(({ key, name, region }) => ({ key, name, region })),
    returned: returned.map(change),
    kept,
    unchanged: unchanged.length,
    regions: regions.changes,
    mistakes: mistakes.map((mistake) => sayCatalogMistake('en', mistake)),
  };
}
