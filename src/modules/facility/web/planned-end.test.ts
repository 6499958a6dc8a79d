import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Lab, startLab } from '../../../../test/support/lab.ts';
import { until } from '../../../../test/support/until.ts';

const FORMS = ['/facility', '/facility?format=csv', '/api/facility/devices', '/components/facility/krios'];

describe('the facility page, its CSV and the API', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab[Symbol.asyncDispose]());

  const openOn = (label: string, dueDate: string, confidential = false) =>
    lab.gitlab.world.openIssue(lab.project, { title: 'Vacuum', labels: [label, 'CRITICAL'], dueDate, confidential });
  const shows = (path: string, text: string) =>
    until(`${path} shows ${text}`, async () => (await lab.text(path)).includes(text));

  it('tell when it is planned to be over, also after that has changed', async () => {
    const issue = openOn('D:Krios', '2031-12-24');
    await shows('/facility', 'planned until <time datetime="2031-12-24T12:00:00.000Z" data-style="date">24 Dec 2031');
    await shows('/facility?format=csv', ',2031-12-24,');
    await shows('/api/facility/devices', '"plannedEnd":"2031-12-24"');
    lab.gitlab.world.editIssue(issue, { dueDate: '2032-01-07' });
    await shows('/facility', '7 Jan 2032');
    lab.gitlab.world.editIssue(issue, { confidential: true });
    await until('it is forgotten', async () => !(await lab.text('/facility')).includes('2032'));
    await lab.settled();
    for (const path of FORMS) assert.doesNotMatch(await lab.text(path), /2032-01-07|7 Jan/, path);
  });

  it('keep the planned end of a confidential issue to themselves', async () => {
    openOn('D:Talos', '2033-03-03', true);
    await until('the light is red', async () => (await lab.level('facility/talos')) === 'major_outage');
    await lab.settled();
    for (const path of FORMS) assert.doesNotMatch(await lab.text(path), /2033-03-03|3 Mar 2033/, path);
    const rows = await lab.box.app.db
      .for<{ facility_issue: { due_on: string | null } }>()
      .selectFrom('facility_issue')
      .select('due_on')
      .execute();
    assert.ok(rows.every(({ due_on }) => due_on === null));
  });

  it('tell how long a repair took on average, once there was one', async () => {
    assert.match(await lab.text('/api/facility/devices'), /"meanTimeToRepair":null/);
    assert.doesNotMatch(await lab.text('/facility'), /MTTR/);
    for (const issue of lab.gitlab.world.issues) lab.gitlab.world.closeIssue(issue);
    await shows('/facility', 'MTTR</abbr>');
    const { devices } = JSON.parse(await lab.text('/api/facility/devices')) as {
      devices: { meanTimeToRepair: number | null }[];
    };
    assert.ok(devices.every(({ meanTimeToRepair: mean }) => mean !== null && mean >= 0 && mean < 600));
  });
});
