import type { Series } from '../domain/series.ts';
import type { SeriesRecord } from './schema.ts';

export function toSeries(record: SeriesRecord): Series {
  return {
    id: record.id,
    title: record.title,
    description: record.description,
    components: JSON.parse(record.components) as string[],
    rule: record.rule,
    zone: record.zone,
    startLocal: record.start_local,
    durationMinutes: record.duration_minutes,
    exceptions: JSON.parse(record.exceptions) as string[],
    contactEmail: record.contact_email,
    createdAt: record.created_at,
    createdBy: record.created_by,
    version: record.version,
    endedAt: record.ended_at,
  };
}

export function fromSeries(series: Series): SeriesRecord {
  return {
    id: series.id,
    title: series.title,
    description: series.description,
    components: JSON.stringify(series.components),
    rule: series.rule,
    zone: series.zone,
    start_local: series.startLocal,
    duration_minutes: series.durationMinutes,
    exceptions: JSON.stringify(series.exceptions),
    contact_email: series.contactEmail,
    created_at: series.createdAt,
    created_by: series.createdBy,
    version: series.version,
    ended_at: series.endedAt,
  };
}
