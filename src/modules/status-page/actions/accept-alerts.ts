import type { Alert, AlertBatch } from '../../../connectors/alertmanager/index.ts';
import {
  addMs,
  type ComponentKey,
  type Instant,
  isComponentKey,
  MINUTE,
  SignalReported,
  SignalWithdrawn,
  type Status,
  system,
  type WhySignal,
} from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { AlertmanagerSettings } from '../config.ts';
import { allComponents, type CatalogComponent } from '../store/component-store.ts';
import type { StatusPageContext } from './status-page-context.ts';

/** What became of a notification. */
export interface AlertsTaken {
  firing: number;
  resolved: number;
  malformed: number;
  truncated: number;
  /** Alerts about something that is not known here. */
  unknown: readonly { fingerprint: string; component: string; region: string }[];
}

/** Other units get their turn in between. */
const AT_ONCE = 200;
/** Several instances of Alertmanager say the same within seconds: the second adds nothing. */
const TWICE_MS = MINUTE;
const ALL = system('status-page');

/**
 * Takes a notification of Alertmanager: what fires becomes a signal, what is resolved takes it back. When this resolves it
 * is stored; a repetition counts once and lets the signal live on.
 * machine-driven: Alertmanager calls it, guarded by the token of its integration.
 */
export async function acceptAlerts(
  context: StatusPageContext,
  settings: AlertmanagerSettings,
  { alerts, malformed, truncated }: AlertBatch,
): Promise<AlertsTaken> {
  const { db, metrics } = context;
  const find = await componentFinder(context, settings, alerts);
  const found = alerts.map((alert) => ({ alert, component: find(alert) }));
  const known = found.filter((one): one is Known => one.component !== null);
  const keys = [...new Set(known.map(({ component }) => component))];
  const statuses = await context.components.statuses(ALL, keys);
  for (let at = 0; at < known.length; at += AT_ONCE) {
    const portion = known.slice(at, at + AT_ONCE);
    await db.write((tx) => tell(tx, context, settings, { portion, statuses }));
  }
  const firing = known.filter(({ alert }) => alert.status === 'firing').length;
  const unknown = found
    .filter(({ component }) => component === null)
    .map(({ alert: { fingerprint, labels } }) => ({
      fingerprint,
      component: (labels.get(settings.component_label) ?? '').slice(0, 200),
      region: (labels.get(settings.region_label) ?? '').slice(0, 200),
    }));
  const resolved = known.length - firing;
  for (const [outcome, count] of [
    ['firing', firing],
    ['resolved', resolved],
    ['unknown_component', unknown.length],
    ['malformed', malformed],
    ['left_out', truncated],
  ] as const) {
    metrics.alert(outcome, count);
  }
  return { firing, resolved, malformed, truncated, unknown };
}

interface Known {
  alert: Alert;
  component: ComponentKey;
}

/** By its key, else by its name and region; the name alone is enough where there is only one of it. */
async function componentFinder(
  { db, components }: StatusPageContext,
  settings: AlertmanagerSettings,
  alerts: readonly Alert[],
): Promise<(alert: Alert) => ComponentKey | null> {
  const catalog = (await allComponents(db)).filter(({ retiredAt }) => retiredAt === null);
  const byName = Map.groupBy(catalog, ({ name }) => name);
  const said = alerts.map(({ labels }) => labels.get(settings.component_label) ?? '');
  const keys = [...new Set(said.filter(isComponentKey))];
  const known = new Set([
    ...catalog.map(({ key }) => key),
    ...(keys.length === 0 ? [] : (await components.statuses(ALL, keys)).keys()),
  ]);
  return ({ labels }) => {
    const word = labels.get(settings.component_label) ?? '';
    if (known.has(word)) return word;
    const named = byName.get(word) ?? [];
    const region = labels.get(settings.region_label);
    const there = region === undefined ? named : named.filter((one: CatalogComponent) => one.region === region);
    return there.length === 1 ? (there[0]?.key ?? null) : null;
  };
}

async function tell(
  tx: Tx,
  context: StatusPageContext,
  settings: AlertmanagerSettings,
  { portion, statuses }: { portion: readonly Known[]; statuses: ReadonlyMap<ComponentKey, Status> },
): Promise<void> {
  const { journal, clock } = context;
  const now = clock.now();
  const source = `alertmanager/${settings.id}`;
  const levels = new Map(Object.entries(settings.severities));
  await Promise.all(
    portion.map(async ({ alert, component }) => {
      const name = `alert/${alert.fingerprint}`;
      if (alert.status === 'resolved') {
        await journal.publish(tx, SignalWithdrawn, { key: component, payload: { component, source, name } });
        return;
      }
      const signals = statuses.get(component)?.why.signals ?? [];
      const known = signals.find((signal) => signal.source === source && signal.name === name);
      const claim = {
        level: levels.get(alert.labels.get(settings.severity_label) ?? '') ?? ('degraded' as const),
        summary: alert.summary,
        evidence: alert.link,
      };
      const expiresAt = addMs(now, settings.alert_life);
      if (known !== undefined && saysSame(known, claim) && (known.expiresAt ?? '') > addMs(expiresAt, -TWICE_MS))
        return;
      await journal.publish(tx, SignalReported, {
        key: component,
        payload: {
          ...{ component, source, name, level: claim.level, expiresAt },
          ...(claim.summary === null ? {} : { summary: claim.summary }),
          ...(claim.evidence === null ? {} : { evidence: claim.evidence }),
          observedAt: observedAt(alert, known !== undefined, now),
        },
      });
    }),
  );
}

function saysSame(known: WhySignal, claim: Pick<WhySignal, 'level' | 'summary' | 'evidence'>): boolean {
  return known.level === claim.level && known.summary === claim.summary && known.evidence === claim.evidence;
}

/** It began when it says so; a repetition says that it goes on. */
function observedAt({ startsAt }: Alert, isKnown: boolean, now: Instant): Instant {
  return isKnown || startsAt === null || startsAt > now ? now : startsAt;
}
