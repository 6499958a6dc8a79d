import * as z from 'zod';
import { AppError, type Instant } from '../../core/index.ts';
import { GitLabDay, GitLabTime } from './schema.ts';
import type { HookHeaders } from './webhook.ts';

/** An issue as an event tells of it. Title, url and due date of a confidential one are left behind right here. */
export interface HookIssue {
  id: number;
  iid: number;
  state: 'opened' | 'closed';
  confidential: boolean;
  title: string;
  url: string;
  labels: readonly string[];
  /** Planned end, `YYYY-MM-DD`. */
  dueOn: string | null;
  updatedAt: Instant;
}

export interface HookProject {
  id: number;
  path: string | null;
  /** Who may see the project now; null when the event does not say. */
  visibility: 'public' | 'internal' | 'private' | null;
}

const VISIBILITIES: Readonly<Record<number, HookProject['visibility']>> = {
  0: 'private',
  10: 'internal',
  20: 'public',
};

/** What a delivery means to us. */
export type HookEvent =
  /** The issue's state is in the event: it can be shown at once. */
  | { kind: 'issue'; project: HookProject; issue: HookIssue }
  /** Something about an issue changed that the event does not tell: read again. */
  | { kind: 'touched'; project: HookProject; confidential: boolean }
  /** Not ours to act on. */
  | { kind: 'ignored'; objectKind: string };

const Envelope = z.object({
  object_kind: z.string().max(100),
  event_type: z.string().max(100).optional().catch(undefined),
  project: z
    .object({
      id: z.number().int(),
      path_with_namespace: z.string().optional().catch(undefined),
      visibility_level: z.number().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  project_id: z.number().int().optional().catch(undefined),
});

const IssueEvent = z.object({
  object_attributes: z.object({
    id: z.number().int(),
    iid: z.number().int(),
    title: z.string().catch(''),
    state: z.enum(['opened', 'closed']),
    confidential: z.boolean().catch(true),
    updated_at: GitLabTime,
    url: z.string().catch(''),
    due_date: GitLabDay,
  }),
  labels: z.array(z.object({ title: z.string() })),
});

const NoteEvent = z.object({
  object_attributes: z.object({
    noteable_type: z.string().optional().catch(undefined),
  }),
  issue: z.object({ confidential: z.boolean() }).optional().catch(undefined),
});

const ISSUES = new Set(['issue', 'confidential_issue', 'work_item', 'confidential_work_item']);
const NOTES = new Set(['note', 'confidential_note']);

/** Reads a delivery that was found to be GitLab's. Throws `invalid` only for what no GitLab sends. */
export function parseHookEvent(headers: HookHeaders, body: Uint8Array): HookEvent {
  const json = jsonOf(body);
  const envelope = Envelope.safeParse(json);
  if (!envelope.success) {
    throw new AppError(
      'invalid',
      "The body has no object_kind: send GitLab's own payload, without a custom webhook template.",
    );
  }
  const { object_kind: objectKind, event_type: eventType } = envelope.data;
  const id = envelope.data.project?.id ?? envelope.data.project_id;
  const ignored: HookEvent = { kind: 'ignored', objectKind };
  if (id === undefined) return ignored;
  const { path_with_namespace: path = null, visibility_level: level = -1 } = envelope.data.project ?? {};
  const project: HookProject = { id, path, visibility: VISIBILITIES[level] ?? null };
  const confidential =
    isConfidential(objectKind) || isConfidential(eventType) || isConfidential(headers['x-gitlab-event']);
  if (NOTES.has(objectKind)) return noteEvent(json, project, confidential) ?? ignored;
  if (!ISSUES.has(objectKind)) return ignored;
  return issueEvent(json, project, confidential);
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new AppError('invalid', 'The body is not JSON.');
  }
}

function isConfidential(word: string | undefined): boolean {
  return word?.toLowerCase().startsWith('confidential') ?? false;
}

function issueEvent(json: unknown, project: HookProject, confidentialEvent: boolean): HookEvent {
  const parsed = IssueEvent.safeParse(json);
  // A newer GitLab may write an issue in a way we cannot read: then it is read through the API.
  if (!parsed.success) return { kind: 'touched', project, confidential: true };
  const { id, iid, state, title, url, updated_at: updatedAt, ...attributes } = parsed.data.object_attributes;
  const confidential = confidentialEvent || attributes.confidential;
  const issue: HookIssue = {
    id,
    iid: confidential ? 0 : iid,
    state,
    confidential,
    title: confidential ? '' : title,
    url: confidential ? '' : url,
    labels: parsed.data.labels.map((label) => label.title),
    dueOn: confidential ? null : attributes.due_date,
    updatedAt,
  };
  return { kind: 'issue', project, issue };
}

function noteEvent(json: unknown, project: HookProject, confidential: boolean): HookEvent | null {
  const parsed = NoteEvent.safeParse(json);
  if (!parsed.success) return { kind: 'touched', project, confidential: true };
  const { noteable_type: on } = parsed.data.object_attributes;
  if (on !== undefined && on !== 'Issue' && on !== 'WorkItem') return null;
  const secret = confidential || parsed.data.issue?.confidential === true;
  return { kind: 'touched', project, confidential: secret };
}
