import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { ANONYMOUS, addMs, DAY, HistoryTold, HOUR, type Instant, type Level, MINUTE } from '../../../core/index.ts';
import { type ComponentsWorld, componentsWorld, START } from './components-world.cases.ts';

const KEY = 'status-page/storage';

function day(offset: number): Instant {
  return addMs(START, offset * DAY);
}

function tell(world: ComponentsWorld, ...periods: { level: Level; from: Instant; until: Instant }[]): Promise<void> {
  return world.db.write((tx) =>
    world.journal.publish(tx, HistoryTold, { key: KEY, payload: { component: KEY, periods } }),
  );
}

async function levels(world: ComponentsWorld): Promise<string[]> {
  const window = { from: day(-40), until: world.clock.now() };
  const periods = await world.reads.periods(ANONYMOUS, KEY, window);
  return periods.map(({ level, from }) => `${level} ${from.slice(0, 13)}`);
}

describe('a history that somebody tells', () => {
  eachDatabase((open) => {
    it('stands before what was seen here, unknown where nothing is told', async () => {
      const world = await componentsWorld(open);
      await world.declare({ key: KEY });
      await world.report({ component: KEY, level: 'operational' });
      await tell(
        world,
        { level: 'operational', from: day(-30), until: day(-20) },
        { level: 'major_outage', from: day(-20), until: addMs(day(-20), 6 * HOUR) },
        { level: 'operational', from: day(-10), until: day(5) },
      );
      await world.journal.drain();
      world.clock.go(MINUTE);
      assert.deepEqual(await levels(world), [
        'unknown 2026-10-12T12',
        'operational 2026-10-22T12',
        'major_outage 2026-11-01T12',
        'unknown 2026-11-01T18',
        'operational 2026-11-11T12',
      ]);
    });

    it('is known in a window that begins in it, also where nothing changed since', async () => {
      const world = await componentsWorld(open);
      await world.declare({ key: KEY });
      await world.report({ component: KEY, level: 'operational' });
      await tell(world, { level: 'operational', from: day(-300), until: day(1) });
      await world.journal.drain();
      world.clock.go(MINUTE);
      assert.deepEqual(await levels(world), ['operational 2026-10-12T12']);
      const [row] = await world.reads.rows(ANONYMOUS, { keys: [KEY] });
      assert.equal(row?.uptime90.unknown, 0);
    });

    it('shows on the bar of 90 days at once, though it was drawn before', async () => {
      const world = await componentsWorld(open);
      await world.declare({ key: KEY });
      const [before] = await world.reads.rows(ANONYMOUS, { keys: [KEY] });
      assert.equal(before?.uptime90.down, 0);
      await tell(world, { level: 'major_outage', from: day(-3), until: day(-2) });
      await world.journal.drain();
      const [after] = await world.reads.rows(ANONYMOUS, { keys: [KEY] });
      assert.equal(after?.uptime90.down, DAY);
      assert.equal(after?.days.find(({ day: name }) => name === '2026-11-18')?.level, 'major_outage');
    });

    it('replaces what was told before, and leaves what was seen', async () => {
      const world = await componentsWorld(open);
      await world.declare({ key: KEY });
      await world.report({ component: KEY, level: 'degraded' });
      await tell(world, { level: 'major_outage', from: day(-3), until: day(-2) });
      await tell(world, { level: 'operational', from: day(-1), until: day(1) });
      await world.journal.drain();
      world.clock.go(MINUTE);
      assert.deepEqual(await levels(world), [
        'unknown 2026-10-12T12',
        'operational 2026-11-20T12',
        'degraded 2026-11-21T12',
      ]);
    });
  });
});
