import * as z from 'zod';
import type { ComponentKey } from '../../../core/index.ts';
import { givenBack } from '../domain/given-back.ts';
import { IMPACT_KEYS, INCIDENT_TYPES, STATUSES } from '../domain/incident.ts';
import { type CatalogRead, displayLabel } from '../store/component-read.ts';
import type { IncidentView } from '../store/incident-read.ts';
import { incidentMessages } from './incident-messages.ts';
import { noteText } from './update-note.ts';

const ComponentRef = z.object({
  key: z.string(),
  name: z.string(),
  region: z.string().nullable(),
});

const UpdateShape = z.object({
  id: z.int().describe('Its number; the same for everybody and for ever.'),
  at: z.string(),
  status: z.enum(STATUSES),
  text: z.string().describe('Markdown.'),
  system: z.boolean().describe('Written by the program.'),
  fact: z
    .unknown()
    .describe(
      'What the program noted, with its parts; null for mere words of people. given_back stands beside the words of a reviewer, handed_in says that the author has changed it since.',
    ),
  author: z.string().optional().describe('For staff only.'),
  modifiedAt: z.string().nullable(),
});

export const IncidentShape = z.object({
  id: z.int(),
  type: z.enum(INCIDENT_TYPES),
  title: z.string(),
  description: z.string().nullable().describe('Markdown.'),
  impact: z.int().min(0).max(3),
  impactKey: z
    .enum([...IMPACT_KEYS, 'info'])
    .describe('`info` for an information, whose impact is 0 as that of a maintenance.'),
  status: z.enum(STATUSES),
  start: z.string(),
  end: z.string().nullable(),
  system: z.boolean().describe('Opened by a machine and touched by nobody since.'),
  components: z.array(ComponentRef).describe('What it holds, or held when it ended.'),
  past: z
    .array(ComponentRef.extend({ from: z.string(), to: z.string(), movedTo: z.int().nullable() }))
    .describe('What left it before.'),
  updates: z.array(UpdateShape).describe('Newest first.'),
  postmortem: z.string().nullable().describe('Markdown; a draft for staff only.'),
  postmortemAt: z.string().nullable().describe('When it was published; null: it is a draft, or there is none.'),
  mergedInto: z.int().nullable(),
  url: z.string(),
  version: z.int().optional().describe('For staff only: send it with a change, here or as If-Match.'),
  author: z.string().optional().describe('For staff only.'),
  contactEmail: z.string().nullable().optional().describe('For staff only.'),
  givenBack: z
    .boolean()
    .optional()
    .describe('For staff only: a reviewer gave it back, and its author has not changed it since.'),
});
type IncidentOut = z.input<typeof IncidentShape>;

interface Showing {
  catalog: CatalogRead;
  /** Versions, authors and contacts are theirs. */
  isStaff: boolean;
  absolute(path: string): string;
}

/** One incident for programs, cut to what the viewer may see. */
export function incidentOut(view: IncidentView, { catalog, isStaff, absolute }: Showing): IncidentOut {
  const naming = {
    language: 'en' as const,
    label: (key: ComponentKey) => labelOf(catalog, key),
    other: incidentMessages('en').number,
  };
  return {
    id: view.id,
    type: view.type,
    title: view.title,
    description: view.description,
    impact: view.impact,
    impactKey: view.type === 'info' ? 'info' : IMPACT_KEYS[view.impact],
    status: view.status,
    start: view.start,
    end: view.end,
    system: view.system,
    components: view.components.map((key) => refOf(catalog, key)),
    past: view.past.map(({ component, from, to, movedTo }) => ({
      ...refOf(catalog, component),
      from,
      to: to ?? from,
      movedTo,
    })),
    updates: view.updates.map((update) => ({
      id: update.id,
      at: update.at,
      status: update.status,
      text: update.text ?? noteText(update, view.type, naming),
      system: update.system,
      fact: update.fact,
      ...(isStaff ? { author: update.createdBy } : {}),
      modifiedAt: update.modifiedAt,
    })),
    postmortem: view.postmortem,
    postmortemAt: view.postmortemAt,
    mergedInto: view.mergedInto,
    url: absolute(`/incidents/${view.id}`),
    ...(isStaff ? forStaff(view) : {}),
  };
}

function forStaff({ version, createdBy: author, contactEmail, updates }: IncidentView) {
  return { version, author, contactEmail, givenBack: givenBack(updates) !== null };
}

function refOf({ components }: CatalogRead, key: ComponentKey): z.input<typeof ComponentRef> {
  const known = components.get(key);
  return { key, name: known?.name ?? key.slice(key.indexOf('/') + 1), region: known?.region ?? null };
}

function labelOf({ components }: CatalogRead, key: ComponentKey): string {
  const known = components.get(key);
  return known === undefined ? key : displayLabel(known);
}
