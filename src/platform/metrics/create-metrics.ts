import { Counter as PromCounter, Gauge as PromGauge, Histogram as PromHistogram, Registry } from 'prom-client';
import type { Metrics } from './metrics.ts';
import { addProcessMetrics } from './process-metrics.ts';

const PREFIX = 'signalbox_';
/** Seconds; from a page out of memory to a slow call to the outside. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** A database that hangs must not take the metrics that would show it along. */
const COLLECT_MS = 2000;

/** A set of metrics of its own, with those of the process in it. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const collectors: (() => Promise<void>)[] = [addProcessMetrics(registry)];
  const failures = new PromCounter({
    name: `${PREFIX}metrics_collect_failures_total`,
    help: 'Times a part could not tell its metrics for a scrape.',
    registers: [registry],
  });
  let scrape: Promise<string> | undefined;
  return {
    counter(name, help, labels = []) {
      const counter = new PromCounter({ ...declared(name, /_total$/, help, labels), registers: [registry] });
      return { add: (values = {}, amount = 1) => counter.inc({ ...values }, amount) };
    },
    gauge(name, help, labels = []) {
      const gauge = new PromGauge({
        ...declared(name, /(?<!_total|_count|_sum|_bucket)$/, help, labels),
        registers: [registry],
      });
      return {
        set: (value, values = {}) => gauge.set({ ...values }, value),
        remove: (values) => gauge.remove({ ...values }),
      };
    },
    histogram(name, help, labels = [], buckets = BUCKETS) {
      const histogram = new PromHistogram({
        ...declared(name, /_(seconds|bytes|ratio)$/, help, labels),
        buckets: [...buckets],
        registers: [registry],
      });
      return { observe: (seconds, values = {}) => histogram.observe({ ...values }, seconds) };
    },
    beforeScrape: (collect) => void collectors.push(collect),
    render() {
      // Two scrapers at once share one collection: it reads the database.
      scrape ??= collectAll(collectors, () => failures.inc())
        .then(() => registry.metrics())
        .finally(() => {
          scrape = undefined;
        });
      return scrape;
    },
  };
}

function declared(name: string, ending: RegExp, help: string, labels: readonly string[]) {
  if (!/^[a-z][a-z0-9_]*$/.test(name) || !ending.test(name) || name.startsWith(PREFIX)) {
    throw new Error(
      `"${name}" is not a metric name of this kind: without the prefix, counters end in _total, others in their unit.`,
    );
  }
  if (help.trim() === '') throw new Error(`The metric ${name} needs a help text.`);
  return { name: PREFIX + name, help, labelNames: [...labels] };
}

async function collectAll(collectors: readonly (() => Promise<void>)[], failed: () => void): Promise<void> {
  await Promise.all(
    collectors.map(async (collect) => {
      const timeout = Promise.withResolvers<never>();
      const timer = setTimeout(() => timeout.reject(new Error('The collector took too long.')), COLLECT_MS);
      try {
        await Promise.race([collect(), timeout.promise]);
      } catch {
        // The series keep their last values; the counter says that they are old.
        failed();
      } finally {
        clearTimeout(timer);
      }
    }),
  );
}
