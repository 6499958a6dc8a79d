export interface Counter {
  add(labels?: Readonly<Record<string, string>>, amount?: number): void;
}
export interface Gauge {
  set(value: number, labels?: Readonly<Record<string, string>>): void;
  /** Takes the series with these labels away: what it was about is gone, or no longer for everybody. */
  remove(labels: Readonly<Record<string, string>>): void;
}
export interface Histogram {
  observe(seconds: number, labels?: Readonly<Record<string, string>>): void;
}

/**
 * Makers of metrics. Names are given without the prefix `signalbox_`, start with the area, end in a base unit or
 * `_total`; label values come from small closed sets (conventions C1).
 */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  gauge(name: string, help: string, labels?: readonly string[]): Gauge;
  histogram(name: string, help: string, labels?: readonly string[], buckets?: readonly number[]): Histogram;
  /** Called before each scrape, to set gauges from the database. */
  beforeScrape(collect: () => Promise<void>): void;
  /** Prometheus text format 0.0.4. */
  render(): Promise<string>;
}
