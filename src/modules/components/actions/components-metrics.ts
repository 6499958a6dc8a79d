import type { Level } from '../../../core/index.ts';
import type { Counter, Metrics } from '../../../platform/metrics/index.ts';

/** What happened to a report; also the label of the counter. */
export const OUTCOMES = ['recorded', 'duplicate', 'outdated', 'unknown_component', 'invalid'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface ComponentsMetrics {
  signal(outcome: Outcome): void;
  transition(to: Level): void;
}

export function componentsMetrics(metrics: Metrics): ComponentsMetrics {
  const signals: Counter = metrics.counter('components_signals_total', 'Signals received, by what became of them.', [
    'outcome',
  ]);
  const transitions: Counter = metrics.counter('components_transitions_total', 'Changes of status, by the new level.', [
    'to',
  ]);
  return {
    signal: (outcome) => signals.add({ outcome }),
    transition: (to) => transitions.add({ to }),
  };
}
