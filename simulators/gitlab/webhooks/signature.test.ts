import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isSigningToken, signWebhook } from './signature.ts';

const TOKEN = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

it('signs the test vector as GitLab does', () => {
  const message = {
    id: '5a0f6f6e-1111-4b7e-9f0a-000000000001',
    timestamp: 1763618400,
    body: '{"object_kind":"issue"}',
  };
  assert.equal(signWebhook(TOKEN, message), 'v1,lrCQCsD6XGYegImkzp8ZOG+EKkpSPxq+ukoiV0tu5uU=');
});

it('takes only a key of 32 bytes behind whsec_', () => {
  assert.equal(isSigningToken(TOKEN), true);
  assert.equal(isSigningToken(TOKEN.slice(6)), false);
  assert.equal(isSigningToken('whsec_AAEC'), false);
});
