import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { CREATOR, OPERATOR } from '../../../../test/support/status-page-world.ts';
import { SECRET } from '../../../../test/support/subscription-context.ts';
import { type SubscriptionWorld, subscriptionWorld } from '../../../../test/support/subscription-world.ts';
import { isSigned } from '../../../../test/support/web-receiver.ts';
import { addMs, DAY, HOUR, MINUTE, SECOND } from '../../../core/index.ts';
import { EVERYTHING, type SubscriptionFilter } from '../domain/subscription.ts';
import { announceMaintenance } from './announce-maintenance.ts';
import { mergeIncidents } from './merge-incidents.ts';
import { moveComponents } from './move-components.ts';
import { openIncident } from './open-incident.ts';
import { postUpdate } from './post-update.ts';
import { removeComponent } from './remove-component.ts';

const [A, B, C] = ['status-page/a', 'status-page/b', 'status-page/c'] as const;

function only(filter: Partial<SubscriptionFilter>): { filter: SubscriptionFilter } {
  return { filter: { ...EVERYTHING, ...filter } };
}

async function opened({ context }: SubscriptionWorld, components: readonly string[], impact = 2, title = 'Storage') {
  const { id } = await openIncident(context, OPERATOR, { title: `${title} is down`, impact, components });
  return id;
}

async function posted({ context }: SubscriptionWorld, id: number, status: string, more: object = {}): Promise<void> {
  await postUpdate(context, OPERATOR, id, { status, text: `Now ${status}.`, ...more });
}

