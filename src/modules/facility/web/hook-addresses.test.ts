import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hookHeaders, issueEvent, type Lab, startLab } from '../../../../test/support/lab.ts';

const GITLAB = '203.0.113.7';

async function deliver(lab: Lab, forwardedFor: string): Promise<number> {
  const answer = await fetch(`${lab.box.url}/hooks/gitlab/lab`, {
    method: 'POST',
    headers: hookHeaders({ 'x-forwarded-for': forwardedFor }),
    body: JSON.stringify(issueEvent({ id: 1, labels: ['D:Krios'] })),
  });
  return answer.status;
}

describe('allow_ips', () => {
  const integration = { allow_ips: ['203.0.113.0/29', '2001:db8::/32'] };

  it('goes by the address a trusted proxy tells, in every notation of it', async () => {
    const app = { values: { http: { trusted_proxies: ['127.0.0.1'] } } };
    await using lab = await startLab({ integration, app, hook: false });
    for (const address of [GITLAB, `::ffff:${GITLAB}`, '2001:db8::7', `198.51.100.1, ${GITLAB}`])
      assert.equal(await deliver(lab, address), 204, address);
    for (const address of ['203.0.113.8', '2001:db9::7', `${GITLAB}, 198.51.100.1`])
      assert.equal(await deliver(lab, address), 403, address);
  });

  it('believes nobody else', async () => {
    await using lab = await startLab({ integration, hook: false });
    assert.equal(await deliver(lab, GITLAB), 403);
  });
});
