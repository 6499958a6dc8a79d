import assert from 'node:assert/strict';
import { it } from 'node:test';
import { DAY } from '../../src/core/index.ts';
import { GitlabWorld } from '../gitlab/world.ts';
import { DEVICE_GROUPS, DEVICES, demoHistory, deviceStates, seedDemoWorld } from './index.ts';

const NOW = '2025-11-20T09:30:00.000Z';
const STATES = ['RUNNING', 'RUNNING | INFO', 'LIMITED', 'DOWN'];

function seeded(seed?: number) {
  const world = new GitlabWorld({ now: () => NOW }, 'http://gitlab.test');
  return { world, ...seedDemoWorld(world, { ...(seed !== undefined && { seed }) }) };
}

it('has 22 devices in four groups whose colours give the order', () => {
  const { world, project } = seeded();
  assert.equal(DEVICES.length, 22);
  const colors = DEVICE_GROUPS.map(({ color }) => color);
  assert.deepEqual([...colors].sort(), colors);
  const labels = world.labelsOf(project).map(({ title }) => title);
  for (const device of DEVICES) assert.ok(labels.includes(`D:${device}`), device);
  for (const title of ['CRITICAL', 'Information', 'Logbook']) assert.ok(labels.includes(title), title);
});

it('starts with a device in each state, one confidential issue and a logbook that counts for nothing', () => {
  const { world, project } = seeded();
  const open = world.issuesOf(project).filter(({ state }) => state === 'opened');
  const states = deviceStates(open);
  for (const state of STATES) assert.ok([...states.values()].includes(state as never), state);
  assert.equal(states.get('Krios 1'), 'RUNNING');
  assert.equal(states.get('Versa FIB-SEM'), 'RUNNING | INFO');
  assert.equal(open.filter(({ confidential }) => confidential).length, 1);
});

it('numbers issues in the order of their opening and tells nobody of the past', () => {
  const { world, project } = seeded();
  const issues = world.issuesOf(project);
  assert.ok(issues.length > 100, `${issues.length} issues make lists of more than one page`);
  assert.deepEqual(
    issues.map(({ iid }) => iid),
    issues.map((_issue, index) => index + 1),
  );
  const times = issues.map(({ createdAt }) => createdAt);
  assert.deepEqual([...times].sort(), times);
  assert.ok(issues.every(({ updatedAt }) => updatedAt <= NOW));
});

for (const seed of [1, 2, 77]) {
  it(`tells a past that agrees with the closed issues, never in two states at once (seed ${seed})`, () => {
    const { world, project } = seeded(seed);
    const { states, outages } = demoHistory(NOW, seed);
    const closed = world.issuesOf(project).filter(({ state }) => state === 'closed');
    assert.deepEqual(
      [...new Set(states.map(({ iid }) => iid))].sort((a, b) => a - b),
      closed.map(({ iid }) => iid),
    );
    for (const issue of closed) {
      const own = states.filter(({ iid }) => iid === issue.iid);
      assert.equal(own[0]?.from, issue.createdAt);
      assert.equal(own.at(-1)?.until, issue.closedAt);
      assert.ok(issue.labels.some(({ title }) => title === `D:${own[0]?.device}`));
      assert.equal(
        own.at(-1)?.state === 'DOWN',
        issue.labels.some(({ title }) => title === 'CRITICAL'),
      );
      assert.ok(own.every(({ title, from, until }) => title === issue.title && from < until && until < NOW));
    }
    const oldest = new Date(Date.parse(NOW) - 90 * DAY).toISOString();
    for (const device of DEVICES) {
      const own = states.filter((state) => state.device === device);
      assert.ok(own.length > 0, device);
      assert.ok(
        own.every(({ from }, index) => from >= (own[index - 1]?.until ?? oldest)),
        device,
      );
    }
    assert.equal(outages.length, 2);
    assert.ok(outages.every(({ from, until }) => oldest < from && from < until && until < NOW));
  });
}

it('ends the past of a device before what is open on it now', () => {
  const { world, project } = seeded();
  const { states } = demoHistory(NOW);
  for (const issue of world
    .issuesOf(project)
    .filter(({ state, labels }) => state === 'opened' && !labels.some(({ title }) => title === 'Logbook'))) {
    for (const { title } of issue.labels.filter((label) => label.title.startsWith('D:'))) {
      const own = states.filter(({ device }) => `D:${device}` === title);
      assert.ok(
        own.every(({ until }) => until < issue.createdAt),
        title,
      );
    }
  }
});

it('is the same for the same moment and seed, and another for another seed', () => {
  assert.deepEqual(demoHistory(NOW, 5), demoHistory(NOW, 5));
  assert.notDeepEqual(demoHistory(NOW, 5).states, demoHistory(NOW, 6).states);
});
