import {
  type Impact,
  type Incident,
  type IncidentUpdate,
  isImpact,
  type Membership,
  type UpdateFact,
} from '../domain/incident.ts';
import type { IncidentRecord, MembershipRecord, UpdateRecord } from './schema.ts';

function impactOf(value: number): Impact {
  return isImpact(value) ? value : 0;
}

export function toIncident(record: IncidentRecord): Incident {
  return {
    id: record.id,
    type: record.type,
    title: record.title,
    description: record.description,
    impact: impactOf(record.impact),
    status: record.status,
    start: record.start_at,
    end: record.end_at,
    system: record.system === 1,
    version: record.version,
    createdAt: record.created_at,
    modifiedAt: record.modified_at,
    createdBy: record.created_by,
    createdById: record.created_by_id,
    contactEmail: record.contact_email,
    postmortem: record.postmortem,
    postmortemAt: record.postmortem_at,
    series: record.series,
    mergedInto: record.merged_into,
    told: record.told === 1,
  };
}

export function fromIncident(incident: Omit<Incident, 'id'>): Omit<IncidentRecord, 'id' | 'series_date'> {
  return {
    type: incident.type,
    title: incident.title,
    description: incident.description,
    impact: incident.impact,
    status: incident.status,
    start_at: incident.start,
    end_at: incident.end,
    system: incident.system ? 1 : 0,
    version: incident.version,
    created_at: incident.createdAt,
    modified_at: incident.modifiedAt,
    created_by: incident.createdBy,
    created_by_id: incident.createdById,
    contact_email: incident.contactEmail,
    postmortem: incident.postmortem,
    postmortem_at: incident.postmortemAt,
    series: incident.series,
    merged_into: incident.mergedInto,
    told: incident.told ? 1 : 0,
  };
}

export function toMembership(record: MembershipRecord): Membership {
  const { incident, component, from_at: from, to_at: to, moved_to: movedTo } = record;
  return { incident, component, from, to, movedTo };
}

export function toUpdate(record: UpdateRecord): IncidentUpdate {
  return {
    id: record.id,
    incident: record.incident,
    at: record.at,
    status: record.status,
    system: record.system === 1,
    text: record.text,
    fact: record.fact === null ? null : (JSON.parse(record.fact) as UpdateFact),
    createdAt: record.created_at,
    createdBy: record.created_by,
    modifiedAt: record.modified_at,
    modifiedBy: record.modified_by,
  };
}
