import type { HookEvent, HookProject } from '../../../connectors/gitlab/index.ts';
import type { Instant } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { ProjectSettings } from '../config.ts';
import { DeliveryAccepted } from '../domain/events.ts';
import { isOutdated, type KnownIssue } from '../domain/issue-merge.ts';
import { eventEndsPause } from '../domain/schedule.ts';
import { insertDeliveries } from '../store/delivery-store.ts';
import { findIssues, saveIssue } from '../store/issue-store.ts';
import { findProject, markDirty, type ProjectRow, reasonOf, sourceOf } from '../store/project-store.ts';
import type { FacilityContext } from './facility-context.ts';
import { gather } from './gather.ts';
import { forgetConfidential, updateStates } from './update-states.ts';

type OurEvent = Exclude<HookEvent, { kind: 'ignored' }>;
type IssueEvent = Extract<HookEvent, { kind: 'issue' }>;

/** A delivery that was found to be GitLab's and about a project of ours. */
export interface Taken {
  /** The same for one that is sent again. */
  id: string;
  settings: ProjectSettings;
  /** Of the project's signals; null until GitLab has told its number. */
  source: string | null;
  event: OurEvent;
}

export type Outcome = 'accepted' | 'duplicate' | 'ignored';

const takers = new WeakMap<FacilityContext, Map<string, (delivery: Taken) => Promise<Outcome>>>();

/**
 * Stores a delivery with everything that follows from it. Those of one project wait for its lock, so what has come
 * meanwhile is stored together. machine-driven: only deliveries that carry the hook's secret or signature get here.
 */
export async function takeDelivery(context: FacilityContext, delivery: Taken): Promise<Outcome> {
  const ofProjects = takers.get(context) ?? new Map<string, (delivery: Taken) => Promise<Outcome>>();
  takers.set(context, ofProjects);
  const { id } = delivery.settings;
  const take =
    ofProjects.get(id) ??
    gather((deliveries: readonly Taken[]) => context.db.write((tx) => takeAll(tx, context, deliveries)));
  ofProjects.set(id, take);
  return await take(delivery);
}

async function takeAll(tx: Tx, context: FacilityContext, deliveries: readonly Taken[]): Promise<Outcome[]> {
  const last = deliveries.at(-1);
  if (last === undefined) return [];
  const { settings, source } = last;
  await tx.lock(`facility:${settings.id}`);
  const now = context.clock.now();
  const [fresh, row, known] = await Promise.all([
    insertDeliveries(
      tx,
      deliveries.map(({ id, event }) => ({
        id,
        integration: settings.integration,
        project: settings.id,
        kind: event.kind,
        received_at: now,
      })),
    ),
    findProject(tx, settings.id),
    source === null
      ? []
      : findIssues(
          tx,
          source,
          deliveries
            .map(({ event }) => event)
            .filter(isIssue)
            .map(idOf),
        ),
  ]);
  if (row === undefined) return deliveries.map(() => 'ignored');
  // Of two with one name the first is taken.
  const accepted = deliveries.filter(({ id }) => fresh.delete(id));
  const outcomes = deliveries.map((one): Outcome => (accepted.includes(one) ? 'accepted' : 'duplicate'));
  if (accepted.length === 0) return outcomes;
  const events = accepted.map(({ event }) => event);
  // Not before the reading that runs, even when the clock of its process is ahead: it may not have seen them.
  const at = row.started_at !== null && row.started_at > now ? row.started_at : now;
  markDirty(tx, row.id, {
    confidential: events.every(isConfidential),
    times: events.length,
    change: noticed(row, events, at),
  });
  // What has become another project since it was found is left to the reading.
  const told = source === sourceOf(row) ? events.filter(isIssue) : [];
  await showIssues(tx, context, { row, settings, told, known, at });
  await context.journal.publish(tx, DeliveryAccepted, { key: row.id, payload: { project: row.id } });
  return outcomes;
}

function isIssue(event: OurEvent): event is IssueEvent {
  return event.kind === 'issue';
}

function idOf({ issue }: IssueEvent): number {
  return issue.id;
}

function isConfidential(event: OurEvent): boolean {
  return event.kind === 'issue' ? event.issue.confidential : event.confidential;
}

function noticed(row: ProjectRow, events: readonly OurEvent[], now: Instant): Partial<ProjectRow> {
  const ended = row.hold_until !== null && eventEndsPause(reasonOf(row));
  // Who may see it, and where it is: what has changed is asked anew at once, not within the hour.
  const moved = events.some(({ project }) => hasMoved(row, project));
  return { last_event_at: now, ...(ended ? { hold_until: null } : {}), ...(moved ? { next_at: now } : {}) };
}

function hasMoved(row: ProjectRow, project: HookProject): boolean {
  return differs(row.visibility, project.visibility) || differs(row.path, project.path);
}

function differs(known: string | null, told: string | null): boolean {
  return known !== null && told !== null && known !== told;
}

interface Showing {
  row: ProjectRow;
  settings: ProjectSettings;
  told: readonly IssueEvent[];
  known: readonly KnownIssue[];
  at: Instant;
}

/** Lets the lights follow the events themselves; the reading that comes after them confirms or corrects. */
async function showIssues(
  tx: Tx,
  context: FacilityContext,
  { row, settings, told, known, at }: Showing,
): Promise<void> {
  const source = sourceOf(row);
  if (source === null || row.web_url === null || told.length === 0) return;
  const latest = new Map(known.map((issue) => [issue.id, issue]));
  const labels = known.flatMap((issue) => issue.labels);
  const changed = new Set<number>();
  for (const { issue: event } of told) {
    const { state, ...issue } = event;
    const before = latest.get(issue.id);
    // An older event must not show an older state, but one that says "confidential" is believed at any age.
    if (isOutdated(issue, before) && !(issue.confidential && before?.confidential === false)) continue;
    const shown = issue.confidential ? { iid: null, title: null, url: null, dueOn: null } : {};
    latest.set(issue.id, { ...issue, ...shown, open: state === 'opened', seenAt: at });
    await forgetConfidential(tx, context, source, { ...issue, toldUrl: before?.url });
    labels.push(...issue.labels);
    changed.add(issue.id);
  }
  for (const issue of latest.values()) if (changed.has(issue.id)) saveIssue(tx, source, issue);
  if (changed.size > 0) await updateStates(tx, context, { settings, source, projectUrl: row.web_url, at, labels });
}
