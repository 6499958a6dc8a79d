import type { Instant } from '../../../core/index.ts';
import { type Attributes, attributeOf, placeOf } from './catalog-component.ts';
import { type Complaint, LIMITS, lineComplaint } from './catalog-rules.ts';
import { foreignIncident } from './import-incident.ts';
import type {
  ForeignComponent,
  ForeignIncident,
  ForeignWorld,
  ImportRemark,
  SourceRow,
  SourceRows,
} from './import-model.ts';
import { lineOf } from './import-text.ts';
import { idText, instantOf, numberOf, shortened, textOf } from './import-values.ts';

/** Makes sense of the predecessor's rows, of whichever generation. What makes none is told, never a reason to stop. */
export function readForeignWorld(rows: SourceRows, now: Instant): ForeignWorld {
  const remarks: ImportRemark[] = [];
  const components = foreignComponents(rows, remarks);
  const known = new Map(components.map((component) => [component.id, component]));
  const relations = Map.groupBy(rows.relations, ({ incident_id: id }) => numberOf(id));
  const updates = Map.groupBy(rows.updates, ({ incident_id: id }) => numberOf(id));
  const seen = new Set<number>();
  const incidents: ForeignIncident[] = [];
  const context = { components: known, labels: labelsOf(components), remarks, now };
  for (const row of rows.incidents) {
    const id = numberOf(row['id']);
    const leaveOut = (why: string) => remarks.push({ table: 'incident', id: idText(row['id']), what: 'left out', why });
    if (id === null || id < 1) leaveOut('it has no number');
    else if (seen.has(id)) leaveOut('its number is there twice');
    else if (row['deleted_at'] !== null && row['deleted_at'] !== undefined) leaveOut('it was deleted there');
    else {
      seen.add(id);
      const incident = foreignIncident(context, id, {
        row,
        relations: relations.get(id) ?? [],
        updates: updates.get(id) ?? [],
      });
      if (incident !== null) incidents.push(incident);
    }
  }
  for (const [table, groups] of [
    ['incident_component_relation', relations],
    ['incident_status', updates],
  ] as const) {
    for (const [id, orphans] of groups) {
      if (id !== null && seen.has(id)) continue;
      const why = `belongs to the incident ${id ?? 'without a number'}, which is not taken over (${orphans.length} rows)`;
      remarks.push({ table, id: idText(orphans[0]?.['id'] ?? id), what: 'left out', why });
    }
  }
  return { components, incidents, remarks };
}

function foreignComponents(rows: SourceRows, remarks: ImportRemark[]): ForeignComponent[] {
  const attributes = Map.groupBy(rows.attributes, ({ component_id: id }) => numberOf(id));
  const places = new Map<string, number>();
  const found = new Map<number, ForeignComponent>();
  for (const row of rows.components) {
    const id = numberOf(row['id']);
    const remark = (what: ImportRemark['what'], why: string) =>
      remarks.push({ table: 'component', id: idText(row['id']), what, why });
    const name = lineOf(textOf(row['name']) ?? '');
    if (id === null || id < 1) remark('left out', 'it has no number');
    else if (name === '') remark('left out', 'it has no name');
    else {
      const { text, cut } = shortened(name, LIMITS.name);
      if (cut) remark('changed', `its name is cut to ${LIMITS.name} characters`);
      const own = readAttributes(attributes.get(id) ?? [], remarks);
      const place = placeOf({ name: text, region: attributeOf(own, 'region') });
      const deletedAt = deletionOf(row);
      const other = deletedAt === null ? places.get(place) : undefined;
      if (found.has(id)) remark('left out', 'its number is there twice');
      else if (other !== undefined) {
        remark('changed', `it has the name and region of component ${other} and becomes one with it`);
        // Its incidents are those of the other from here on.
        found.set(id, { ...(found.get(other) as ForeignComponent), id });
      } else found.set(id, { id, name: text, attributes: own, createdAt: instantOf(row['created_at']), deletedAt });
      if (deletedAt === null && other === undefined) places.set(place, id);
    }
  }
  return [...found.values()];
}

function deletionOf(row: SourceRow): Instant | null {
  const value = row['deleted_at'];
  if (value === null || value === undefined) return null;
  return instantOf(value) ?? '2000-01-01T00:00:00.000Z';
}

function readAttributes(rows: readonly SourceRow[], remarks: ImportRemark[]): Attributes {
  const found = new Map<string, string>();
  const ordered = rows.toSorted((a, b) => (numberOf(a['id']) ?? 0) - (numberOf(b['id']) ?? 0));
  for (const row of ordered) {
    const leaveOut = (why: string) =>
      remarks.push({ table: 'component_attribute', id: idText(row['id']), what: 'left out', why });
    const name = lineOf(textOf(row['name']) ?? '');
    const value = lineOf(textOf(row['value']) ?? '');
    const complaint = lineComplaint(name, LIMITS.attributeName) ?? lineComplaint(value, LIMITS.attributeValue);
    if (complaint !== null) leaveOut(`its name or value ${complaintText(complaint)}`);
    else if (['__proto__', 'constructor', 'prototype'].includes(name)) leaveOut('its name is a reserved word');
    else if (found.has(name)) leaveOut(`the component has "${name}" already`);
    else if (found.size === LIMITS.attributes) leaveOut(`the component has ${LIMITS.attributes} already`);
    else found.set(name, value);
  }
  return [...found];
}

/** The report of an import is for a terminal, in English. */
function complaintText(complaint: NonNullable<Complaint>): string {
  if (complaint.code === 'empty') return 'is empty';
  return complaint.code === 'too_long' ? `has ${complaint.length} characters` : 'has characters that cannot be shown';
}

/** How both generations call components in their texts (specification §4). */
function labelsOf(components: readonly ForeignComponent[]): ReadonlyMap<string, number> {
  const labels = new Map<string, number>();
  for (const { id, name, attributes } of components) {
    const named = ['category', 'region', 'type']
      .map((one) => attributeOf(attributes, one))
      .filter((one) => one !== null);
    for (const values of [attributes.map(([, value]) => value), named]) {
      const label = values.length === 0 ? name : `${name} (${values.join(', ')})`;
      if (!labels.has(label)) labels.set(label, id);
    }
  }
  return labels;
}
