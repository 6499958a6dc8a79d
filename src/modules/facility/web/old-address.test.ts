import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startApp } from '../../../../test/support/start-app.ts';

describe("the original's address beside a public address with a path", () => {
  it('is answered at the root as well, and no part of it is logged', async () => {
    await using box = await startApp({ prefix: '/status' });
    const { origin } = new URL(box.url);
    for (const base of [origin, box.url]) {
      const answer = await fetch(`${base}/update/glpat-old-secret`, { method: 'POST' });
      assert.equal(answer.status, 410, base);
    }
    assert.equal((await fetch(`${origin}/hooks/gitlab/lab`, { method: 'POST' })).status, 404);
    assert.doesNotMatch(box.log.join(''), /glpat-old-secret/);
  });
});
