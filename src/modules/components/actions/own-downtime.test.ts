import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { ANONYMOUS, addMs, DAY, HOUR, MINUTE, SECOND } from '../../../core/index.ts';
import { beat } from './beat.ts';
import { componentsWorld, START } from './components-world.cases.ts';
import { endPresence, newPresence, showPresence } from './presence.ts';
import { recordOwnDowntime } from './record-own-downtime.ts';

const LASER = 'machines/laser';

eachDatabase((open, engine) => {
  const watched = async () => {
    const world = await componentsWorld(open);
    await world.declare({ key: LASER });
    await world.report({ component: LASER, level: 'operational', expiresAt: undefined });
    await recordOwnDowntime(world.context);
    const periods = async () => {
      const window = { from: START, until: addMs(START, DAY) };
      return (await world.reads.periods(ANONYMOUS, LASER, window)).map(
        ({ from, until, level }) => `${from.slice(11, 19)}–${until?.slice(11, 19) ?? ''} ${level}`,
      );
    };
    /** The program runs and beats. */
    const awake = async (minutes: number) => {
      for (let beats = 0; beats < minutes * 2; beats++) {
        world.clock.go(30 * SECOND);
        await beat(world.context);
      }
    };
    return { ...world, periods, awake };
  };

  it('makes the time between the last heartbeat and the next start unknown', async () => {
    const { clock, context, periods, reads, awake } = await watched();
    await awake(10);
    clock.go(50 * MINUTE);
    assert.equal(await recordOwnDowntime(context), 50 * MINUTE);
    assert.equal(await recordOwnDowntime(context), 0, 'once');
    await awake(60);
    assert.deepEqual((await periods()).slice(1), ['12:10:00–13:00:00 unknown', '13:00:00– operational']);
    const [uptime] = await reads.uptimes(ANONYMOUS, LASER, [2 * HOUR]);
    assert.equal(uptime?.unknown, 50 * MINUTE);
    assert.equal(uptime.availability, 1);
    assert.equal(uptime.coverage, 1 - 50 / 120);
    const row = await reads.row(ANONYMOUS, LASER);
    assert.equal(row?.status.level, 'operational', 'the claim itself lives on');
  });

  it('counts an outage of the component during our own downtime as down', async () => {
    const { clock, context, report, reads } = await watched();
    clock.go(MINUTE);
    await report({ component: LASER, level: 'major_outage', expiresAt: undefined });
    await beat(context);
    clock.go(HOUR);
    await recordOwnDowntime(context);
    const [uptime] = await reads.uptimes(ANONYMOUS, LASER, [HOUR]);
    assert.deepEqual([uptime?.down, uptime?.unknown], [HOUR, 0]);
  });

  it('leaves no gap when the clock went back', async () => {
    const { clock, context, periods, awake } = await watched();
    await awake(30);
    clock.go(-20 * MINUTE);
    assert.equal(await recordOwnDowntime(context), 0);
    await awake(1);
    assert.deepEqual(await periods(), ['12:00:00– operational']);
    clock.go(2 * HOUR);
    assert.equal(await recordOwnDowntime(context), 2 * HOUR, 'and measures the next one from the new time');
  });

  it('counts a process that did not come to beat as not watching', async () => {
    const { clock, context, periods, awake } = await watched();
    await awake(1);
    assert.deepEqual(await periods(), ['12:00:00– operational']);
    clock.go(HOUR);
    await beat(context);
    clock.go(SECOND);
    assert.deepEqual(await periods(), [
      '12:00:00–12:01:00 operational',
      '12:01:00–13:01:00 unknown',
      '13:01:00– operational',
    ]);
  });

  if (engine === 'postgres') {
    it('records a short gap too once nobody beside us turns out to have watched', async () => {
      const { clock, context, periods } = await watched();
      clock.go(10 * SECOND);
      await showPresence(context);
      await beat(context);
      clock.go(15 * SECOND);
      // Killed, so that its last heartbeat stands there, and started again.
      const next = { ...context, presence: newPresence() };
      await recordOwnDowntime(next);
      for (let beats = 0; beats < 4; beats++) {
        clock.go(10 * SECOND);
        await showPresence(next);
        await beat(next);
      }
      const gap = ['12:00:00–12:00:10 operational', '12:00:10–12:00:25 unknown', '12:00:25– operational'];
      assert.deepEqual(await periods(), gap);
    });

    it('records a short gap at once after an end on purpose', async () => {
      const { clock, context, periods } = await watched();
      clock.go(10 * SECOND);
      await beat(context);
      await endPresence(context);
      clock.go(5 * SECOND);
      assert.equal(await recordOwnDowntime({ ...context, presence: newPresence() }), 5 * SECOND);
      clock.go(SECOND);
      assert.equal((await periods())[1], '12:00:10–12:00:15 unknown');
    });

    it('records none while another process is watching', async () => {
      const { clock, context, periods } = await watched();
      const next = { ...context, presence: newPresence() };
      clock.go(5 * SECOND);
      await recordOwnDowntime(next);
      for (let beats = 0; beats < 6; beats++) {
        clock.go(10 * SECOND);
        for (const process of [context, next]) {
          await showPresence(process);
          await beat(process);
        }
      }
      assert.deepEqual(await periods(), ['12:00:00– operational']);
    });
  }

  it('tells the stretches of a history with what was said, and of our own downtime nothing', async () => {
    const { clock, context, report, reads, awake } = await watched();
    await awake(10);
    await report({ component: LASER, level: 'degraded', summary: 'cooling is slow', expiresAt: undefined });
    await awake(10);
    clock.go(10 * MINUTE);
    await recordOwnDowntime(context);
    await awake(10);
    const window = { from: addMs(START, 15 * MINUTE), until: clock.now() };
    const stretches = await reads.stretches(ANONYMOUS, LASER, window);
    assert.deepEqual(
      stretches.map(({ from, level, summary }) => [from.slice(11, 16), level, summary]),
      [
        ['12:30', 'degraded', 'cooling is slow'],
        ['12:20', 'unknown', null],
        ['12:10', 'degraded', 'cooling is slow'],
      ],
    );
  });
});
