import {
  addMs,
  type ComponentRow,
  DAY,
  type DayCell,
  type Level,
  type Status,
  type WhySignal,
} from '../../../core/index.ts';
import type { RowView } from '../../../platform/design/index.ts';

export const NOW = '2026-11-21T09:54:00.000Z';

export const view: RowView = { language: 'en', timezone: 'Europe/Rome', now: NOW, link: (path) => path };

export function signal(level: Level, change: Partial<WhySignal> = {}): WhySignal {
  return {
    source: 'facility/lab/301',
    name: 'issues',
    level,
    state: null,
    summary: '#214 “Vacuum leak”',
    evidence: 'https://gitlab.example.org/lab/desk/-/issues/214',
    observedAt: addMs(NOW, -4000),
    expiresAt: null,
    live: true,
    confidential: false,
    ...change,
  };
}

const DAYS: DayCell[] = Array.from({ length: 90 }, (_, index) => ({
  day: addMs(NOW, (index - 89) * DAY).slice(0, 10),
  level: index % 31 === 30 ? 'major_outage' : index % 17 === 16 ? 'unknown' : 'operational',
  uptime: { window: DAY, up: DAY, down: 0, maintenance: 0, unknown: 0, degraded: 0, availability: 1, coverage: 1 },
}));

/** A row as the store gives it; `status` and `change` say what is different. */
export function row(
  name: string,
  level: Level,
  change: Partial<Omit<ComponentRow, 'status'>> = {},
  status: Partial<Status> = {},
): ComponentRow {
  const window = 90 * DAY;
  return {
    key: `facility/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`,
    name,
    kind: 'device',
    group: 'Microscopes',
    groupPosition: 0,
    position: 0,
    visibility: 'public',
    link: null,
    attributes: {},
    since: '2026-11-21T07:42:00.000Z',
    declaredAt: addMs(NOW, -90 * DAY),
    evidenceAt: addMs(NOW, -4000),
    days: DAYS,
    uptime90: { window, up: window, down: 0, maintenance: 0, unknown: 0, degraded: 0, availability: 1, coverage: 1 },
    ...change,
    status: {
      level,
      state: null,
      maintenance: level === 'maintenance',
      lastKnown: null,
      why: { rule: 'worst_signal', signals: [signal(level)] },
      causedBy: [],
      ...status,
    },
  };
}
