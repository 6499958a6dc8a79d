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
  /** Age in seconds of the newest good reading of each project; of a project left out nothing is told any more. */
  readingAges(ages: ReadonlyMap<string, number>): void;
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
  const age = metrics.gauge('facility_reading_age_seconds', 'Time since the last good reading of a project.', [
    'project',
  ]);
  let told: ReadonlySet<string> = new Set();
  return {
    delivery: (outcome) => deliveries.add({ outcome }),
    reconcile: (outcome) => reconciles.add({ outcome }),
    badgeWrite: (operation) => writes.add({ operation }),
    gitlabCall: ({ method, resource, outcome, seconds: took }) => {
      calls.add({ method, resource, outcome });
      seconds.observe(took, { resource });
    },
    readingAges: (ages) => {
      for (const project of told) if (!ages.has(project)) age.remove({ project });
      told = new Set(ages.keys());
      for (const [project, value] of ages) age.set(value, { project });
    },
  };
}
