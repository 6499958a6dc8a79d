import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { ANONYMOUS, addMs, ComponentWithdrawn, HOUR, MINUTE } from '../../../core/index.ts';
import { componentsWorld, START } from './components-world.cases.ts';

const KEY = 'status-page/storage';
const WINDOW = { from: addMs(START, -24 * HOUR), until: addMs(START, 24 * HOUR) };

describe('a component that was withdrawn and is declared again', () => {
  eachDatabase((open) => {
    async function worldAfter(payload: { key: string; forget?: true }) {
      const world = await componentsWorld(open);
      await world.declare({ key: KEY });
      await world.report({ component: KEY, level: 'degraded' });
      await world.reads.rows(ANONYMOUS, { keys: [KEY] });
      world.clock.go(HOUR);
      await world.db.write((tx) => world.journal.publish(tx, ComponentWithdrawn, { key: KEY, payload }));
      await world.journal.drain();
      assert.deepEqual(await world.reads.rows(ANONYMOUS, { keys: [KEY] }), []);
      world.clock.go(HOUR);
      await world.declare({ key: KEY });
      await world.report({ component: KEY, level: 'major_outage', observedAt: addMs(world.clock.now(), -MINUTE) });
      const [row] = await world.reads.rows(ANONYMOUS, { keys: [KEY] });
      const periods = await world.reads.periods(ANONYMOUS, KEY, { ...WINDOW, until: world.clock.now() });
      return { row, levels: periods.map(({ level, from }) => `${level} ${from.slice(11, 16)}`) };
    }

    it('goes on with its history', async () => {
      const { row, levels } = await worldAfter({ key: KEY });
      assert.equal(row?.declaredAt, START);
      assert.deepEqual(levels.slice(0, 3), ['unknown 12:00', 'degraded 12:00', 'unknown 12:15']);
    });

    it('is another one when it was to be forgotten', async () => {
      const { row, levels } = await worldAfter({ key: KEY, forget: true });
      assert.equal(row?.declaredAt, addMs(START, 2 * HOUR));
      assert.equal(row?.since, addMs(START, 2 * HOUR - MINUTE));
      assert.equal(row?.uptime90.down, MINUTE);
      assert.deepEqual(levels, ['unknown 12:00', 'major_outage 13:59']);
    });
  });
});
