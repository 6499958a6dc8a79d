import type { GitLab } from '../../../connectors/gitlab/index.ts';
import { AppError, addMs, type Instant, toMs, UpstreamError } from '../../../core/index.ts';
import { evidenceLife, type ProjectSettings } from '../config.ts';
import { laterThan, pauseAfterFailure, regularReading } from '../domain/schedule.ts';
import { type DeviceRow, listDevices } from '../store/device-store.ts';
import {
  changeProject,
  claimProject,
  findProject,
  healthOf,
  listProjects,
  type ProjectRow,
  releaseClaim,
  renewClaim,
} from '../store/project-store.ts';
import { checkHealth, hookAddress } from './check-health.ts';
import { type FacilityContext, findSettings } from './facility-context.ts';
import { CLAIM_LIFE, CLAIM_RENEWAL, holdClaim, lostClaim } from './hold-project.ts';
import { type Reading, readProject } from './read-project.ts';
import { storeReading } from './store-reading.ts';
import { desiredBadges, writeBadges } from './write-badges.ts';

export interface ReconcileRun {
  /** Name of this run among all processes. */
  by: string;
  signal: AbortSignal;
}

/**
 * Reads one project from GitLab, stores and reports what changed, and makes its badges right. One run at a time per
 * project, over all processes. Resolves to false when another one has it or it is no longer configured; failures are
 * recorded, not thrown. machine-driven: the runner calls it when the database says that a project is due.
 */
export async function reconcileProject(context: FacilityContext, id: string, run: ReconcileRun): Promise<boolean> {
  const settings = findSettings(context, id);
  if (settings === undefined) return false;
  const claimed = await claim(context, id, run.by);
  if (claimed === undefined) return false;
  const { row, now } = claimed;
  const renewal = setInterval(() => void holdClaim(context, id, run.by).catch(() => undefined), CLAIM_RENEWAL);
  try {
    await reconcileClaimed(context, { settings, row, run, now });
  } catch (error) {
    await recordFailure(context, { settings, row, run }, error);
  } finally {
    clearInterval(renewal);
  }
  return true;
}

/**
 * Begins after every event that is stored, by the clock too: an event seems newer than a reading that it is older than
 * when the time is taken before its turn, in the same millisecond, or by another process whose clock is ahead.
 */
async function claim(
  context: FacilityContext,
  id: string,
  by: string,
): Promise<{ row: ProjectRow; now: Instant } | undefined> {
  return context.db.write(async (tx) => {
    await tx.lock(`facility:${id}`);
    const known = await findProject(tx, id);
    const now = laterThan(known?.last_event_at ?? null, context.clock.now());
    const row = await claimProject(tx, id, { by, now, lifeMs: CLAIM_LIFE });
    return row && { row, now };
  });
}

interface ClaimedRun {
  settings: ProjectSettings;
  row: ProjectRow;
  run: ReconcileRun;
}

async function reconcileClaimed(context: FacilityContext, claimed: ClaimedRun & { now: Instant }): Promise<void> {
  const { settings, row, run, now } = claimed;
  const gitlab = context.gitlab(settings);
  // At each regular reading everything is asked for anew; one that an event started takes the project as known.
  const regular = row.next_at <= now;
  const reading = await readProject(gitlab, settings, {
    at: now,
    known: regular ? keptOf(row) : row,
    signal: run.signal,
  });
  const renews = regular || row.failures > 0 || row.open_seq > row.done_seq;
  const devices = await keepReading(context, claimed, { ...reading, renews });
  await fixBadges(context, gitlab, { ...claimed, reading, devices });
  if (regular || row.health_at === null) await keepHealth(context, gitlab, claimed, reading.project.gitlabId);
  await context.db.write((tx) => releaseClaim(tx, row.id, run.by, {}));
}

/** Only the number stays: path, name and visibility may have changed. */
function keptOf(row: ProjectRow): Pick<ProjectRow, 'gitlab_id' | 'path' | 'title' | 'web_url' | 'visibility'> {
  return { gitlab_id: row.gitlab_id, path: null, title: null, web_url: null, visibility: null };
}

async function keepReading(
  context: FacilityContext,
  { settings, row, run }: ClaimedRun,
  reading: Reading & { renews: boolean },
): Promise<DeviceRow[]> {
  const { gitlabId, path, title, webUrl, visibility } = reading.project;
  const source = `facility/${settings.integration}/${gitlabId}`;
  return context.db.write(async (tx) => {
    await tx.lock(`facility:${row.id}`);
    const other = (await listProjects(tx)).find(
      (p) => p.id !== row.id && p.integration === row.integration && p.gitlab_id === gitlabId,
    );
    if (other !== undefined) {
      throw new AppError(
        'conflict',
        `This is the same GitLab project as "${other.id}": remove one of them from the configuration.`,
      );
    }
    if (!(await renewClaim(tx, row.id, { by: run.by, now: context.clock.now(), lifeMs: CLAIM_LIFE })))
      throw lostClaim();
    const states = await storeReading(tx, context, settings, reading);
    await changeProject(tx, row.id, {
      gitlab_id: gitlabId,
      path,
      title,
      web_url: webUrl,
      visibility,
      done_seq: row.dirty_seq,
      succeeded_at: reading.at,
      // What did not renew the evidence does not put off what will.
      ...(reading.renews ? { next_at: regularReading(reading.at, settings.reconcileMs, settings.timezone) } : {}),
      hold_until: null,
      failures: 0,
      error: null,
      error_reason: null,
      stale_since: null,
      unknown_labels: JSON.stringify(states.unknownLabels.map((label) => label.slice(0, 100))),
    });
    return listDevices(tx, source);
  });
}

