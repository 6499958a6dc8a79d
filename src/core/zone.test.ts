import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from './errors.ts';
import { parseZone } from './zone.ts';

const refused = (error: unknown) => error instanceof AppError && error.code === 'invalid';

describe('parseZone', () => {
  it('takes IANA names, however they are written', () => {
    assert.equal(parseZone('Europe/Rome'), 'Europe/Rome');
    assert.equal(parseZone('america/new_york'), 'America/New_York');
    assert.equal(parseZone('utc'), 'UTC');
  });

  it('refuses what is no zone, offsets included, and says what to write', () => {
    const names = [
      '',
      ' ',
      'Europe/Atlantis',
      '+02:00',
      'GMT+2',
      '../../etc/passwd',
      'Europe/Rome\u0000',
      '__proto__',
      'Europe/Rome '.repeat(1000),
    ];
    for (const name of names) assert.throws(() => parseZone(name), refused, name.slice(0, 20));
    assert.throws(
      () => parseZone('CEST'),
      /"CEST" is not a time zone: write an IANA name such as Europe\/Rome or UTC\./,
    );
  });
});
