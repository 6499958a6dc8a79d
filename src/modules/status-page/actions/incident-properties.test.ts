import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { openTestDatabase } from '../../../../test/support/databases.ts';
import { OPERATOR, type StatusPageWorld, statusPageWorld } from '../../../../test/support/status-page-world.ts';
import { AppError, addMs, MINUTE, system, toMs } from '../../../core/index.ts';
import { levelOfImpact } from '../domain/incident.ts';
import { membersOf } from '../store/incident-store.ts';
import { addComponents } from './add-components.ts';
import { backDate } from './back-date.ts';
import { mergeIncidents } from './merge-incidents.ts';
import { moveComponents } from './move-components.ts';
import { openIncident } from './open-incident.ts';
import { postUpdate } from './post-update.ts';
import { removeComponent } from './remove-component.ts';

const KEYS = ['a', 'b', 'c', 'd'].map((name) => `status-page/${name}`);

const components = fc.subarray(KEYS, { minLength: 1 });
const number = fc.integer({ min: 1, max: 6 });
const impact = fc.integer({ min: 1, max: 3 });
const ago = fc.integer({ min: 0, max: 30 });

const step = fc.oneof(
  fc.record({ do: fc.constant('open' as const), components, impact, ago }),
  fc.record({ do: fc.constant('resolve' as const), id: number }),
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
  fc.record({ do: fc.constant('backDate' as const), id: number, ago }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function take({ context, clock }: StatusPageWorld, next: Step): Promise<unknown> {
  const before = (minutes: number) => addMs(clock.now(), -minutes * MINUTE);
  const post = (id: number, more: object) => postUpdate(context, OPERATOR, id, { text: 'News.', ...more });
  switch (next.do) {
    case 'open': {
      const { components: keys, impact: worth, ago: minutes } = next;
      const input = { title: 'Storage is down', components: keys, impact: worth, start: before(minutes) };
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
    case 'backDate':
      return await backDate(context, OPERATOR, next.id, { start: before(next.ago) });
  }
}

async function check(world: StatusPageWorld): Promise<void> {
  const incidents = await world.all(system('test'));
  const open = incidents.filter(({ end }) => end === null);
  const held = open.flatMap((incident) => incident.components);
  assert.equal(new Set(held).size, held.length, 'a component is in two open incidents');
  for (const incident of open) assert.notEqual(incident.components.length, 0, `${incident.id} holds nothing`);
  for (const incident of incidents) assert.notEqual(incident.components.length, 0, `${incident.id} forgot its subject`);
  const members = await membersOf(
    world.db,
    incidents.map(({ id }) => id),
  );
  const pairs = Map.groupBy(members, ({ incident, component }) => `${incident} ${component}`);
  for (const [pair, times] of pairs) {
    for (const [index, { from, to }] of times.entries()) {
      const next = times[index + 1];
      if (next !== undefined) assert.ok(to !== null && to <= next.from, `${pair} overlaps`);
      if (to !== null) assert.ok(toMs(from) <= toMs(to), `${pair} ends before it begins`);
    }
  }
  await world.settle();
  for (const key of KEYS) {
    const holder = open.find((incident) => incident.components.includes(key));
    const expected = holder === undefined ? 'operational' : levelOfImpact(holder.impact);
    assert.equal((await world.reads.row(system('test'), key))?.status.level, expected, key);
  }
}

it('whatever people do: a component is in one open incident at most, no membership overlaps, an open one is never empty, and statuses follow', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
      const world = await statusPageWorld(openTestDatabase, { components: KEYS });
      for (const next of steps) {
        world.clock.go(MINUTE);
        await take(world, next).catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error;
        });
        await check(world);
      }
    }),
    { numRuns: 5 },
  );
});
