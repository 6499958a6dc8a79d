import assert from 'node:assert/strict';
import { it } from 'node:test';
import { addMs, DAY } from '../../../src/core/index.ts';
import { SERVICES, serviceKey, serviceName } from './catalogue.data.ts';
import { LIFE_MAINTENANCES, LIFE_STORIES } from './life.data.ts';
import { lifeScript } from './life-script.ts';
import { PATCH_ROUND, PRESENT } from './maintenances.data.ts';
import { cloudPast, keysOf, YEAR_DAYS } from './past.ts';

const NOW = '2025-11-20T09:30:00.000Z';

for (const seed of [1, 2, 77]) {
  it(`tells a year of incidents of every impact that never overlap (seed ${seed})`, () => {
    const { incidents } = cloudPast(NOW, seed);
    assert.equal(incidents.length, 45);
    assert.deepEqual([...new Set(incidents.map(({ impact }) => impact))].sort(), [1, 2, 3]);
    let free = addMs(NOW, -YEAR_DAYS * DAY);
    for (const { start, said, turn } of incidents) {
      assert.ok(start > free, `${start} begins before ${free}`);
      assert.ok(said.length >= 2 && said.length <= 5);
      const times = said.map(({ at }) => at);
      assert.deepEqual([...times].sort(), times);
      assert.equal(said.at(-1)?.status, 'resolved');
      free = times.at(-1) ?? start;
      assert.ok(turn === null || (turn.at > start && turn.at < free));
    }
    assert.ok(free < NOW);
    assert.ok(incidents.some(({ postmortem }) => postmortem !== undefined));
  });

  it(`announces every maintenance before it begins, all of them over (seed ${seed})`, () => {
    const { maintenances } = cloudPast(NOW, seed);
    assert.ok(maintenances.length >= 10);
    for (const { announcedAt, start, end } of maintenances) {
      assert.ok(addMs(NOW, -YEAR_DAYS * DAY) < announcedAt && announcedAt < start && start < end && end < NOW, start);
    }
  });
}

it('is the same for the same moment and seed, and another for another seed', () => {
  assert.deepEqual(cloudPast(NOW, 5), cloudPast(NOW, 5));
  assert.notDeepEqual(cloudPast(NOW, 5), cloudPast(NOW, 6));
});

it('has about 24 services with names', () => {
  assert.equal(SERVICES.length, 24);
  for (const service of SERVICES) assert.ok(serviceName(service).length > 2);
});

it('lets the script touch only services that nothing standing holds', () => {
  const { outage, machine, planned, waiting, info } = PRESENT;
  const held = [
    ...[outage, planned, waiting].flatMap(({ services, region }) => keysOf(services, [region])),
    serviceKey(machine.service, machine.region),
    ...keysOf([...info.services, ...PATCH_ROUND.services], ['North', 'South']),
  ];
  const told = [...LIFE_STORIES, ...LIFE_MAINTENANCES].map(({ service, region }) => serviceKey(service, region));
  assert.deepEqual(
    told.filter((key) => held.includes(key)),
    [],
  );
  assert.equal(new Set(told).size, told.length);
});

it('ends each story of a loop within it, and repeats nothing for three loops', () => {
  const titles: string[] = [];
  for (const loop of [0, 1, 2]) {
    const steps = lifeScript(loop);
    assert.equal(steps.at(-1)?.does, 'restore');
    for (const [index, step] of steps.entries()) assert.ok(step.atMs > (steps[index - 1]?.atMs ?? 0));
    const told = steps.flatMap((step) => (step.does === 'report' ? [step.story] : []));
    for (const story of told) {
      const updates = steps.flatMap((step) => (step.does === 'update' && step.story === story ? [step.said[1]] : []));
      assert.equal(updates.at(-1), 'resolved');
    }
    titles.push(...told.map(({ title }) => title));
  }
  assert.equal(new Set(titles).size, titles.length);
});
