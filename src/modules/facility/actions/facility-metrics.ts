import type { GitLabCall } from '../../../connectors/gitlab/index.ts';
import type { Metrics } from '../../../platform/metrics/index.ts';

export type DeliveryOutcome = 'accepted' | 'duplicate' | 'ignored' | 'refused';
export type ReconcileOutcome = 'done' | 'failed' | 'badges_failed';

/** One function per business event. */
export interface FacilityMetrics {
  delivery(outcome: DeliveryOutcome): void;
  reconcile(outcome: ReconcileOutcome): void;
  badgeWrite(operation: 'create' | 'update' | 'delete'): void;
  gitlabCall(call: GitLabCall): void;
  /** Of what is left out nothing is told any more. */
  projects(measures: ProjectMeasures): void;
}

export interface ProjectMeasures {
  /** Age in seconds of the newest good reading of each project that may be named. */
  ages: ReadonlyMap<string, number>;
  /** How many of all projects could not be read at the last attempt. */
  stale: number;
  /** Age in seconds of the oldest of the last good readings of all projects. */
  oldest: number;
  integrations: ReadonlyMap<string, IntegrationMeasure>;
}

/** Of all projects of one integration together. Null: not known. */
export interface IntegrationMeasure {
  /** Seconds until the first of their access tokens ends. */
  tokenExpires: number | null;
  tokenHealthy: boolean | null;
  hookHealthy: boolean | null;
}

export function facilityMetrics(metrics: Metrics): FacilityMetrics {
  const deliveries = metrics.counter('facility_deliveries_total', 'Webhook deliveries by what became of them.', [
    'outcome',
  ]);
  const reconciles = metrics.counter('facility_reconciles_total', 'Readings of a GitLab project by outcome.', [
    'outcome',
  ]);
  const writes = metrics.counter('facility_badge_writes_total', 'Badges created, updated or deleted in GitLab.', [
    'operation',
  ]);
  const calls = metrics.counter('facility_gitlab_requests_total', 'Requests to GitLab.', [
    'method',
    'resource',
    'outcome',
  ]);
  const seconds = metrics.histogram('facility_gitlab_request_seconds', 'Time GitLab took to answer.', ['resource']);
  const projects = projectGauges(metrics);
  return {
    delivery: (outcome) => deliveries.add({ outcome }),
    reconcile: (outcome) => reconciles.add({ outcome }),
    badgeWrite: (operation) => writes.add({ operation }),
    gitlabCall: ({ method, resource, outcome, seconds: took }) => {
      calls.add({ method, resource, outcome });
      seconds.observe(took, { resource });
    },
    projects,
  };
}

function projectGauges(metrics: Metrics): FacilityMetrics['projects'] {
  const age = labelledGauge(metrics, {
    name: 'facility_reading_age_seconds',
    help: 'Time since the last good reading of a public project.',
    label: 'project',
  });
  const stale = metrics.gauge('facility_stale_projects', 'Projects, public or not, whose last reading failed.');
  const oldest = metrics.gauge(
    'facility_oldest_reading_age_seconds',
    'Time since the last good reading of the project, public or not, where it is the longest ago.',
  );
  const expires = labelledGauge(metrics, {
    name: 'facility_token_expires_seconds',
    help: 'Time until the first access token of a GitLab ends.',
    label: 'integration',
  });
  const token = labelledGauge(metrics, {
    name: 'facility_token_healthy',
    help: 'Whether all access tokens of a GitLab suffice and last.',
    label: 'integration',
  });
  const hook = labelledGauge(metrics, {
    name: 'facility_hook_healthy',
    help: 'Whether the webhooks of all projects of a GitLab work.',
    label: 'integration',
  });
  return ({ ages, integrations, ...all }) => {
    age(ages);
    stale.set(all.stale);
    oldest.set(all.oldest);
    const entries = [...integrations];
    expires(new Map(entries.map(([id, { tokenExpires }]) => [id, tokenExpires])));
    token(new Map(entries.map(([id, { tokenHealthy }]) => [id, flag(tokenHealthy)])));
    hook(new Map(entries.map(([id, { hookHealthy }]) => [id, flag(hookHealthy)])));
  };
}

function flag(value: boolean | null): number | null {
  return value === null ? null : Number(value);
}

/** A gauge whose series are exactly those of the last call that had a value. */
function labelledGauge(
  metrics: Metrics,
  { name, help, label }: { name: string; help: string; label: string },
): (values: ReadonlyMap<string, number | null>) => void {
  const gauge = metrics.gauge(name, help, [label]);
  let told: ReadonlySet<string> = new Set();
  return (values) => {
    const known = [...values].flatMap(([id, value]) => (value === null ? [] : [[id, value] as const]));
    const now = new Set(known.map(([id]) => id));
    for (const id of told) if (!now.has(id)) gauge.remove({ [label]: id });
    told = now;
    for (const [id, value] of known) gauge.set(value, { [label]: id });
  };
}
