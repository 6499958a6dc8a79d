import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { openTestDatabase } from '../../../../test/support/databases.ts';
import { OPERATOR } from '../../../../test/support/status-page-world.ts';
import { SECRET } from '../../../../test/support/subscription-context.ts';
import { type SubscriptionWorld, subscriptionWorld } from '../../../../test/support/subscription-world.ts';
import { AppError, HOUR, MINUTE, SECOND, system } from '../../../core/index.ts';
import type { SubscriptionFilter } from '../domain/subscription.ts';
import { dueSubscriptions } from '../store/delivery-store.ts';
import { addComponents } from './add-components.ts';
import { changeFilter } from './change-subscription.ts';
import { mergeIncidents } from './merge-incidents.ts';
import { moveComponents } from './move-components.ts';
import { openIncident } from './open-incident.ts';
import { postUpdate } from './post-update.ts';
import { removeComponent } from './remove-component.ts';
import { takeNext } from './take-delivery.ts';

const KEYS = ['a', 'b', 'c'].map((name) => `status-page/${name}`);

const components = fc.subarray(KEYS, { minLength: 1 });
const number = fc.integer({ min: 1, max: 4 });
const impact = fc.integer({ min: 1, max: 3 });
const filter: fc.Arbitrary<SubscriptionFilter> = fc.record({
  components: fc.subarray(KEYS),
  regions: fc.constant([]),
  categories: fc.constant([]),
  minImpact: fc.constantFrom(1, 2, 3),
  maintenances: fc.constant(true),
});

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('open' as const), components, impact }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('resolve' as const), id: number }) },
  fc.record({ do: fc.constant('reopen' as const), id: number }),
  fc.record({ do: fc.constant('impact' as const), id: number, impact }),
  fc.record({ do: fc.constant('move' as const), id: number, components, to: fc.option(number, { nil: undefined }) }),
  fc.record({ do: fc.constant('add' as const), id: number, components }),
  fc.record({ do: fc.constant('remove' as const), id: number, component: fc.constantFrom(...KEYS) }),
  fc.record({
    do: fc.constant('merge' as const),
    id: number,
    others: fc.array(number, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ do: fc.constant('filter' as const), filter }),
  fc.record({ do: fc.constant('plan' as const) }),
  { weight: 5, arbitrary: fc.record({ do: fc.constant('deliver' as const) }) },
  fc.record({ do: fc.constant('receiver' as const), status: fc.constantFrom(200, 503) }),
  fc.record({ do: fc.constant('die' as const), afterSending: fc.boolean() }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function take(world: SubscriptionWorld, next: Step): Promise<unknown> {
  const { context } = world;
  const post = (id: number, more: object) => postUpdate(context, OPERATOR, id, { text: 'News.', ...more });
  switch (next.do) {
    case 'open': {
      const input = { title: 'Storage is down', components: next.components, impact: next.impact };
      return await openIncident(context, OPERATOR, input);
    }
    case 'resolve':
      return await post(next.id, { status: 'resolved' });
    case 'reopen':
      return await post(next.id, { status: 'reopened' });
    case 'impact':
      return await post(next.id, { status: 'impact changed', impact: next.impact });
    case 'move':
      return await moveComponents(context, OPERATOR, next.id, { components: next.components, to: next.to });
    case 'add':
      return await addComponents(context, OPERATOR, next.id, { components: next.components });
    case 'remove':
      return await removeComponent(context, OPERATOR, next.id, { component: next.component });
    case 'merge':
      return await mergeIncidents(context, OPERATOR, next.id, { others: next.others });
    case 'filter':
      return await changeFilter(context, TOKEN, { filter: next.filter, language: 'en' });
    case 'plan':
      return await world.journal.drain();
    case 'deliver':
      return await world.settleMessages();
    case 'receiver':
      return world.receiver.answer(next.status);
    case 'die':
      return await die(world, next.afterSending);
  }
}

/** Takes a message and says nothing more of it, as a process that is killed before or after it has sent it. */
async function die({ context, journal, clock, db }: SubscriptionWorld, afterSending: boolean): Promise<void> {
  await journal.drain();
  for (const id of await dueSubscriptions(db, clock.now(), 10)) {
    const taken = await takeNext(context, id);
    if (taken === null || taken === 'dropped' || !afterSending) continue;
    const { message, subscription, attempts, createdAt } = taken;
    const delivery = { id: taken.id, attempt: attempts, at: clock.now(), createdAt };
    await context.channels.webhook
      .send(message, { url: subscription.target, secrets: [SECRET] }, delivery)
      .catch(() => undefined);
  }
  // Until others may take it over.
  clock.go(4 * MINUTE);
}

const TOKEN = 'the-link';

/** What a receiver that knows ids understands: each message once, per incident. */
function understood({ receiver }: SubscriptionWorld): Map<number, string[]> {
  const known = new Map<string, string>();
  const told = new Map<number, string[]>();
  for (const { headers, body, path } of receiver.received) {
    if (path !== '/webhook') continue;
    const id = String(headers['webhook-id']);
    assert.equal(known.get(id) ?? body, body, 'a repeated message says the same');
    if (known.has(id)) continue;
    known.set(id, body);
    const { type, data } = JSON.parse(body) as { type: string; data: { incident: { id: number } } };
    told.set(data.incident.id, [...(told.get(data.incident.id) ?? []), type]);
  }
  return told;
}

it('whatever happens: every beginning that was told is followed by one end, no end is told twice, and no message is two', async () => {
  await fc.assert(
    fc.asyncProperty(filter, fc.array(step, { minLength: 6, maxLength: 20 }), async (wanted, steps) => {
      const world = await subscriptionWorld(openTestDatabase, { components: KEYS });
      await world.subscribe({ kind: 'webhook', filter: wanted, manageToken: TOKEN });
      for (const next of steps) {
        world.clock.go(SECOND);
        await take(world, next).catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error;
        });
      }
      world.receiver.answer(200);
      world.clock.go(MINUTE);
      for (const { id, end } of await world.all(system('test'))) {
        if (end === null) await take(world, { do: 'resolve', id });
      }
      for (let turn = 0; turn < 4; turn += 1) {
        world.clock.go(4 * HOUR);
        await world.settleMessages();
      }
      assert.ok((await world.deliveries()).every(({ state }) => state === 'sent'));
      for (const [id, types] of understood(world)) {
        const story = types.map((type) => type.replace('incident.', '')).join(' ');
        assert.match(story, /^(opened( updated)* resolved|resolved)( opened( updated)* resolved)*$/, `${id}: ${story}`);
      }
    }),
    { numRuns: 25 },
  );
});
