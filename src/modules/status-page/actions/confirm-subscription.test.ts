import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { OPERATOR } from '../../../../test/support/status-page-world.ts';
import { SECRET } from '../../../../test/support/subscription-context.ts';
import { type SubscriptionWorld, subscriptionWorld } from '../../../../test/support/subscription-world.ts';
import { isSigned } from '../../../../test/support/web-receiver.ts';
import { addMs, DAY, HOUR, MINUTE } from '../../../core/index.ts';
import { EVERYTHING, type Subscription } from '../domain/subscription.ts';
import { confirmSubscription } from './confirm-subscription.ts';
import { openIncident } from './open-incident.ts';
import { tokenHash } from './subscription-tokens.ts';

/** The same target is asked for once more, and whoever reads the mail presses the button. */
async function confirmedAgain(world: SubscriptionWorld, about: Partial<Subscription> = {}) {
  world.clock.go(MINUTE);
  const confirmUntil = addMs(world.clock.now(), HOUR);
  const asked = {
    state: 'pending',
    secrets: [],
    confirmHash: tokenHash('token'),
    confirmUntil,
    confirmedAt: null,
  } as const;
  await world.subscribe({ kind: 'webhook', ...asked, ...about });
  return await confirmSubscription(world.context, 'token');
}

eachDatabase((open) => {
  it('confirmed again, a webhook is signed with the secret before as well for a day', async () => {
    const world = await subscriptionWorld(open);
    const id = await world.subscribe({ kind: 'webhook' });
    const { subscription, secret } = await confirmedAgain(world);
    assert.equal(subscription.id, id);
    assert.notEqual(secret, SECRET);
    const opened = async (title: string) => {
      await openIncident(world.context, OPERATOR, { title, impact: 2, components: ['status-page/a'] });
      await world.settleMessages();
      const last = world.receiver.received.at(-1);
      assert.ok(last);
      return [isSigned(last, secret ?? ''), isSigned(last, SECRET)];
    };
    assert.deepEqual(await opened('The first trouble'), [true, true]);
    world.clock.go(DAY);
    assert.deepEqual(await opened('The second trouble'), [true, false]);
  });

  it('goes on with the active one that asks for the same, though an older one is disabled', async () => {
    const world = await subscriptionWorld(open);
    const filter = { ...EVERYTHING, minImpact: 3 } as const;
    const disabled = await world.subscribe({ kind: 'webhook', state: 'disabled', filter });
    world.clock.go(MINUTE);
    const active = await world.subscribe({ kind: 'webhook' });
    assert.equal((await confirmedAgain(world)).subscription.id, active);
    assert.equal((await world.subscription(disabled))?.state, 'disabled');
    await openIncident(world.context, OPERATOR, { title: 'Storage fails', impact: 3, components: ['status-page/a'] });
    await world.settleMessages();
    assert.equal(world.told().length, 1, 'one target is told once');
  });

  it('goes on with a disabled one where none is active, before others the one that asked for the same', async () => {
    const world = await subscriptionWorld(open);
    const filter = { ...EVERYTHING, minImpact: 3 } as const;
    const other = await world.subscribe({ kind: 'webhook', state: 'disabled', filter });
    world.clock.go(MINUTE);
    const same = await world.subscribe({ kind: 'webhook', state: 'disabled' });
    assert.equal((await confirmedAgain(world)).subscription.id, same);
    const third = { ...EVERYTHING, minImpact: 2 } as const;
    const { subscription } = await confirmedAgain(world, { filter: third });
    assert.deepEqual([subscription.id, subscription.filter, subscription.state], [other, third, 'active']);
  });
});
