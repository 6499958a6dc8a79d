import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressKey } from './address-key.ts';
import { expiryFrom } from './expiry.ts';
import { emailAddress, folded, label, userName } from './names.ts';
import { passwordProblem } from './password-rules.ts';

const BOB = { name: 'bob', email: 'bob.miller@lab.test' };

describe('password rules', () => {
  const cases: [string, ReturnType<typeof passwordProblem>][] = [
    ['elevenchars', 'too_short'],
    ['lamp tide osier', null],
    ['LAMPTIDEOSIE', null],
    ['πρωτότυπο λόγος', null],
    ['🚦🚦🚦🚥🚥🚥', 'too_short'],
    ['x'.repeat(501), 'too_long'],
    ['aaaaaaaaaaaaaaaa', 'too_common'],
    ['abababababab', 'too_common'],
    ['123456789012', 'too_common'],
    ['098765432109', 'too_common'],
    ['abcdefghijklmnop', 'too_common'],
    ['Password1234', 'too_common'],
    ['P4ssw0rd!2026', 'too_common'],
    ['Administrator', 'too_common'],
    ['benvenuto2026', 'too_common'],
    ['198412251984', null],
    ['bob123456789', 'is_name'],
    ['BobBobBobBob', 'is_name'],
    ['bob.miller@lab.test', 'is_name'],
    ['bob.miller2026', 'is_name'],
    ['bobsleigh winter', null],
  ];
  for (const [password, problem] of cases) {
    it(`says ${problem ?? 'nothing'} about "${password.slice(0, 30)}"`, () => {
      assert.equal(passwordProblem(password, BOB), problem);
    });
  }

  it('does not mind a name of two letters inside a password', () => {
    assert.equal(passwordProblem('al 1234 5678 9012', { name: 'al', email: null }), null);
  });
});

describe('names', () => {
  it('folds case and width into one', () => {
    for (const name of ['ALICE', 'Alice', 'Ａｌｉｃｅ']) assert.equal(folded(name), 'alice');
    assert.equal(folded('Straße'), folded('STRASSE'));
  });

  it('keeps letters of any script', () => {
    assert.equal(userName('  Nicolò_2 '), 'Nicolò_2');
  });

  for (const name of ['', ' ', 'a b', 'a@b', '-a', 'a\u0000', 'a\u202eb', '<script>', 'x'.repeat(65), 'a\nb']) {
    it(`refuses the user name ${JSON.stringify(name.slice(0, 20))}`, () => {
      assert.throws(() => userName(name), { code: 'invalid' });
    });
  }

  for (const email of ['a', 'a@', '@b', 'a@b@c', 'a@b,c@d', 'a@b\r\nBcc: x@y', 'A <a@b.test>', 'a b@c.test']) {
    it(`refuses the address ${JSON.stringify(email)}`, () => {
      assert.throws(() => emailAddress(email), { code: 'invalid' });
    });
  }

  it('takes an empty address for none', () => {
    assert.equal(emailAddress(' '), null);
    assert.equal(emailAddress('a.b+c@lab.test'), 'a.b+c@lab.test');
  });

  it('refuses a token name of several lines or none', () => {
    assert.equal(label(' Monitor 1 '), 'Monitor 1');
    for (const name of ['', 'a\nb', 'x'.repeat(101)]) assert.throws(() => label(name), { code: 'invalid' });
  });
});

describe('addresses as they are counted', () => {
  it('takes an IPv4 address and its mapped form for one', () => {
    assert.equal(addressKey('203.0.113.7'), '203.0.113.7');
    assert.equal(addressKey('::ffff:203.0.113.7'), '203.0.113.7');
  });

  it('takes a /64 of IPv6 for one', () => {
    assert.equal(addressKey('2001:db8:1:2:3:4:5:6'), addressKey('2001:0db8:0001:0002::9'));
    assert.notEqual(addressKey('2001:db8:1:2::1'), addressKey('2001:db8:1:3::1'));
    assert.equal(addressKey('::1'), addressKey('0:0:0:0:0:0:0:2'));
    assert.equal(addressKey('fe80::1%eth0'), addressKey('fe80::2'));
  });
});

describe('how long a token lives', () => {
  const now = '2026-11-20T10:00:00.000Z';
  it('counts from now', () => {
    assert.equal(expiryFrom(now, '90d'), '2027-02-18T10:00:00.000Z');
    assert.equal(expiryFrom(now, '12h'), '2026-11-20T22:00:00.000Z');
    assert.equal(expiryFrom(now, undefined), null);
  });

  for (const text of ['0d', '90', '-1d', '11y', '90 d', '1e3d', '99999y', 'toString']) {
    it(`refuses "${text}"`, () => {
      assert.throws(() => expiryFrom(now, text), { code: 'invalid' });
    });
  }
});
