import type { Metrics } from '../metrics/index.ts';

/** One function per thing that happens. */
export interface JournalMetrics {
  published(): void;
  handled(consumer: string, events: number): void;
  failed(consumer: string): void;
}

export interface JournalState {
  deadLetters: number;
  /** Per consumer, how many events the journal is ahead of it. */
  lag: ReadonlyMap<string, number>;
}

const NONE: JournalMetrics = { published: () => undefined, handled: () => undefined, failed: () => undefined };

/** `state` is asked before each scrape. */
export function journalMetrics(metrics: Metrics | undefined, state: () => Promise<JournalState>): JournalMetrics {
  if (!metrics) return NONE;
  const published = metrics.counter('journal_published_total', 'Events written to the journal.');
  const handled = metrics.counter('journal_handled_total', 'Events a consumer has handled.', ['consumer']);
  const failed = metrics.counter('journal_failures_total', 'Attempts of a consumer that failed.', ['consumer']);
  const dead = metrics.gauge('journal_dead_letters', 'Events given up after the last attempt.');
  const lag = metrics.gauge('journal_lag_events', 'Events the journal is ahead of a consumer.', ['consumer']);
  metrics.beforeScrape(async () => {
    const now = await state();
    dead.set(now.deadLetters);
    for (const [consumer, events] of now.lag) lag.set(events, { consumer });
  });
  return {
    published: () => published.add(),
    handled: (consumer, events) => handled.add({ consumer }, events),
    failed: (consumer) => failed.add({ consumer }),
  };
}
