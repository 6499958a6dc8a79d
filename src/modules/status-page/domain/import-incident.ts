import type { Instant } from '../../../core/index.ts';
import { statusByTheClock } from './import-clock.ts';
import { factOf } from './import-fact.ts';
import type {
  ForeignComponent,
  ForeignFact,
  ForeignIncident,
  ForeignMember,
  ForeignUpdate,
  ImportRemark,
  SourceRow,
} from './import-model.ts';
import { lineOf } from './import-text.ts';
import { flagOf, idText, instantOf, numberOf, shortened, textOf } from './import-values.ts';
import {
  type Impact,
  INCIDENT_TYPES,
  type IncidentStatus,
  type IncidentType,
  isImpact,
  parseStatus,
  TERMINAL,
} from './incident.ts';

export const TEXT_LIMITS = { title: 200, text: 10_000, contact: 254 } as const;

export interface ImportContext {
  components: ReadonlyMap<number, ForeignComponent>;
  labels: ReadonlyMap<string, number>;
  remarks: ImportRemark[];
  now: Instant;
}

interface IncidentRows {
  row: SourceRow;
  relations: readonly SourceRow[];
  updates: readonly SourceRow[];
}

/** One incident with all that belongs to it; null, and a remark, when it cannot be told when or how bad it was. */
export function foreignIncident(context: ImportContext, id: number, rows: IncidentRows): ForeignIncident | null {
  const { row } = rows;
  const remark = (what: ImportRemark['what'], why: string) =>
    context.remarks.push({ table: 'incident', id: String(id), what, why });
  const start = instantOf(row['start_date']);
  const impact = numberOf(row['impact']);
  if (start === null) return leftOut(remark, `its start is no time: ${said(row['start_date'])}`);
  if (impact === null || !isImpact(impact))
    return leftOut(remark, `its impact is none of 0 to 3: ${said(row['impact'])}`);
  const type = typeOf(row, impact);
  const found = endOf(row, start, remark);
  if (found === null) return leftOut(remark, `its end is no time: ${said(row['end_date'])}`);
  const end = found.at;
  const system = flagOf(row['system']);
  if (type === 'maintenance' && end === null && system) {
    return leftOut(remark, 'a monitor reported impact 0, which is no maintenance and never ends');
  }
  if (type !== 'incident' && impact !== 0) remark('changed', 'only incidents have an impact: it is 0 now');
  const { story, description, oldest } = readUpdates(context, rows.updates, type);
  const status = statusNow({ row, type, start, end, story, now: context.now });
  const title = shortened(lineOf(textOf(row['text']) ?? '') || 'Incident', TEXT_LIMITS.title);
  if (title.cut) remark('changed', `its title is cut to ${TEXT_LIMITS.title} characters`);
  const finalImpact = type === 'incident' ? impact : 0;
  return {
    id,
    type,
    title: title.text,
    description: textOf(row['description']) || description,
    impact: finalImpact,
    status,
    start,
    end,
    system: system && !TERMINAL.includes(status),
    createdAt: earliest([instantOf(row['created_at']), start, oldest, context.now]),
    createdBy: textOf(row['created_by']) || null,
    contactEmail: shortened(textOf(row['contact_email']) ?? '', TEXT_LIMITS.contact).text || null,
    members: readMembers(context, { id, start, end, relations: rows.relations, story }),
    updates: story,
    impacts: impactsOf(start, finalImpact, story),
  };
}

/** Whoever planned something for later did so before, and nothing was written after now. */
function earliest(times: readonly (Instant | null)[]): Instant {
  return times.filter((at) => at !== null).reduce((first, at) => (at < first ? at : first));
}

function leftOut(remark: (what: ImportRemark['what'], why: string) => void, why: string): null {
  remark('left out', why);
  return null;
}

function said(value: unknown): string {
  return value === null || value === undefined ? 'nothing' : JSON.stringify(textOf(value) ?? '?').slice(0, 40);
}

function typeOf(row: SourceRow, impact: Impact): IncidentType {
  const type = textOf(row['type']);
  return INCIDENT_TYPES.find((one) => one === type) ?? (impact === 0 ? 'maintenance' : 'incident');
}

/** Null: there is one that cannot be read. */
function endOf(
  row: SourceRow,
  start: Instant,
  remark: (what: ImportRemark['what'], why: string) => void,
): { at: Instant | null } | null {
  const value = row['end_date'];
  if (value === null || value === undefined) return { at: null };
  const end = instantOf(value);
  if (end === null) return null;
  if (end >= start) return { at: end };
  remark('changed', 'its end lay before its start: it ends when it starts now');
  return { at: start };
}