async function fixBadges(
  context: FacilityContext,
  gitlab: GitLab,
  badges: ClaimedRun & { reading: Reading; devices: readonly DeviceRow[] },
): Promise<void> {
  const { settings, row, run, reading, devices } = badges;
  if (reading.badges === null) {
    if (row.badge_error !== null) await context.db.write((tx) => changeProject(tx, row.id, { badge_error: null }));
    return context.metrics.reconcile('done');
  }
  const target = { settings, publicUrl: context.site().publicUrl, projectUrl: reading.project.webUrl };
  const desired = desiredBadges(devices, target, context.clock.now());
  const { gitlabId } = reading.project;
  const mayWrite = (): Promise<void> => holdClaim(context, row.id, run.by);
  try {
    await writeBadges(
      context,
      gitlab,
      { settings, gitlabId, desired, actual: reading.badges },
      { mayWrite, signal: run.signal },
    );
    if (row.badge_error !== null) await context.db.write((tx) => changeProject(tx, row.id, { badge_error: null }));
    context.metrics.reconcile('done');
  } catch (error) {
    if (!(error instanceof UpstreamError) || run.signal.aborted) throw error;
    context.metrics.reconcile('badges_failed');
    context.log.warn({ err: error, project: row.id }, 'badges could not be written');
    await context.db.write((tx) => changeProject(tx, row.id, badgeFailure(row, error, context.clock.now())));
  }
}

/** The reading was good, so the lights are right. What trying again cannot mend waits for the next event or reading. */
function badgeFailure(row: ProjectRow, error: UpstreamError, now: Instant): Partial<ProjectRow> {
  const failed = { badge_error: error.message, error_reason: error.reason };
  if (!error.retry) return failed;
  const failures = row.failures + 1;
  const holdUntil = addMs(now, pauseAfterFailure(failures, error.retryAfter));
  return { ...failed, failures, hold_until: holdUntil, next_at: holdUntil };
}

async function keepHealth(
  context: FacilityContext,
  gitlab: GitLab,
  claimed: ClaimedRun,
  gitlabId: number,
): Promise<void> {
  const { settings, row, run } = claimed;
  const now = context.clock.now();
  const { integration, hookSecrets } = settings;
  const address = hookAddress(context.site().publicUrl, integration);
  const badges = settings.badges !== 'off';
  const hasSecret = Object.values(hookSecrets).some((secret) => secret !== undefined);
  const health = await checkHealth(gitlab, { gitlabId, integration, address, hasSecret, badges }, now, run.signal);
  const before = healthOf(row);
  if (health.hook.problem !== null && health.hook.problem !== before?.hook.problem) {
    context.log.warn({ project: row.id, problem: health.hook.problem }, 'webhook needs attention');
  }
  const { problem, expiresAt } = health.token;
  if (problem !== null && problem !== before?.token.problem) {
    context.log.warn({ project: row.id, problem, expiresAt }, 'access token needs attention');
  }
  await context.db.write((tx) => changeProject(tx, row.id, { health: JSON.stringify(health), health_at: now }));
}

async function recordFailure(
  context: FacilityContext,
  { settings, row, run }: ClaimedRun,
  error: unknown,
): Promise<void> {
  const { clock, db } = context;
  if (run.signal.aborted) {
    await db.write((tx) => releaseClaim(tx, row.id, run.by, {}));
    return;
  }
  const upstream = error instanceof UpstreamError ? error : null;
  // Anything else is a bug: its message may hold anything, so only the log gets it.
  const known = upstream ?? (error instanceof AppError ? error : null);
  const now = clock.now();
  const failures = row.failures + 1;
  const holdUntil = addMs(now, pauseAfterFailure(failures, upstream?.retryAfter));
  await db.write((tx) =>
    releaseClaim(tx, row.id, run.by, {
      failures,
      error: known?.message ?? 'Internal error; the log has the rest.',
      error_reason: upstream?.reason ?? null,
      stale_since: row.stale_since ?? row.succeeded_at ?? now,
      hold_until: holdUntil,
      next_at: holdUntil,
    }),
  );
  context.metrics.reconcile('failed');
  const staleFor = row.succeeded_at === null ? null : toMs(now) - toMs(row.succeeded_at);
  const details = { err: error, project: row.id, failures, staleFor };
  if (known === null) context.log.error(details, 'reading a project failed');
  else if (staleFor !== null && staleFor > evidenceLife(settings)) context.log.warn(details, 'a project is stale');
  else context.log.warn(details, 'reading a project failed');
}
