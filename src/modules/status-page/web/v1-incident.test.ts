import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MINUTE, toInstant, toMs } from '../../../core/index.ts';
import { v1Time } from './v1-incident.ts';

const read = (text: string) => toInstant(Date.parse(`${text.replace(' ', 'T')}Z`));

describe('times on /api/v1 (TestCustomTimeFormat of specification §22.4)', () => {
  it('are YYYY-MM-DD HH:MM in UTC', () => {
    assert.equal(v1Time('2026-03-01T08:29:59.999Z'), '2026-03-01 08:29');
    assert.equal(v1Time('2024-02-29T00:00:00.000Z'), '2024-02-29 00:00');
  });

  it('are read back as the minute that was written', () => {
    const from = Date.UTC(1971, 0, 1);
    fc.assert(
      fc.property(fc.integer({ min: from, max: Date.UTC(9999, 11, 31) }), (ms) => {
        const text = v1Time(toInstant(ms));
        assert.match(text, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/);
        assert.equal(toMs(read(text)), ms - (ms % MINUTE));
        assert.equal(v1Time(read(text)), text);
      }),
    );
  });
});
