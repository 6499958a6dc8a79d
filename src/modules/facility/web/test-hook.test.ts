import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Lab, startLab } from '../../../../test/support/lab.ts';
import { cookiesOf, type Person, signIn } from '../../../../test/support/people.ts';
import { auditEntries } from '../../../platform/audit/index.ts';

describe('the button that tests the webhook', () => {
  let lab: Lab;
  let operator: Person;
  before(async () => {
    lab = await startLab();
    operator = await signIn(lab.box, 'operator');
  });
  after(() => lab[Symbol.asyncDispose]());

  /** What the page says after the button was pressed. */
  async function test(): Promise<string> {
    assert.match(await lab.text('/facility', operator), /action="\/facility\/test-hook"/);
    const answer = await operator.send('/facility/test-hook', { project: 'lab/301' });
    assert.equal(answer.status, 303);
    return lab.text('/facility', { headers: { cookie: `${operator.headers.cookie}; ${cookiesOf(answer)}` } });
  }

  it('makes GitLab send an event, and says that it arrived', async () => {
    lab.gitlab.world.openIssue(lab.project, { title: 'Any', labels: [] });
    await lab.settled();
    assert.match(await test(), /the webhook works/);
    const entries = await auditEntries(lab.box.app.db, {}, { limit: 50 });
    assert.ok(
      entries.some(({ action, subject }) => action === 'facility.hook_tested' && subject === 'project:lab/301'),
    );
  });

  it('says what went wrong', async () => {
    const [hook] = lab.gitlab.world.hooks;
    assert.ok(hook);
    hook.token = 'another-secret';
    assert.match(await test(), /The webhook does not work\. GitLab answered .*422/);
    lab.gitlab.world.removeHook(hook);
    assert.match(await test(), /The webhook does not work\. GitLab has no webhook to http/);
    assert.equal((await operator.send('/facility/test-hook', { project: 'lab/999' })).status, 404);
  });

  it('is not for viewers', async () => {
    const viewer = await signIn(lab.box, 'viewer');
    assert.equal((await viewer.send('/facility/test-hook', { project: 'lab/301' })).status, 403);
  });
});
