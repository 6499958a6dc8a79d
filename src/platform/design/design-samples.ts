import {
  addMs,
  type ComponentRow,
  DAY,
  type DayCell,
  HOUR,
  LEVELS,
  type Level,
  type Uptime,
} from '../../core/index.ts';
import { levelWord } from './level.ts';
import type { Locale } from './when.ts';

/** The moment at which all samples are seen, so that the page is the same bytes every day. */
export const SAMPLE_NOW = '2026-11-20T09:54:00.000Z';

export function sampleUptime(
  parts: Partial<Pick<Uptime, 'down' | 'unknown' | 'maintenance' | 'degraded'>> = {},
): Uptime {
  const { down = 0, unknown = 0, maintenance = 0, degraded = 0 } = parts;
  const window = 90 * DAY;
  const up = window - down - unknown - maintenance;
  return {
    window,
    up,
    down,
    maintenance,
    unknown,
    degraded,
    availability: up + down === 0 ? null : up / (up + down),
    coverage: 1 - unknown / window,
  };
}

/** 90 days of `level` at the end and something of everything before. */
export function sampleDays(level: Level): DayCell[] {
  return Array.from({ length: 90 }, (_, index) => {
    const eventful = LEVELS[index % LEVELS.length] ?? 'operational';
    const ofDay = index > 84 ? level : index % 13 === 6 ? eventful : 'operational';
    const day = addMs(SAMPLE_NOW, (index - 89) * DAY).slice(0, 10);
    return { day, level: ofDay, uptime: { ...sampleUptime(), window: DAY, up: DAY } };
  });
}

const NAMES: Record<Level, string> = {
  operational: 'Arctica',
  notice: 'Aquilos 1',
  degraded: 'Krios 2',
  partial_outage: 'Scratch',
  major_outage: 'Krios 1',
  maintenance: 'Vitrobot 2',
  unknown: 'Spirit',
};

/** A row at a level; `change` makes the special ones. */
export function sampleRow(level: Level, locale: Locale, change: Partial<ComponentRow['status']> = {}): ComponentRow {
  const name = NAMES[level];
  const word = levelWord(locale.language, level);
  const calm = level === 'operational' || level === 'unknown';
  return {
    key: `sample/${name.toLowerCase().replaceAll(' ', '-')}`,
    name,
    kind: 'device',
    group: '',
    groupPosition: 0,
    position: 0,
    visibility: 'public',
    link: null,
    attributes: {},
    status: {
      level,
      state: null,
      maintenance: level === 'maintenance',
      lastKnown:
        level === 'unknown' ? { level: 'operational', state: null, observedAt: addMs(SAMPLE_NOW, -HOUR) } : null,
      why: {
        rule: level === 'unknown' ? 'missing_required' : 'worst_signal',
        signals: [
          {
            source: 'sample',
            name: 'sample',
            level,
            state: null,
            summary: calm ? null : `#214 “${word}”`,
            evidence: 'https://gitlab.example.org/lab/desk/-/issues/214',
            observedAt: addMs(SAMPLE_NOW, -HOUR),
            expiresAt: null,
            live: level !== 'unknown',
            confidential: false,
          },
        ],
      },
      causedBy: [],
      ...change,
    },
    since: addMs(SAMPLE_NOW, -72 * HOUR),
    declaredAt: addMs(SAMPLE_NOW, -90 * DAY),
    evidenceAt: addMs(SAMPLE_NOW, level === 'unknown' ? -HOUR : -4000),
    days: sampleDays(level),
    uptime90: level === 'operational' ? sampleUptime() : sampleUptime({ down: 9 * HOUR, unknown: 3 * DAY }),
  };
}