eachDatabase((open) => {
  describe('what subscribers are told', () => {
    it('is the beginning, what changes and the end, one signed request each', async () => {
      const world = await subscriptionWorld(open);
      await world.subscribe({ kind: 'webhook' });
      const id = await opened(world, [A]);
      await world.settleMessages();
      await posted(world, id, 'fixing');
      await world.settleMessages();
      await posted(world, id, 'resolved');
      await world.settleMessages();
      assert.deepEqual(world.told(), [`incident.opened ${id}`, `incident.updated ${id}`, `incident.resolved ${id}`]);
      for (const message of world.receiver.received) assert.ok(isSigned(message, SECRET));
      const ids = world.receiver.received.map(({ headers }) => headers['webhook-id']);
      assert.equal(new Set(ids).size, 3);
      assert.deepEqual(
        (await world.deliveries()).map(({ state, attempts }) => [state, attempts]),
        [
          ['sent', 1],
          ['sent', 1],
          ['sent', 1],
        ],
      );
    });

    it('is one mail for what happens within the time of gathering, with everything that was said', async () => {
      const world = await subscriptionWorld(open);
      await world.subscribe();
      const id = await opened(world, [A]);
      world.clock.go(10 * SECOND);
      await posted(world, id, 'analysing');
      await world.deliver();
      assert.equal(world.mail.mails.length, 0);
      world.clock.go(50 * SECOND);
      await world.deliver();
      assert.equal(world.mail.mails.length, 1);
      const [mail] = world.mail.mails;
      assert.equal(mail?.subject, '[Test] Storage is down');
      assert.match(mail?.text ?? '', /Major issue · Analysing: Storage is down/);
      assert.match(mail?.text ?? '', /Analysing: Now analysing\./);
      assert.match(mail?.text ?? '', /Affected: a/);
      assert.match(mail?.source ?? '', /^List-Unsubscribe: <https:\/\/s\.example\/unsubscribe\/manage-/m);
      assert.match(mail?.source ?? '', /^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m);
    });

    it('is one message when something breaks and is mended within that time', async () => {
      const world = await subscriptionWorld(open);
      await world.subscribe({ kind: 'webhook' });
      const id = await opened(world, [A]);
      world.clock.go(10 * SECOND);
      await posted(world, id, 'resolved');
      await world.settleMessages();
      await world.settleMessages();
      assert.deepEqual(world.told(), [`incident.resolved ${id}`]);
    });

    it('is one mail of several incidents, and a request of each for programs', async () => {
      const world = await subscriptionWorld(open);
      await world.subscribe();
      await world.subscribe({ kind: 'webhook' });
      const first = await opened(world, [A], 1, 'Storage');
      const second = await opened(world, [B], 3, 'Network');
      await world.settleMessages();
      assert.deepEqual(world.told(), [`incident.opened ${first}`, `incident.opened ${second}`]);
      assert.equal(world.mail.mails.length, 1);
      const [mail] = world.mail.mails;
      assert.equal(mail?.subject, '[Test] 2 changes');
      assert.match(mail?.text ?? '', /Storage is down/);
      assert.match(mail?.text ?? '', /Network is down/);
      assert.ok((await world.deliveries()).every(({ state }) => state === 'sent'));
      await posted(world, first, 'resolved');
      await world.settleMessages();
      assert.equal(world.mail.mails[1]?.subject, '[Test] Storage is down');
    });

    it('is what the filter asks for: components, regions, impact, maintenances', async () => {
      const world = await subscriptionWorld(open, { components: [] });
      await world.declare(A, { region: 'Reg1' });
      await world.declare(B, { region: 'Reg2' });
      const target = (path: string) => ({ kind: 'webhook' as const, target: `${world.receiver.url}/${path}` });
      await world.subscribe({ ...target('a'), ...only({ components: [A] }) });
      await world.subscribe({ ...target('reg2'), ...only({ regions: ['Reg2'] }) });
      await world.subscribe({ ...target('outages'), ...only({ minImpact: 3 }) });
      await world.subscribe({ ...target('other'), ...only({ categories: ['Nothing'] }) });
      await opened(world, [A], 2);
      await opened(world, [B], 3);
      await world.settleMessages();
      assert.deepEqual(world.receiver.received.map(({ path }) => path).sort(), ['/a', '/outages', '/reg2']);
    });

    it('is the end too when the impact fell, the filter changed, or the part left', async () => {
      const world = await subscriptionWorld(open);
      await world.subscribe({ kind: 'webhook', ...only({ minImpact: 3, components: [A] }) });
      const id = await opened(world, [A, B], 3);
      await world.settleMessages();
      await posted(world, id, 'impact changed', { impact: 1 });
      await world.settleMessages();
      await removeComponent(world.context, OPERATOR, id, { component: A });
      await world.settleMessages();
      await posted(world, id, 'resolved');
      await world.settleMessages();
      assert.deepEqual(world.told(), [`incident.opened ${id}`, `incident.updated ${id}`, `incident.resolved ${id}`]);
      const last = world.receiver.received.at(-1)?.body ?? '';
      assert.equal((JSON.parse(last) as { data: { reason: string } }).data.reason, 'left');
    });

    it('follows a part into another incident and out of one that was merged', async () => {
      const world = await subscriptionWorld(open);
      await world.subscribe({ kind: 'webhook', ...only({ components: [B] }) });
      const first = await opened(world, [A, B]);
      await world.settleMessages();
      const { id: second } = await moveComponents(world.context, OPERATOR, first, { components: [B] });
      await world.settleMessages();
      const third = await opened(world, [C]);
      await mergeIncidents(world.context, OPERATOR, third, { others: [second] });
      await world.settleMessages();
      await posted(world, third, 'resolved');
      await posted(world, first, 'resolved');
      await world.settleMessages();
      assert.deepEqual(world.told().sort(), [
        `incident.opened ${first}`,
        `incident.opened ${second}`,
        `incident.opened ${third}`,
        `incident.resolved ${first}`,
        `incident.resolved ${second}`,
        `incident.resolved ${third}`,
      ]);
    });

    it('is nothing of what is for members, and the end without its words once it became so', async () => {
      const world = await subscriptionWorld(open);
      await world.declare('status-page/vault', { visibility: 'members' });
      await world.subscribe({ kind: 'webhook' });
      await opened(world, ['status-page/vault'], 3, 'The vault');
      await world.settleMessages();
      assert.deepEqual(world.told(), []);
      assert.deepEqual(await world.deliveries(), []);
      const id = await opened(world, [A]);
      await world.settleMessages();
      await world.declare(A, { visibility: 'members' });
      await posted(world, id, 'resolved', { title: 'A secret title' });
      await world.settleMessages();
      assert.deepEqual(world.told(), [`incident.opened ${id}`, `incident.resolved ${id}`]);
      assert.doesNotMatch(JSON.stringify(world.receiver.received), /vault|secret title/i);
    });

    it('is nothing of a maintenance under review; then plan, start and end', async () => {
      const world = await subscriptionWorld(open);
      await world.subscribe({ kind: 'webhook' });
      const now = world.clock.now();
      const input = {
        title: 'New disks',
        description: 'Disks.',
        components: [A],
        start: addMs(now, 2 * DAY),
        end: addMs(now, 2 * DAY + HOUR),
      };
      await announceMaintenance(world.context, CREATOR, { ...input, contactEmail: 'carl@s.example' });
      await world.settleMessages();
      assert.deepEqual(world.told(), []);
      const { id } = await announceMaintenance(world.context, OPERATOR, input);
      await world.settleMessages();
      assert.deepEqual(world.told(), [`maintenance.scheduled ${String(id)}`]);
    });

    it('is nothing of what began and ended before somebody subscribed', async () => {
      const world = await subscriptionWorld(open);
      const id = await opened(world, [A]);
      world.clock.go(MINUTE);
      await world.subscribe({ kind: 'webhook' });
      world.clock.go(MINUTE);
      await posted(world, id, 'resolved');
      await world.settleMessages();
      assert.deepEqual(world.told(), []);
    });

    it('survives titles that mean no good', async () => {
      const world = await subscriptionWorld(open);
      await world.subscribe();
      await world.subscribe({ kind: 'webhook' });
      await openIncident(world.context, OPERATOR, {
        title: 'Down\r\nBcc: eve@example.org <b>x</b> <!channel>',
        impact: 2,
        components: [A],
      }).catch(() => opened(world, [A], 2, 'Down Bcc: eve@example.org <b>x</b> <!channel>'));
      await world.settleMessages();
      const [mail] = world.mail.mails;
      assert.doesNotMatch(mail?.source ?? '', /^Bcc:/m);
      assert.match(mail?.html ?? '', /&lt;b&gt;x/);
      assert.equal(world.told().length, 1);
    });
  });

  describe('a message that does not arrive', () => {
    it('is sent again under its id, in the order of its incident, and once only', async () => {
      const world = await subscriptionWorld(open);
      await world.subscribe({ kind: 'webhook' });
      const id = await opened(world, [A]);
      world.receiver.answer(503);
      await world.settleMessages();
      await posted(world, id, 'resolved');
      await world.settleMessages();
      assert.equal(world.receiver.received.length, 2);
      world.receiver.answer(200);
      world.clock.go(HOUR);
      await world.deliver();
      await world.deliver();
      assert.deepEqual(world.told().slice(2), [`incident.opened ${id}`, `incident.resolved ${id}`]);
      const [first, second, third, last] = world.receiver.received.map(({ headers }) => headers['webhook-id']);
      assert.ok(first === second && second === third && last !== first);
      assert.equal(world.receiver.received[0]?.body, world.receiver.received[2]?.body);
    });

    it('disables the subscription at last, and its owner is told by mail', async () => {
      const world = await subscriptionWorld(open);
      const id = await world.subscribe({ kind: 'webhook', ownerEmail: 'owner@example.org' });
      const incident = await opened(world, [A]);
      world.receiver.answer(410);
      await world.settleMessages();
      const subscription = await world.subscription(id);
      assert.equal(subscription?.state, 'disabled');
      assert.match(subscription?.disabledReason ?? '', /410/);
      await world.deliver();
      assert.deepEqual(
        world.mail.mails.map(({ to, subject }) => [to, subject]),
        [['owner@example.org', '[Test] A subscription was disabled']],
      );
      await posted(world, incident, 'resolved');
      await world.settleMessages();
      assert.equal(world.receiver.received.length, 1);
      assert.match(await world.metrics.render(), /status_page_subscriptions_disabled_total\{kind="webhook"\} 1/);
    });

    it('is tried ten times in three days before that', async () => {
      const world = await subscriptionWorld(open);
      const id = await world.subscribe({ kind: 'webhook' });
      await opened(world, [A]);
      world.receiver.answer(500);
      await world.settleMessages();
      for (let attempt = 2; attempt <= 10; attempt += 1) {
        assert.equal((await world.subscription(id))?.state, 'active');
        world.clock.go(27 * HOUR);
        await world.deliver();
        assert.equal(world.receiver.received.length, attempt);
      }
      assert.equal((await world.subscription(id))?.state, 'disabled');
    });

    it('disables nobody when our own mail server is the trouble', async () => {
      const world = await subscriptionWorld(open);
      const id = await world.subscribe();
      await opened(world, [A]);
      world.mail.refuse({ code: 451, text: '4.3.0 later' });
      await world.settleMessages();
      for (let attempt = 2; attempt <= 10; attempt += 1) {
        world.clock.go(27 * HOUR);
        await world.deliver();
      }
      assert.equal((await world.subscription(id))?.state, 'active');
      assert.deepEqual(
        (await world.deliveries()).map(({ state }) => state),
        ['failed'],
      );
    });

    it('is taken over when its process is gone, and by one process only', async () => {
      const world = await subscriptionWorld(open);
      await world.subscribe({ kind: 'webhook' });
      await opened(world, [A]);
      await world.journal.drain();
      world.clock.go(MINUTE);
      const counts = await Promise.all([world.deliver(), world.deliver(), world.deliver()]);
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        1,
      );
      assert.equal(world.receiver.received.length, 1);
    });
  });
});
