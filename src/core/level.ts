/** The levels that are ordered, from best to worst. */
export const SEVERITIES = ['operational', 'notice', 'degraded', 'partial_outage', 'major_outage'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Every level a component can have; `maintenance` and `unknown` stand apart from the order. */
export const LEVELS = [...SEVERITIES, 'maintenance', 'unknown'] as const;
export type Level = (typeof LEVELS)[number];

export function isSeverity(level: Level): level is Severity {
  return level !== 'maintenance' && level !== 'unknown';
}

export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

/** True when `level` is ordered and as bad as `floor` or worse. */
export function isAtLeast(level: Level, floor: Severity): boolean {
  return isSeverity(level) && compareSeverity(level, floor) >= 0;
}

/** Order in which a list puts what needs attention first. */
export const ATTENTION_ORDER: readonly Level[] = [
  'major_outage',
  'partial_outage',
  'degraded',
  'unknown',
  'maintenance',
  'notice',
  'operational',
];
