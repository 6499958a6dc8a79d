import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { MACHINE, reportingOver, reportWorld } from '../../../../test/support/report-world.ts';
import { reportStatus } from './report-status.ts';

const LEVELS = [1, 2, 3];

eachDatabase((open, engine) => {
  // One process takes reports in turn; two wait for each other's lock. On SQLite there is one writer anyway.
  for (const processes of engine === 'postgres' ? [1, 2] : [1]) {
    for (const count of [20, 200]) {
      const through = processes === 1 ? '' : ` through ${processes} processes`;
      const start = async () => {
        const world = await reportWorld(open);
        const keys = await world.catalog(
          ...Array.from({ length: count }, (_, index) => ({ name: `service ${index}` })),
        );
        const others = Array.from({ length: processes - 1 }, () => reportingOver(world.db, world.clock).context);
        const contexts = [world.context, ...others];
        /** The next process takes it. */
        let taken = 0;
        const report = async (key: string, impact: number) => {
          const context = contexts[(taken += 1) % contexts.length] ?? world.context;
          const components = [{ key, visibility: 'public' as const }];
          const [outcome] = await reportStatus(context, MACHINE, { components, impact });
          return outcome;
        };
        return { world, keys, report };
      };

      it(`makes one incident of ${count} reports of one impact at the same moment${through}`, async () => {
        const { world, keys, report } = await start();
        await Promise.all(keys.map((key) => report(key, 2)));
        const incidents = await world.incidents();
        assert.equal(incidents.length, 1);
        assert.deepEqual(incidents[0]?.components.toSorted(), keys.toSorted());
      });

      it(`makes one incident of one component that ${count} monitors report at the same moment${through}`, async () => {
        const { world, keys, report } = await start();
        const [key = ''] = keys;
        const outcomes = await Promise.all(keys.map(() => report(key, 1)));
        assert.equal(outcomes.filter((outcome) => outcome?.kind === 'opened').length, 1);
        assert.deepEqual(
          (await world.incidents()).map(({ components }) => components),
          [[key]],
        );
      });

      it(`makes one incident per impact of ${count} reports that differ, and loses none${through}`, async () => {
        const { world, keys, report } = await start();
        const impactOf = (index: number) => LEVELS[index % LEVELS.length] ?? 1;
        await Promise.all(keys.map((key, index) => report(key, impactOf(index))));
        const incidents = await world.incidents();
        assert.deepEqual(incidents.map(({ impact }) => impact).toSorted(), LEVELS);
        for (const { impact, components } of incidents) {
          assert.deepEqual(components.toSorted(), keys.filter((_, index) => impactOf(index) === impact).toSorted());
        }
      });
    }
  }
});
