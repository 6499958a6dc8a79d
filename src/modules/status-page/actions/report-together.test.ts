import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { reportWorld } from '../../../../test/support/report-world.ts';

const LEVELS = [1, 2, 3];

eachDatabase((open) => {
  for (const count of [20, 200]) {
    const start = async () => {
      const world = await reportWorld(open);
      const keys = await world.catalog(...Array.from({ length: count }, (_, index) => ({ name: `service ${index}` })));
      return { world, keys };
    };

    it(`makes one incident of ${count} reports of one impact at the same moment`, async () => {
      const { world, keys } = await start();
      await Promise.all(keys.map((key) => world.report(key, 2)));
      const incidents = await world.incidents();
      assert.equal(incidents.length, 1);
      assert.deepEqual(incidents[0]?.components.toSorted(), keys.toSorted());
    });

    it(`makes one incident of one component that ${count} monitors report at the same moment`, async () => {
      const { world, keys } = await start();
      const [key = ''] = keys;
      const outcomes = await Promise.all(keys.map(() => world.report(key, 1)));
      assert.equal(outcomes.filter((outcome) => outcome?.kind === 'opened').length, 1);
      assert.deepEqual(
        (await world.incidents()).map(({ components }) => components),
        [[key]],
      );
    });

    it(`makes one incident per impact of ${count} reports that differ, and loses none`, async () => {
      const { world, keys } = await start();
      const impactOf = (index: number) => LEVELS[index % LEVELS.length] ?? 1;
      await Promise.all(keys.map((key, index) => world.report(key, impactOf(index))));
      const incidents = await world.incidents();
      assert.deepEqual(incidents.map(({ impact }) => impact).toSorted(), LEVELS);
      for (const { impact, components } of incidents) {
        assert.deepEqual(components.toSorted(), keys.filter((_, index) => impactOf(index) === impact).toSorted());
      }
    });
  }
});
