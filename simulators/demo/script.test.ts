import assert from 'node:assert/strict';
import { it } from 'node:test';
import { toInstant } from '../../src/core/index.ts';
import { GitlabWorld } from '../gitlab/world.ts';
import { demoScript, deviceStates, LOOP_MS, runDemoScript, seedDemoWorld, type Timers } from './index.ts';

const STATES = ['RUNNING', 'RUNNING | INFO', 'LIMITED', 'DOWN'];

/** A world whose time passes only when the next timer is fired. */
function stage(seed = 1) {
  let now = Date.parse('2025-11-20T09:30:00.000Z');
  const startedAt = now;
  let next: { callback: () => void; due: number } | null = null;
  const timers: Timers = {
    setTimeout: (callback, milliseconds) => (next = { callback, due: now + milliseconds }),
    clearTimeout: () => (next = null),
  };
  const world = new GitlabWorld({ now: () => toInstant(now) }, 'http://gitlab.test');
  const demo = seedDemoWorld(world);
  const script = demoScript(seed);
  const running = runDemoScript(world, demo, script, timers);
  return {
    world,
    demo,
    script,
    stop: () => running.stop(),
    idle: () => next === null,
    elapsed: () => now - startedAt,
    states: () => deviceStates(world.issuesOf(demo.project)),
    step() {
      assert.ok(next, 'nothing is planned');
      const { callback, due } = next;
      now = due;
      callback();
    },
  };
}

for (const seed of [1, 2, 3, 40, 500]) {
  it(`does something every 20 to 40 s for exactly 30 minutes (seed ${seed})`, () => {
    const times = demoScript(seed).map(({ atMs }) => atMs);
    const gaps = times.map((atMs, index) => atMs - (times[index - 1] ?? 0));
    assert.ok(
      gaps.every((gap) => gap >= 20_000 && gap <= 40_000),
      gaps.join(' '),
    );
    assert.equal(times.at(-1), LOOP_MS);
  });

  it(`keeps a device in each state all the time and ends where it began (seed ${seed})`, () => {
    const play = stage(seed);
    const begun = play.states();
    const openAtFirst = play.world.issues.filter(({ state }) => state === 'opened').map(({ iid }) => iid);
    for (let loop = 1; loop <= 2; loop++) {
      let changes = 0;
      let last = JSON.stringify([...play.states()]);
      for (const { atMs } of play.script) {
        play.step();
        const states = [...play.states().values()];
        for (const state of STATES) assert.ok(states.includes(state as never), `${state} at ${atMs} ms`);
        const now = JSON.stringify([...play.states()]);
        if (now !== last) changes += 1;
        last = now;
      }
      assert.equal(play.elapsed(), loop * LOOP_MS);
      assert.ok(changes >= 25, `${changes} lights changed`);
      assert.deepEqual(play.states(), begun);
      assert.deepEqual(
        play.world.issues.filter(({ state }) => state === 'opened').map(({ iid }) => iid),
        openAtFirst,
      );
    }
  });
}

it('shows every kind of happening, also a confidential issue', () => {
  const kinds = new Set(demoScript().map(({ happening }) => happening.does));
  assert.deepEqual([...kinds].sort(), ['close', 'comment', 'confidential', 'label', 'open']);
  assert.ok(demoScript().some(({ happening }) => happening.does === 'open' && happening.confidential));
});

it('leaves alone what a visitor closed, and puts the standing issues right at the end of a loop', () => {
  const play = stage();
  play.step();
  const first = play.world.issues.at(-1);
  assert.ok(first);
  play.world.closeIssue(first);
  const [standing] = play.demo.standing.filter(({ labels }) => labels.includes('CRITICAL'));
  assert.ok(standing);
  play.world.closeIssue(standing.issue);
  for (let step = 1; step < play.script.length; step++) play.step();
  assert.equal(first.state, 'closed');
  assert.equal(standing.issue.state, 'opened');
  assert.equal(play.states().get('Glacios'), 'DOWN');
});

it('stops when told to', () => {
  const play = stage();
  play.step();
  play.stop();
  assert.equal(play.idle(), true);
});
