import type { Queries } from '../../../platform/database/index.ts';
import type { IncidentStatus } from '../domain/incident.ts';
import type { StatusPageTables, TemplateRecord } from './schema.ts';

/** Words for updates that are written again and again. */
export interface Template {
  id: string;
  name: string;
  /** For updates with this status; null: for any. */
  status: IncidentStatus | null;
  /** Markdown. */
  text: string;
  position: number;
}

export function toTemplate({ id, name, status, text, position }: TemplateRecord): Template {
  return { id, name, status, text, position };
}

/** In the order in which a form offers them. */
export async function readTemplates(q: Queries): Promise<Template[]> {
  const records = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_template')
    .selectAll()
    .orderBy('position')
    .orderBy('name')
    .orderBy('id')
    .execute();
  return records.map(toTemplate);
}
