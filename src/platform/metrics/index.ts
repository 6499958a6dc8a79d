export { createMetrics } from './create-metrics.ts';
export type { Counter, Gauge, Histogram, Metrics } from './metrics.ts';
