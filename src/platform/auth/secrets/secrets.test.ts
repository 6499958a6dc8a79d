import assert from 'node:assert/strict';
import { argon2Sync } from 'node:crypto';
import { describe, it } from 'node:test';
import { hashPassword, NOBODYS_HASH, verifyPassword } from './password-hash.ts';
import { oneTimePassword, randomText, sameText } from './random-secret.ts';
import { newTokenText, parseToken } from './token-text.ts';
import { Turns } from './turns.ts';

const PASSWORD = 'lamp tide osier';

describe('password hashes', () => {
  it('are PHC strings with the parameters in them, a new salt each time', async () => {
    const [one, two] = await Promise.all([hashPassword(PASSWORD), hashPassword(PASSWORD)]);
    assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    assert.notEqual(one, two);
    assert.deepEqual(await verifyPassword(one, PASSWORD), { fits: true, outdated: false });
    assert.deepEqual(await verifyPassword(one, `${PASSWORD} `), { fits: false, outdated: false });
  });

  it('fit the password however its letters were composed', async () => {
    const kept = await hashPassword('caffè corretto 1');
    assert.equal((await verifyPassword(kept, 'caffe\u0300 corretto 1')).fits, true);
  });

  it('made with other parameters still fit and say that they are outdated', async () => {
    const nonce = Buffer.alloc(16, 7);
    const hash = argon2Sync('argon2id', {
      message: PASSWORD,
      nonce,
      parallelism: 1,
      tagLength: 32,
      memory: 8192,
      passes: 1,
    });
    const plain = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
    const kept = `$argon2id$v=19$m=8192,t=1,p=1$${plain(nonce)}$${plain(hash)}`;
    assert.deepEqual(await verifyPassword(kept, PASSWORD), { fits: true, outdated: true });
  });

  it('of nobody fit nothing', async () => {
    assert.deepEqual(await verifyPassword(NOBODYS_HASH, ''), { fits: false, outdated: false });
  });
});

describe('turns', () => {
  it('let two work at once and refuse whoever finds the queue full', async () => {
    const turns = new Turns(2, 1);
    const gate = Promise.withResolvers<undefined>();
    let running = 0;
    let most = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await gate.promise;
      running -= 1;
    };
    const admitted = [turns.run(work), turns.run(work), turns.run(work)];
    await assert.rejects(turns.run(work), { code: 'unavailable' });
    gate.resolve(undefined);
    await Promise.all(admitted);
    assert.equal(most, 2);
    await turns.run(work);
  });

  it('go on after work that failed', async () => {
    const turns = new Turns(1, 1);
    await assert.rejects(
      turns.run(async () => {
        throw new Error('no');
      }),
    );
    assert.equal(await turns.run(async () => 7), 7);
  });
});

describe('random texts', () => {
  it('give every byte five bits at a time', () => {
    assert.match(randomText(5), /^[a-z2-7]{8}$/);
    assert.match(randomText(32), /^[a-z2-7]{52}$/);
    assert.equal(new Set(Array.from({ length: 500 }, () => randomText(5))).size, 500);
  });

  it('make one-time passwords that can be read out', () => {
    assert.match(oneTimePassword(), /^[a-z2-7]{5}(-[a-z2-7]{5}){3}$/);
  });

  it('are compared whole', () => {
    assert.equal(sameText('abc', 'abc'), true);
    assert.equal(sameText('abc', 'abcd'), false);
  });
});

describe('token texts', () => {
  it('come back as the parts that were kept', () => {
    const { token, prefix, hash } = newTokenText();
    assert.match(token, /^sbx_[a-z2-7]{8}_[a-z2-7]{52}$/);
    assert.deepEqual(parseToken(token), { prefix, hash });
    assert.ok(!hash.includes(token.slice(-52)));
  });

  for (const text of [
    '',
    'sbx__',
    'sbx_abcdefgh_short',
    `SBX_abcdefgh_${'a'.repeat(52)}`,
    `sbx_abcdefgh_${'a'.repeat(53)}`,
  ]) {
    it(`do not include "${text.slice(0, 20)}"`, () => {
      assert.equal(parseToken(text), null);
    });
  }
});
