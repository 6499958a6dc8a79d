import { BlockList, isIPv6 } from 'node:net';
import {
  deliveryKey,
  type HookEvent,
  type HookHeaders,
  type HookProject,
  type HookSecrets,
  hookRefusal,
  parseHookEvent,
} from '../../../connectors/gitlab/index.ts';
import { AppError, type Instant } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { hookSecrets, type IntegrationConfig, type ProjectSettings } from '../config.ts';
import { DeliveryAccepted } from '../domain/events.ts';
import { isOutdated } from '../domain/issue-merge.ts';
import { eventEndsPause } from '../domain/schedule.ts';
import { insertDelivery } from '../store/delivery-store.ts';
import { findIssue, saveIssue } from '../store/issue-store.ts';
import { listProjects, markDirty, type ProjectRow, reasonOf, sourceOf } from '../store/project-store.ts';
import { allSettings, type FacilityContext } from './facility-context.ts';
import { forgetConfidential, updateStates } from './update-states.ts';

export interface Delivery {
  integration: string;
  headers: HookHeaders;
  body: Uint8Array;
  ip: string;
}

type IssueEvent = Extract<HookEvent, { kind: 'issue' }>;

/**
 * Takes one webhook delivery. When this resolves, everything that follows from it is committed; GitLab is not asked
 * anything. The order of the checks is that of the specification: who, then what.
 * machine-driven: GitLab calls it, guarded by the hook's secret or signature.
 */
export async function acceptDelivery(context: FacilityContext, delivery: Delivery): Promise<void> {
  const integration = authenticate(context, delivery);
  const event = parseHookEvent(delivery.headers, delivery.body);
  if (event.kind === 'ignored') return context.metrics.delivery('ignored');
  const id = `${integration.id}:${deliveryKey(delivery.headers, event.about)}`;
  const outcome = await context.db.write(async (tx) => {
    const target = await findTarget(tx, context, integration.id, event.project);
    if (target === null) return 'ignored';
    const { row, settings } = target;
    // Some secret of the integration was right; a project with one of its own takes no other.
    prove(context, delivery, [settings.hookSecrets]);
    await tx.lock(`facility:${row.id}`);
    const now = context.clock.now();
    const fresh = await insertDelivery(tx, {
      id,
      integration: integration.id,
      project: row.id,
      kind: event.kind,
      received_at: now,
    });
    if (!fresh) return 'duplicate';
    const confidential = event.kind === 'issue' ? event.issue.confidential : event.confidential;
    await markDirty(tx, row.id, { confidential, change: noticed(row, event.project, now) });
    if (event.kind === 'issue') await showIssue(tx, context, { row, settings, event });
    await context.journal.publish(tx, DeliveryAccepted, { key: row.id, payload: { project: row.id } });
    return 'accepted';
  });
  context.metrics.delivery(outcome);
}

function noticed(row: ProjectRow, project: HookProject, now: Instant): Partial<ProjectRow> {
  const ended = row.hold_until !== null && eventEndsPause(reasonOf(row));
  // Who may see it, and where it is: what has changed is asked anew at once, not within the hour.
  const moved = differs(row.visibility, project.visibility) || differs(row.path, project.path);
  return { last_event_at: now, ...(ended ? { hold_until: null } : {}), ...(moved ? { next_at: now } : {}) };
}

function differs(known: string | null, told: string | null): boolean {
  return known !== null && told !== null && known !== told;
}

function authenticate(context: FacilityContext, delivery: Delivery): IntegrationConfig {
  const integration = context.config().integrations.find(({ id }) => id === delivery.integration);
  if (integration === undefined) throw new AppError('not_found', 'There is no such integration.');
  if (!isAllowed(integration.allow_ips, delivery.ip)) {
    context.metrics.delivery('refused');
    throw new AppError('forbidden', 'Deliveries are not accepted from this address.');
  }
  const ofProjects = allSettings(context).filter((settings) => settings.integration === integration.id);
  prove(context, delivery, [hookSecrets(integration) ?? {}, ...ofProjects.map((settings) => settings.hookSecrets)]);
  return integration;
}

/** Refuses a delivery that carries none of these secrets. */
function prove(context: FacilityContext, delivery: Delivery, secrets: readonly HookSecrets[]): void {
  const now = context.clock.now();
  const different = new Map(secrets.map((secret) => [JSON.stringify(secret), secret]));
  const refusals = [...different.values()].map((secret) => hookRefusal(delivery.headers, delivery.body, secret, now));
  if (refusals.includes(null)) return;
  context.metrics.delivery('refused');
  context.log.warn({ integration: delivery.integration, reason: refusals.at(-1) }, 'webhook refused');
  throw new AppError('unauthenticated', 'The webhook does not carry the secret of this integration.');
}

function isAllowed(allowed: readonly string[] | undefined, ip: string): boolean {
  if (allowed === undefined) return true;
  const list = new BlockList();
  for (const entry of allowed) {
    const [address = '', bits] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');
}

/** The configured project an event is about: by its number once GitLab has told it, until then as it is configured. */
async function findTarget(
  tx: Tx,
  context: FacilityContext,
  integration: string,
  project: HookProject,
): Promise<{ row: ProjectRow; settings: ProjectSettings } | null> {
  const rows = new Map((await listProjects(tx)).map((row) => [row.id, row]));
  for (const settings of allSettings(context)) {
    const row = rows.get(settings.id);
    if (row === undefined || settings.integration !== integration) continue;
    const named = String(settings.project).toLowerCase();
    const configured = named === String(project.id) || named === project.path?.toLowerCase();
    if (row.gitlab_id === null ? configured : row.gitlab_id === project.id) return { row, settings };
  }
  return null;
}

/** Lets the light follow the event itself; the reading that comes after it confirms or corrects. */
async function showIssue(
  tx: Tx,
  context: FacilityContext,
  { row, settings, event }: { row: ProjectRow; settings: ProjectSettings; event: IssueEvent },
): Promise<void> {
  const source = sourceOf(row);
  if (source === null || row.web_url === null) return;
  const { state, ...issue } = event.issue;
  const known = await findIssue(tx, source, issue.id);
  // An older event must not show an older state, but one that says "confidential" is believed at any age.
  if (isOutdated(issue, known) && !(issue.confidential && known?.confidential === false)) return;
  const at = context.clock.now();
  const shown = issue.confidential ? { iid: null, title: null, url: null, dueOn: null } : {};
  await saveIssue(tx, source, { ...issue, ...shown, open: state === 'opened', seenAt: at });
  await forgetConfidential(tx, context, source, { ...issue, toldUrl: known?.url });
  const labels = [...(known?.labels ?? []), ...issue.labels];
  await updateStates(tx, context, { settings, source, projectUrl: row.web_url, at, labels });
}
