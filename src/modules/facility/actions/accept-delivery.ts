import { BlockList, isIPv6 } from 'node:net';
import {
  deliveryKey,
  type HookHeaders,
  type HookProject,
  type HookSecrets,
  hookRefusal,
  parseHookEvent,
} from '../../../connectors/gitlab/index.ts';
import { AppError } from '../../../core/index.ts';
import { hookSecrets, type IntegrationConfig, type ProjectSettings } from '../config.ts';
import { listProjects, sourceOf } from '../store/project-store.ts';
import { allSettings, type FacilityContext } from './facility-context.ts';
import { takeDelivery } from './take-deliveries.ts';

export interface DeliveryHead {
  integration: string;
  headers: HookHeaders;
  ip: string;
}

export interface Delivery extends DeliveryHead {
  body: Uint8Array;
}

/** Refuses what its head alone shows to be no delivery of ours, before a body of many megabytes is read. */
export function admitDelivery(context: FacilityContext, head: DeliveryHead): void {
  authenticate(context, { ...head, body: null });
}

/**
 * Takes one webhook delivery. When this resolves, everything that follows from it is committed; GitLab is not asked
 * anything. The order of the checks is that of the specification: who, then what.
 * machine-driven: GitLab calls it, guarded by the hook's secret or signature.
 */
export async function acceptDelivery(context: FacilityContext, delivery: Delivery): Promise<void> {
  const integration = authenticate(context, delivery);
  const event = parseHookEvent(delivery.headers, delivery.body);
  if (event.kind === 'ignored') return context.metrics.delivery('ignored');
  const id = `${integration.id}:${deliveryKey(delivery.headers, delivery.body)}`;
  const target = await findTarget(context, integration.id, event.project);
  if (target === null) return context.metrics.delivery('ignored');
  // Some secret of the integration was right; a project with one of its own takes no other.
  prove(context, delivery, [target.settings.hookSecrets]);
  context.metrics.delivery(await takeDelivery(context, { id, ...target, event }));
}

/** A body of which nothing is known yet is `null`. */
type Claimed = DeliveryHead & { body: Uint8Array | null };

function authenticate(context: FacilityContext, delivery: Claimed): IntegrationConfig {
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
function prove(context: FacilityContext, delivery: Claimed, secrets: readonly HookSecrets[]): void {
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
  context: FacilityContext,
  integration: string,
  project: HookProject,
): Promise<{ settings: ProjectSettings; source: string | null } | null> {
  const rows = new Map((await listProjects(context.db)).map((row) => [row.id, row]));
  for (const settings of allSettings(context)) {
    const row = rows.get(settings.id);
    if (row === undefined || settings.integration !== integration) continue;
    const named = String(settings.project).toLowerCase();
    const configured = named === String(project.id) || named === project.path?.toLowerCase();
    if (row.gitlab_id === null ? configured : row.gitlab_id === project.id) return { settings, source: sourceOf(row) };
  }
  return null;
}
