export type { Counter, Gauge, Histogram, Metrics } from './metrics.ts';
