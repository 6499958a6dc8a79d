import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startApp } from '../../../../test/support/start-app.ts';

describe("the original's address beside a public address with a path", () => {
  it('is answered at the root as well, and no part of it is logged', async () => {
    await using box = await startApp({ prefix: '/status' });
    const { origin } = new URL(box.url);
    for (const base of [origin, box.url]) {
      for (const method of ['POST', 'GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
        const answer = await fetch(`${base}/update/glpat-old-secret`, { method });
        assert.equal(answer.status, 410, `${method} ${base}`);
        if (method === 'HEAD') continue;
        const problem = (await answer.json()) as Record<string, string>;
        assert.match(problem['type'] ?? '', /\/api\/docs#error-not_found$/);
        assert.equal(problem['requestId'], answer.headers.get('x-request-id'));
        assert.match(problem['detail'] ?? '', /signalbox import facility/);
      }
    }
    assert.equal((await fetch(`${origin}/hooks/gitlab/lab`, { method: 'POST' })).status, 404);
    assert.doesNotMatch(box.log.join(''), /glpat-old-secret/);
  });
});
