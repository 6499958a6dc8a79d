import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { allCatalogues, LANGUAGES } from '../../src/platform/i18n/index.ts';

/** Words that are the same in both languages: names, units, and what operators type. */
const SAME_WORD =
  /^[^a-zA-Z]*$|^(Signalbox|API|Token|Badge|Email|E-mail|GitLab|JSON|CSV|Markdown|HTML|URL|Password|Account|Audit|Online|Computer|OK|admin|Admin|Link|SVG|Kiosk|Test|Min|Max|Hook|Webhook|Logbook|Info)$/;

describe('every text', () => {
  before(async () => {
    for (const file of globSync('src/**/*.ts', { exclude: (name) => name.endsWith('.test.ts') })) {
      if (/essages\.ts$/.test(file)) await import(pathToFileURL(file).href);
    }
  });

  it('exists in every language with the same keys', () => {
    assert.ok(allCatalogues().length >= 3);
    for (const { name, texts } of allCatalogues()) {
      const keys = Object.keys(texts.en).sort();
      for (const language of LANGUAGES)
        assert.deepEqual(Object.keys(texts[language]).sort(), keys, `${name} (${language})`);
    }
  });

  it('says something, and is the same kind of text everywhere', () => {
    for (const { name, texts } of allCatalogues()) {
      for (const [key, english] of Object.entries(texts.en)) {
        for (const language of LANGUAGES) {
          const text = texts[language][key];
          assert.equal(typeof text, typeof english, `${name}.${key} (${language})`);
          if (typeof text === 'string') assert.notEqual(text.trim(), '', `${name}.${key} (${language})`);
        }
      }
    }
  });

  it('is translated, not copied', () => {
    const copied: string[] = [];
    for (const { name, texts } of allCatalogues()) {
      for (const [key, english] of Object.entries(texts.en)) {
        if (typeof english !== 'string' || SAME_WORD.test(english) || english.split(' ').length < 3) continue;
        if (texts.it[key] === english) copied.push(`${name}.${key}: ${english}`);
      }
    }
    assert.deepEqual(copied, []);
  });
});