/** Updates in their order, without the rows that are descriptions, of which the newest counts. */
function readUpdates(
  { labels, remarks }: ImportContext,
  rows: readonly SourceRow[],
  type: IncidentType,
): { story: ForeignUpdate[]; description: string | null; oldest: Instant | null } {
  const told: { at: Instant; row: SourceRow }[] = [];
  for (const row of rows) {
    const at = instantOf(row['timestamp']);
    if (row['deleted_at'] !== null && row['deleted_at'] !== undefined) continue;
    if (at !== null) told.push({ at, row });
    else
      remarks.push({
        table: 'incident_status',
        id: idText(row['id']),
        what: 'left out',
        why: `its time is none: ${said(row['timestamp'])}`,
      });
  }
  const place = ({ row }: { row: SourceRow }) => numberOf(row['id']) ?? 0;
  told.sort((a, b) => (a.at === b.at ? place(a) - place(b) : a.at < b.at ? -1 : 1));
  let status: IncidentStatus = type === 'incident' ? 'detected' : 'planned';
  let description: string | null = null;
  const story: ForeignUpdate[] = [];
  for (const { at, row } of told) {
    const word = (textOf(row['status']) ?? '').trim();
    const given = shortened(textOf(row['text']) ?? '', TEXT_LIMITS.text);
    const remark = (why: string) =>
      remarks.push({ table: 'incident_status', id: idText(row['id']), what: 'changed', why });
    if (given.cut) remark(`its text is cut to ${TEXT_LIMITS.text} characters`);
    if (word === 'description') {
      description = given.text;
      continue;
    }
    const system = word === 'SYSTEM';
    const parsed = system ? null : parseStatus(word);
    if (!system && parsed === null)
      remark(`its status ${said(word)} is none we know: it has the one before it, ${status}`);
    status = parsed ?? status;
    const fact: ForeignFact | null = system ? factOf(given.text, labels) : null;
    story.push({ at, status, system, text: given.text, fact, createdBy: textOf(row['created_by']) || null });
  }
  return { story, description, oldest: told[0]?.at ?? null };
}

interface Asked {
  row: SourceRow;
  type: IncidentType;
  start: Instant;
  end: Instant | null;
  story: readonly ForeignUpdate[];
  now: Instant;
}

/** Planned things are what our clock makes of them; incidents what was said last. */
function statusNow(asked: Asked): IncidentStatus {
  const { type, start, end, story, now } = asked;
  return statusByTheClock({ type, status: statusThere(asked), start, end, updates: story }, now);
}

/** Maintenances of the first generation are what the clock says; incidents what was said last. */
function statusThere(asked: Asked): IncidentStatus {
  const { row, type, start, end, story, now } = asked;
  const last = story.findLast(({ system }) => !system)?.status ?? null;
  const stored = parseStatus(textOf(row['status']) ?? '') ?? last;
  if (type === 'incident') {
    // Whatever was said of it afterwards.
    if (end !== null) return 'resolved';
    // One that was opened again still has its end taken away.
    return stored === null || TERMINAL.includes(stored) ? 'detected' : stored;
  }
  if (stored === 'cancelled') return 'cancelled';
  if (stored === 'completed' || (end !== null && end <= now)) return 'completed';
  if (stored === 'pending_review' || stored === 'reviewed') return stored;
  if (start > now) return stored === 'modified' ? 'modified' : 'planned';
  return type === 'info' ? 'active' : 'in_progress';
}

/** Present ones as the relations say, from when they joined; those that moved on, until then. */
function readMembers(
  { components, remarks }: ImportContext,
  asked: {
    id: number;
    start: Instant;
    end: Instant | null;
    relations: readonly SourceRow[];
    story: readonly ForeignUpdate[];
  },
): ForeignMember[] {
  const { id, start, end, relations, story } = asked;
  const joined = (component: number) =>
    story.find(
      ({ fact }) =>
        (fact?.kind === 'component_added' || fact?.kind === 'component_moved_from') && fact.component === component,
    )?.at ?? start;
  const within = (at: Instant) => (at < start ? start : end !== null && at > end ? end : at);
  const present = new Map<number, ForeignMember>();
  for (const relation of relations) {
    const component = numberOf(relation['component_id']);
    if (component !== null && components.has(component)) {
      present.set(component, { component, from: within(joined(component)), to: null, movedTo: null });
    } else {
      const why = `the incident names the component ${idText(relation['component_id'])}, which is not taken over`;
      remarks.push({ table: 'incident_component_relation', id: String(id), what: 'left out', why });
    }
  }
  const past = story.flatMap(({ fact, at }): ForeignMember[] => {
    if (fact?.kind !== 'component_moved_to' || present.has(fact.component)) return [];
    const from = within(joined(fact.component));
    const to = within(at);
    return [{ component: fact.component, from, to: to < from ? from : to, movedTo: fact.incident }];
  });
  const left = new Map(past.map((member) => [member.component, member]));
  return [...present.values(), ...left.values()];
}

function impactsOf(
  start: Instant,
  impact: Impact,
  story: readonly ForeignUpdate[],
): { from: Instant; impact: Impact }[] {
  const changes = story.flatMap(({ at, fact }) =>
    fact?.kind === 'impact_changed' && at > start ? [{ at, fact }] : [],
  );
  const first = changes[0]?.fact.old ?? impact;
  const rows = new Map([[start, first], ...changes.map(({ at, fact }) => [at, fact.new] as const)]);
  const last = [...rows.keys()].at(-1) ?? start;
  // Whatever was noted on the way, it ended as it is stored.
  if (rows.get(last) !== impact) rows.set(last, impact);
  return [...rows].map(([from, value]) => ({ from, impact: value }));
}
