import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { BADGE_COLOURS, BADGE_GREY } from './badge.ts';

const css = readFileSync(join(import.meta.dirname, 'css', 'tokens.css'), 'utf8');

/** Both values of every `--name: light-dark(#light, #dark)`. */
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
  ),
);

function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2 contrast ratio. */
function contrast(a: string, b: string): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}

function assertContrast(front: string, back: string, least: number): void {
  for (const theme of ['light', 'dark'] as const) {
    const [a, b] = [tokens.get(front)?.[theme], tokens.get(back)?.[theme]];
    assert.ok(a !== undefined && b !== undefined, `--${front} or --${back} is not a colour`);
    const ratio = contrast(a, b);
    assert.ok(ratio >= least, `--${front} on --${back}, ${theme}: ${ratio.toFixed(2)} is less than ${least}`);
  }
}

const LEVELS = ['ok', 'notice', 'degraded', 'partial', 'major', 'maintenance', 'unknown'];

describe('colours', () => {
  it('knows black from white', () => {
    assert.equal(Math.round(contrast('#000000', '#ffffff')), 21);
  });

  for (const front of ['ink', 'soft', 'accent', ...LEVELS]) {
    it(`lets --${front} be read as text on every ground`, () => {
      for (const back of ['ground', 'card', 'hover']) assertContrast(front, back, 4.5);
    });
  }

  for (const level of LEVELS) {
    it(`lets --${level} and text be read on its tint`, () => {
      for (const front of [level, 'ink', 'soft']) assertContrast(front, `${level}-tint`, 4.5);
    });
  }

  it('lets the text of a button be read', () => {
    assertContrast('on-accent', 'accent', 4.5);
  });

  it('lets the edge of a field be seen', () => {
    for (const back of ['ground', 'card']) assertContrast('edge', back, 3);
  });

  it('lets a bad day be seen in a bar', () => {
    for (const bar of ['bar-partial', 'bar-major', 'bar-unknown']) assertContrast(bar, 'card', 3);
  });

  it('lets white text be read on every badge', () => {
    for (const colour of [...Object.values(BADGE_COLOURS), BADGE_GREY]) {
      assert.ok(contrast('#ffffff', colour) >= 4.5, colour);
    }
  });
});
