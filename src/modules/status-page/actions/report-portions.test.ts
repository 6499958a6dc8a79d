import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { openTestDatabase } from '../../../../test/support/databases.ts';
import { MACHINE, reportWorld } from '../../../../test/support/report-world.ts';
import { system } from '../../../core/index.ts';
import { readIncidents } from '../store/incident-read.ts';
import { saveIncident } from '../store/incident-store.ts';
import { applyReports } from './apply-reports.ts';
import type { StatusReport } from './report-board.ts';

const NAMES = ['a', 'b', 'c'].map((name) => ({ name }));

interface Report {
  component: number;
  impact: 1 | 2 | 3;
}

const report = fc.record({
  component: fc.nat(NAMES.length - 1),
  impact: fc.constantFrom(1 as const, 2 as const, 3 as const),
});
const portions = fc.array(fc.array(report, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });

it('reports that are applied together lead to what they lead to one after the other', async () => {
  const world = await reportWorld(openTestDatabase);
  const keys = await world.catalog(...NAMES);
  let before = 0;

  /** Which incidents there are after these portions, numbered from 1: who is in them, and what their stories say. */
  const after = async (all: readonly (readonly Report[])[]) => {
    const ids = new Set<number>();
    for (const portion of all) {
      const reports = portion.map(
        ({ component, impact }): StatusReport => ({
          ...{ component: keys[component] ?? '', impact, title: 'Trouble', summary: null, actor: MACHINE },
          asSignal: true,
        }),
      );
      const outcomes = await world.db.write((tx) => applyReports(tx, world.context, reports));
      for (const { incident } of outcomes) ids.add(incident.id);
    }
    const { incidents } = await readIncidents(world.db, system('test'), null, { ids: [...ids], order: 'id' });
    const led = incidents.map(({ id, impact, status, end, components, updates }) => ({
      ...{ id: id - before, impact, status, isOpen: end === null, components: components.toSorted() },
      story: updates.map(({ fact }) =>
        fact && 'incident' in fact ? { ...fact, incident: fact.incident - before } : fact,
      ),
    }));
    const end = world.clock.now();
    await world.db.write(async (tx) => {
      for (const one of incidents) {
        if (one.end === null) assert.ok(await saveIncident(tx, { ...one, status: 'resolved', end }));
      }
    });
    before = Math.max(...ids);
    return led;
  };

  await fc.assert(
    fc.asyncProperty(portions, async (all) => {
      assert.deepEqual(await after(all), await after(all.flat().map((one) => [one])));
    }),
    { numRuns: 150 },
  );
  await world.db.close();
});
