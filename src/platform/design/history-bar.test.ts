import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type DayCell, LEVELS, type Level } from '../../core/index.ts';
import { sampleUptime } from './design-samples.ts';
import { barSummary, historyBar, historyTable, TALL } from './history-bar.ts';
import { LEVEL_CLASS } from './level.ts';

function daysOf(levels: readonly Level[]): DayCell[] {
  return levels.map((level, index) => ({
    day: `2026-11-${String(index + 1).padStart(2, '0')}`,
    level,
    uptime: sampleUptime(),
  }));
}

describe('historyBar', () => {
  it('draws a run of days at one level as one line', () => {
    const svg = historyBar('en', daysOf(['operational', 'operational', 'major_outage', 'operational'])).toString();
    assert.match(svg, /viewBox="0 0 12 24"/);
    assert.match(svg, /<path class="ok" d="M0 16h6M9 16h3"\/>/);
    assert.match(svg, /<path class="mj" d="M6 12h3"\/>/);
  });

  it('hatches days nobody watched instead of drawing columns', () => {
    const svg = historyBar('en', daysOf(['unknown', 'unknown', 'operational'])).toString();
    assert.match(svg, /<path class="un" d="M0 0h5v24h-5z"\/>/);
  });

  it('uses at most one path per level', () => {
    const days = daysOf(Array.from({ length: 28 }, (_, index) => LEVELS[(index * 5) % LEVELS.length] ?? 'unknown'));
    assert.equal(historyBar('en', days).toString().match(/<path/g)?.length, LEVELS.length);
  });

  it('says what it shows, worst first', () => {
    const days = daysOf(['operational', 'major_outage', 'operational']);
    assert.equal(barSummary('en', days), 'Last 3 days: 1 × major outage, 2 × operational');
    assert.match(historyBar('en', days).toString(), /role="img" aria-label="Last 3 days: 1 × major outage/);
  });

  it('draws columns as tall as the style sheet makes them', () => {
    const css = readFileSync(join(import.meta.dirname, 'css', 'components.css'), 'utf8');
    for (const level of LEVELS.filter((each) => each !== 'unknown')) {
      const rule = new RegExp(String.raw`\.hb \.${LEVEL_CLASS[level]} \{[^}]*stroke-width: ${TALL[level]};`);
      assert.match(css, rule);
    }
  });
});

describe('historyTable', () => {
  it('has a row per day, newest first', () => {
    const locale = { language: 'en', timezone: 'UTC', now: '2026-11-21T00:00:00.000Z' } as const;
    const markup = historyTable(locale, daysOf(['operational', 'degraded'])).toString();
    const days = [...markup.matchAll(/<time datetime="([\d-]+)">([^<]+)/g)].map(([, day, text]) => [day, text]);
    assert.deepEqual(days, [
      ['2026-11-02', '2 Nov 2026'],
      ['2026-11-01', '1 Nov 2026'],
    ]);
    assert.match(markup, /Degraded/);
  });
});
