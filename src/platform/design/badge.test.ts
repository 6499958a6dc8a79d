import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LEVELS } from '../../core/index.ts';
import { type BadgeContent, badgeEndpoint, badgeSvg } from './badge.ts';
import { fitText, textWidth } from './text-width.ts';

function badge(content: Partial<BadgeContent> = {}): string {
  return badgeSvg({ label: 'Krios 1', message: 'DOWN', level: 'major_outage', language: 'en', ...content }).toString();
}

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><svg onload=x>',
  '&amp;&lt;',
  '\u202eNWOD',
  '\u0000\u001b[31m',
  '\ud800',
  'a'.repeat(10_000),
  '👩‍🔬'.repeat(500),
  '   ',
  '',
  ']]>',
];

describe('badgeSvg', () => {
  it('names itself to those who do not see it', () => {
    const svg = badge();
    assert.match(svg, /role="img" aria-label="Krios 1: DOWN"/);
    assert.match(svg, /<title>Krios 1: DOWN<\/title>/);
  });

  it('gives each level a drawing of its own', () => {
    const glyphs = LEVELS.map((level) => /scale\(\.625\)"[^>]*>(.*)<\/g>/.exec(badge({ level }))?.[1]);
    assert.equal(new Set(glyphs).size, LEVELS.length);
    assert.ok(glyphs.every((glyph) => glyph?.includes('<path')));
  });

  for (const text of HOSTILE) {
    it(`stays one well-formed picture with ${JSON.stringify(text.slice(0, 24))} in it`, () => {
      const svg = badge({ label: text, message: text });
      assert.doesNotMatch(svg, /<script|onload=x>|[\u0000-\u0008\u202a-\u202e\ud800](?![\udc00-\udfff])/);
      assert.deepEqual(
        [...svg.matchAll(/<(\w+)/g)].map(([, name]) => name).filter((name) => name === 'script'),
        [],
      );
      assert.ok(svg.length < 4000, `${svg.length} characters`);
      const width = Number(/width="(\d+)"/.exec(svg)?.[1]);
      assert.ok(width > 20 && width < 620, `${width} pixels`);
    });
  }

  it('says the level where there is no message', () => {
    assert.match(badge({ message: ' ' }), />Major outage<\/text>/);
  });

  it('leaves out an empty label', () => {
    const svg = badge({ label: '' });
    assert.equal(svg.match(/<text/g)?.length, 1);
    assert.match(svg, /aria-label="DOWN"/);
  });

  it('colours the label for RUNNING | INFO', () => {
    assert.match(badge({ level: 'operational', labelLevel: 'notice' }), /fill="#1d5f9f" d="M0 0/);
  });

  it('refers to nothing outside', () => {
    assert.deepEqual(badge().match(/https?:[^"]+/g), ['http://www.w3.org/2000/svg']);
  });
});

describe('fitText', () => {
  it('cuts between characters as people see them', () => {
    const cut = fitText('👩‍🔬👩‍🔬👩‍🔬👩‍🔬', 60);
    assert.match(cut, /^(👩‍🔬)+…$/u);
    assert.ok(textWidth(cut) <= 60);
  });

  it('keeps what fits', () => {
    assert.equal(fitText('Krios 1', 240), 'Krios 1');
  });

  it('measures accents as the letters under them', () => {
    assert.equal(textWidth('à'), textWidth('a'));
  });
});

describe('badgeEndpoint', () => {
  it('has what shields.io asks for', () => {
    const answer = badgeEndpoint(
      { label: 'Krios 1', message: '', level: 'unknown', language: 'en' },
      { isError: true },
    );
    assert.deepEqual(answer, {
      schemaVersion: 1,
      label: 'Krios 1',
      message: 'Unknown',
      color: '#5a626c',
      isError: true,
      cacheSeconds: 300,
    });
  });
});
