import type { Metrics } from '../../../platform/metrics/index.ts';

/** One function per business event. */
export interface StatusPageMetrics {
  /** What a monitor's report led to. */
  report(outcome: 'opened' | 'joined' | 'moved' | 'raised' | 'known' | 'maintenance' | 'refused'): void;
  alert(outcome: 'firing' | 'resolved' | 'unknown_component' | 'malformed' | 'left_out', count: number): void;
  incident(change: 'opened' | 'closed' | 'reopened', by: 'machine' | 'person'): void;
  /** Public incidents that are open. */
  open(counts: Readonly<Record<'machine' | 'person', number>>): void;
}

export function statusPageMetrics(metrics: Metrics): StatusPageMetrics {
  const reports = metrics.counter('status_page_reports_total', 'Reports of monitors by what they led to.', ['outcome']);
  const alerts = metrics.counter(
    'status_page_alerts_total',
    'Alerts of Alertmanager by what became of them; left_out are those it cut off.',
    ['outcome'],
  );
  const incidents = metrics.counter(
    'status_page_incidents_total',
    'Incidents opened, closed and reopened, by machines and people.',
    ['change', 'by'],
  );
  const open = metrics.gauge('status_page_open_incidents', 'Public incidents that are open, by who holds them.', [
    'by',
  ]);
  return {
    alert: (outcome, count) => {
      if (count > 0) alerts.add({ outcome }, count);
    },
    report: (outcome) => reports.add({ outcome }),
    incident: (change, by) => incidents.add({ change, by }),
    open: (counts) => {
      for (const [by, count] of Object.entries(counts)) open.set(count, { by });
    },
  };
}
