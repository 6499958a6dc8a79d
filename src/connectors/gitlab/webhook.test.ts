import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deliveryKey, hookRefusal, isSigningToken, signDelivery } from './webhook.ts';

const SIGNING = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const BODY = Buffer.from('{"object_kind":"issue"}');
const ID = '5a0f6f6e-1111-4b7e-9f0a-000000000001';
const SIGNATURE = 'v1,lrCQCsD6XGYegImkzp8ZOG+EKkpSPxq+ukoiV0tu5uU=';
const NOW = new Date(1_763_618_400_000).toISOString();
const SIGNED = { 'webhook-id': ID, 'webhook-timestamp': '1763618400', 'webhook-signature': SIGNATURE };
const FOREIGN = `v1,${Buffer.alloc(32, 1).toString('base64')}`;

describe('hookRefusal with a signing token', () => {
  const refusal = (headers: Record<string, string | undefined>, body = BODY, now = NOW): string | null =>
    hookRefusal(headers, body, { signingToken: SIGNING, token: 'plain-token' }, now);

  it('takes the published example', () => assert.equal(refusal(SIGNED), null));
  it('takes one good signature among several', () => {
    assert.equal(refusal({ ...SIGNED, 'webhook-signature': `${FOREIGN} v2,x ${SIGNATURE}` }), null);
  });
  it('refuses only wrong signatures', () => {
    assert.equal(refusal({ ...SIGNED, 'webhook-signature': `${FOREIGN} ${FOREIGN}` }), 'the signature is wrong');
  });
  it('refuses a missing signature even with the right token', () => {
    const { 'webhook-signature': _signature, ...headers } = SIGNED;
    assert.equal(refusal({ ...headers, 'x-gitlab-token': 'plain-token' }), 'the signature is missing');
  });
  it('refuses a body with one byte more', () => {
    assert.equal(refusal(SIGNED, Buffer.concat([BODY, Buffer.from(' ')])), 'the signature is wrong');
  });
  it('refuses another id or timestamp under the same signature', () => {
    assert.equal(refusal({ ...SIGNED, 'webhook-id': 'other' }), 'the signature is wrong');
    assert.equal(refusal({ ...SIGNED, 'webhook-timestamp': '1763618401' }), 'the signature is wrong');
    assert.equal(refusal({ ...SIGNED, 'webhook-timestamp': 'NaN' }), 'the timestamp is not a number');
  });
  it('allows five minutes in both directions and no more', () => {
    const at = (seconds: number): string => new Date((1_763_618_400 + seconds) * 1000).toISOString();
    assert.equal(refusal(SIGNED, BODY, at(300)), null);
    assert.equal(refusal(SIGNED, BODY, at(-300)), null);
    assert.match(refusal(SIGNED, BODY, at(301)) ?? '', /5 minutes/);
    assert.match(refusal(SIGNED, BODY, at(-301)) ?? '', /5 minutes/);
  });
  it('refuses by the head alone only what no body can make good', () => {
    const { 'webhook-signature': _signature, ...headers } = SIGNED;
    assert.equal(hookRefusal(headers, null, { signingToken: SIGNING }, NOW), 'the signature is missing');
    assert.equal(hookRefusal(SIGNED, null, { signingToken: SIGNING }, NOW), null);
    assert.equal(hookRefusal({ 'x-gitlab-token': 'x' }, null, { token: 'y' }, NOW), 'the secret token is wrong');
  });
  it('signs as GitLab does', () => assert.equal(signDelivery(SIGNING, ID, '1763618400', BODY), SIGNATURE));
});

describe('hookRefusal with a secret token', () => {
  const refusal = (sent: string | undefined): string | null =>
    hookRefusal({ 'x-gitlab-token': sent }, BODY, { token: 's3cr3t' }, NOW);
  it('takes the token', () => assert.equal(refusal('s3cr3t'), null));
  it('refuses others of any length', () => {
    for (const sent of ['', 's3cr3', 's3cr3tt', 'S3CR3T']) assert.equal(refusal(sent), 'the secret token is wrong');
    assert.equal(refusal(undefined), 'the secret token is missing');
  });
  it('refuses everything when nothing is configured', () => {
    assert.equal(hookRefusal({ 'x-gitlab-token': '' }, BODY, {}, NOW), 'no hook secret is configured');
  });
});

describe('deliveryKey', () => {
  it('is the same for a delivery that is sent again', () => {
    const [a, b] = [Buffer.from('a'), Buffer.from('b')];
    assert.equal(
      deliveryKey({ 'webhook-id': ID }, a),
      deliveryKey({ 'webhook-id': ID, 'idempotency-key': 'other' }, b),
    );
    assert.equal(deliveryKey({ 'idempotency-key': ID }, a), deliveryKey({ 'webhook-id': ID }, a));
  });
  it('tells events without a key apart by what they say', () => {
    const other = Buffer.from('{"object_kind":"issue" }');
    for (const headers of [{}, { 'x-gitlab-event-uuid': 'u' }]) {
      assert.notEqual(deliveryKey(headers, BODY), deliveryKey(headers, other));
      assert.equal(deliveryKey(headers, BODY), deliveryKey(headers, Buffer.from(BODY)));
    }
    assert.notEqual(deliveryKey({}, BODY), deliveryKey({ 'x-gitlab-event-uuid': 'u' }, BODY));
  });
});

describe('isSigningToken', () => {
  it('wants the prefix and a key of some length', () => {
    assert.ok(isSigningToken(SIGNING));
    for (const text of ['', 'whsec_', 'whsec_AAAA', SIGNING.slice(6), 'whsec_not base64!'])
      assert.ok(!isSigningToken(text), text);
  });
});
