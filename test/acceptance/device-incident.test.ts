import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../../src/core/index.ts';
import { insertSubscription } from '../../src/modules/status-page/store/subscription-store.ts';
import { startLab } from '../support/lab.ts';
import { startMailServer } from '../support/mail-server.ts';
import { confirmedSubscription } from '../support/subscription-context.ts';
import { until } from '../support/until.ts';

describe('a device that is down', () => {
  it('becomes an incident that subscribers are told of', async () => {
    await using mail = await startMailServer();
    await using lab = await startLab({
      app: {
        values: {
          smtp: { host: '127.0.0.1', port: mail.port, security: 'none', from: 'status@s.example' },
          'status-page': {
            incident_patterns: ['status-page/*', 'facility/*'],
            subscriptions: { group_within: '0s' },
          },
        },
      },
    });
    const { app } = lab.box;
    const subscriber = confirmedSubscription(systemClock.now(), { kind: 'email', target: 'alice@example.org' });
    await app.db.write((tx) => insertSubscription(tx, subscriber));
    lab.gitlab.world.openIssue(lab.project, { title: 'Vacuum leak', labels: ['D:Krios', 'CRITICAL'] });
    await lab.settled();
    const incidents = async (): Promise<string[]> => {
      const { data } = JSON.parse(await lab.text('/api/incidents')) as { data: { title: string }[] };
      return data.map(({ title }) => title);
    };
    assert.deepEqual(await incidents(), ['#1 Vacuum leak']);
    const [told] = await until('the mail has come', () => {
      app.jobs.trigger('status-page.deliver');
      return mail.mails.length > 0 ? mail.mails : null;
    });
    assert.equal(told?.to, 'alice@example.org');
    assert.match(`${told.subject} ${told.text}`, /Vacuum leak[^]*Krios/);
    lab.gitlab.world.openIssue(lab.project, { title: 'Odd noise', labels: ['D:Talos', 'Information'] });
    await lab.settled();
    assert.equal((await incidents()).length, 1, 'a note is no incident');
  });
});
