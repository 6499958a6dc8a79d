import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { ANONYMOUS, addMs, MINUTE, SECOND, system } from '../../../core/index.ts';
import { componentsWorld, START } from './components-world.cases.ts';
import { expireSignals } from './expire-signals.ts';
import { renewEvidence } from './renew-evidence.ts';
import { withdrawComponent } from './withdraw-component.ts';
import { withdrawSignals } from './withdraw-signals.ts';

const LASER = 'machines/laser';

eachDatabase((open, engine) => {
  const world = (config?: unknown) => componentsWorld(open, config);

  it('turns a signal into a status and tells the others', async () => {
    const { declare, report, reads, told } = await world();
    await declare({ key: LASER, name: 'Laser' });
    assert.equal((await reads.row(ANONYMOUS, LASER))?.status.why.rule, 'no_signal');
    const [recorded] = await report({
      component: LASER,
      level: 'major_outage',
      state: 'DOWN',
      summary: 'tube is broken',
    });
    assert.deepEqual(recorded, { outcome: 'recorded', changed: true });
    const row = await reads.row(ANONYMOUS, LASER);
    assert.equal(row?.status.level, 'major_outage');
    assert.equal(row.status.state, 'DOWN');
    assert.equal(row.since, START);
    assert.equal(row.evidenceAt, START);
    assert.equal(row.status.why.signals[0]?.summary, 'tube is broken');
    assert.deepEqual(await told(), [`${LASER} unknown → major_outage since 12:00:00`]);
  });

  it('takes the same observation once, and never an older one', async () => {
    const { declare, report, told } = await world();
    await declare({ key: LASER });
    const outcomes = async (level: 'degraded' | 'operational', seconds: number) =>
      (await report({ component: LASER, level, observedAt: addMs(START, seconds * SECOND) })).map(
        ({ outcome }) => outcome,
      );
    assert.deepEqual(await outcomes('degraded', -10), ['recorded']);
    assert.deepEqual(await outcomes('operational', -10), ['duplicate']);
    assert.deepEqual(await outcomes('operational', -20), ['outdated']);
    assert.deepEqual(await outcomes('operational', -5), ['recorded']);
    assert.deepEqual(await told(), [
      `${LASER} unknown → degraded since 11:59:50`,
      `${LASER} degraded → operational since 11:59:55`,
    ]);
  });

  it('answers unknown for a component that nobody declared', async () => {
    const { report, declare } = await world();
    await declare({ key: LASER });
    const answers = await report(
      { component: 'machines/none', level: 'degraded' },
      { component: LASER, level: 'notice' },
    );
    assert.deepEqual(
      answers.map(({ outcome }) => outcome),
      ['unknown_component', 'recorded'],
    );
  });

  it('becomes unknown at the moment the evidence ends, however late anybody looks', async () => {
    const { declare, report, reads, told, clock, context } = await world();
    await declare({ key: LASER });
    await report({ component: LASER, level: 'operational' });
    clock.go(40 * MINUTE);
    const row = await reads.row(ANONYMOUS, LASER);
    assert.equal(row?.status.level, 'unknown', 'before the job ran');
    assert.equal(row.since, addMs(START, 15 * MINUTE));
    assert.deepEqual(row.status.lastKnown, { level: 'operational', state: null, observedAt: START });
    assert.equal(await expireSignals(context), 1);
    assert.equal(await expireSignals(context), 0);
    assert.deepEqual((await told()).slice(1), [`${LASER} operational → unknown since 12:15:00`]);
    assert.deepEqual(await reads.row(ANONYMOUS, LASER), row);
  });

  it('keeps the gap when the next signal comes before anybody looked', async () => {
    const { declare, report, told, clock } = await world();
    await declare({ key: LASER });
    await report({ component: LASER, level: 'operational' });
    clock.go(40 * MINUTE);
    await report({ component: LASER, level: 'operational' });
    assert.deepEqual(await told(), [
      `${LASER} unknown → operational since 12:00:00`,
      `${LASER} operational → unknown since 12:15:00`,
      `${LASER} unknown → operational since 12:40:00`,
    ]);
  });

  it('renews all signals of a source with one row, and only that source', async () => {
    const { declare, report, reads, clock, context, db, told } = await world();
    for (const name of ['a', 'b', 'c']) await declare({ key: `lab/${name}` });
    await report(
      { component: 'lab/a', level: 'operational', source: 'facility/lab/1' },
      { component: 'lab/b', level: 'notice', source: 'facility/lab/1' },
      { component: 'lab/c', level: 'operational', source: 'facility/lab/11' },
    );
    clock.go(10 * MINUTE);
    const before = (await told()).length;
    const renew = () =>
      db.write((tx) =>
        renewEvidence(tx, context, {
          source: 'facility/lab/1',
          observedAt: clock.now(),
          expiresAt: addMs(clock.now(), 15 * MINUTE),
        }),
      );
    await renew();
    clock.go(10 * MINUTE);
    await expireSignals(context);
    const rows = await reads.rows(ANONYMOUS);
    assert.deepEqual(
      rows.map(({ key, status }) => [key, status.level]),
      [
        ['lab/a', 'operational'],
        ['lab/b', 'notice'],
        ['lab/c', 'unknown'],
      ],
    );
    assert.equal(rows[0]?.evidenceAt, addMs(START, 10 * MINUTE));
    clock.go(10 * MINUTE);
    await renew();
    await renew();
    assert.deepEqual((await told()).slice(before).sort(), [
      'lab/a operational → unknown since 12:25:00',
      'lab/a unknown → operational since 12:30:00',
      'lab/b notice → unknown since 12:25:00',
      'lab/b unknown → notice since 12:30:00',
      'lab/c operational → unknown since 12:15:00',
    ]);
  });

  it('waits for "2 of the last 3" and fills the window in once it is sure', async () => {
    const confirmation = [{ components: 'machines/*', worse: { observations: 2, of: 3 } }];
    const { declare, report, told, clock } = await world({ confirmation });
    await declare({ key: LASER });
    for (const level of ['operational', 'major_outage', 'operational', 'major_outage'] as const) {
      await report({ component: LASER, level });
      clock.go(MINUTE);
    }
    assert.deepEqual(await told(), [
      `${LASER} unknown → operational since 12:00:00`,
      `${LASER} operational → major_outage since 12:01:00`,
    ]);
  });

  it('confirms by time alone what "for at least" asks for', async () => {
    const { declare, report, told, clock, context, reads } = await world({
      confirmation: [{ worse: { lasting: '5m' } }],
    });
    await declare({ key: LASER });
    await report({ component: LASER, level: 'operational' });
    clock.go(MINUTE);
    await report({ component: LASER, level: 'partial_outage', summary: 'slow' });
    clock.go(4 * MINUTE);
    await expireSignals(context);
    assert.equal((await reads.row(ANONYMOUS, LASER))?.status.level, 'operational');
    clock.go(3 * MINUTE);
    await expireSignals(context);
    const row = await reads.row(ANONYMOUS, LASER);
    assert.deepEqual(
      [row?.status.level, row?.since, row?.status.why.signals[0]?.summary],
      ['partial_outage', addMs(START, MINUTE), 'slow'],
    );
    assert.deepEqual((await told()).slice(1), [`${LASER} operational → partial_outage since 12:01:00`]);
  });

  it('begins and ends a maintenance in time and never hides an outage behind it', async () => {
    const { declare, report, reads, clock, context } = await world();
    await declare({ key: LASER });
    const forever = { expiresAt: undefined };
    await report(
      { component: LASER, level: 'operational', ...forever },
      {
        component: LASER,
        level: 'maintenance',
        source: 'status-page',
        name: 'maintenance/1',
        from: addMs(START, 10 * MINUTE),
        until: addMs(START, 20 * MINUTE),
        ...forever,
      },
    );
    const seen = async () => {
      await expireSignals(context);
      const row = await reads.row(ANONYMOUS, LASER);
      return [row?.status.level, row?.status.maintenance];
    };
    assert.deepEqual(await seen(), ['operational', false]);
    clock.go(11 * MINUTE);
    assert.deepEqual(await seen(), ['maintenance', true]);
    await report({ component: LASER, level: 'major_outage', ...forever });
    assert.deepEqual(await seen(), ['major_outage', true]);
    clock.go(11 * MINUTE);
    assert.deepEqual(await seen(), ['major_outage', false]);
  });

  it('falls back to what the others say when a signal is withdrawn', async () => {
    const { declare, report, reads, db, context, clock } = await world();
    await declare({ key: LASER });
    await report({ component: LASER, level: 'operational' }, { component: LASER, level: 'degraded', name: 'fan' });
    clock.go(MINUTE);
    const id = { component: LASER, source: 'test', name: 'fan' };
    const withdrawal = { signal: id, at: clock.now() };
    assert.deepEqual(await db.write((tx) => withdrawSignals(tx, context, [withdrawal, withdrawal])), [true, false]);
    assert.deepEqual(await db.write((tx) => withdrawSignals(tx, context, [withdrawal])), [false]);
    const row = await reads.row(ANONYMOUS, LASER);
    assert.deepEqual([row?.status.level, row?.since], ['operational', clock.now()]);
  });

  it('takes a withdrawn component from the lists and keeps its history', async () => {
    const { declare, report, reads, db, context, clock } = await world();
    await declare({ key: LASER });
    await report({ component: LASER, level: 'operational' });
    clock.go(MINUTE);
    await db.write((tx) => withdrawComponent(tx, context, { key: LASER }));
    assert.deepEqual(await reads.rows(ANONYMOUS), []);
    assert.deepEqual((await report({ component: LASER, level: 'operational' }))[0]?.outcome, 'unknown_component');
    clock.go(MINUTE);
    await declare({ key: LASER });
    const transitions = await reads.transitions(ANONYMOUS, { key: LASER, from: '', until: '9', limit: 10 });
    assert.deepEqual(
      transitions.map(({ from, to }) => `${from} ${to}`),
      ['operational unknown', 'unknown operational'],
    );
  });

  it('makes a component degraded while one it depends on is out', async () => {
    const { declare, report, reads, journal, clock } = await world();
    await declare({ key: 'net/core', visibility: 'members' });
    await declare({ key: LASER, dependsOn: [{ key: 'net/core', propagate: 'degraded' }] });
    await declare({ key: 'machines/saw', dependsOn: [{ key: 'net/core' }] });
    await report(
      { component: 'net/core', level: 'operational' },
      { component: LASER, level: 'operational' },
      { component: 'machines/saw', level: 'operational' },
    );
    clock.go(MINUTE);
    await report({ component: 'net/core', level: 'major_outage' });
    await journal.drain();
    const see = async (viewer = system('test')) =>
      (await reads.rows(viewer, { area: 'machines' })).map(({ key, status }) => [
        key,
        status.level,
        status.why.rule,
        status.causedBy,
      ]);
    assert.deepEqual(await see(), [
      [LASER, 'degraded', 'dependency', ['net/core']],
      ['machines/saw', 'operational', 'live_signal', ['net/core']],
    ]);
    const names = (await reads.rows(ANONYMOUS)).flatMap(({ status }) => status.causedBy);
    assert.deepEqual(names, [], 'a members-only cause is not named to everybody');
    clock.go(MINUTE);
    await report({ component: 'net/core', level: 'operational' });
    await journal.drain();
    assert.deepEqual(
      (await see()).map(([, level]) => level),
      ['operational', 'operational'],
    );
  });

  it('takes a clock that is ahead for no newer than now', async () => {
    const { declare, report, reads, clock } = await world();
    await declare({ key: LASER });
    await report({ component: LASER, level: 'major_outage', observedAt: addMs(START, 120 * MINUTE) });
    assert.equal((await reads.row(ANONYMOUS, LASER))?.since, START);
    clock.go(MINUTE);
    assert.equal((await report({ component: LASER, level: 'operational' }))[0]?.outcome, 'recorded');
    assert.equal((await reads.row(ANONYMOUS, LASER))?.status.level, 'operational');
  });

  it('survives a clock that jumps an hour ahead and back', async () => {
    const { declare, report, reads, clock, context } = await world();
    await declare({ key: LASER });
    await report({ component: LASER, level: 'operational' });
    clock.go(60 * MINUTE);
    await expireSignals(context);
    assert.equal((await reads.row(ANONYMOUS, LASER))?.status.level, 'unknown');
    clock.go(-59 * MINUTE);
    await report({ component: LASER, level: 'operational' });
    const row = await reads.row(ANONYMOUS, LASER);
    assert.equal(row?.status.level, 'operational');
    assert.ok(row.since <= clock.now(), 'nothing lasts since a time to come');
    clock.go(20 * MINUTE);
    await expireSignals(context);
    assert.equal((await reads.row(ANONYMOUS, LASER))?.status.level, 'unknown');
  });

  it('believes what is reported after the clock was set back', async () => {
    const { declare, report, reads, clock } = await world();
    await declare({ key: LASER });
    clock.go(60 * MINUTE);
    await report({ component: LASER, level: 'operational' });
    clock.go(-59 * MINUTE);
    const [answer] = await report({ component: LASER, level: 'major_outage' });
    assert.equal(answer?.outcome, 'recorded');
    assert.equal((await reads.row(ANONYMOUS, LASER))?.status.level, 'major_outage');
  });

  it('gives exactly the right transitions to 200 concurrent reports', async () => {
    const { declare, report, reads, told } = await world();
    const keys = Array.from({ length: 10 }, (_, index) => `net/edge-${index}`);
    for (const key of keys) await declare({ key });
    const levels = ['operational', 'degraded'] as const;
    const reports = Array.from({ length: 200 }, (_, index) => ({
      component: keys[index % 10] as string,
      level: levels[Math.floor(index / 10) % 2] as 'operational' | 'degraded',
      observedAt: addMs(START, -200 * SECOND + index * SECOND),
    }));
    const shuffled = reports
      .map((one, index) => ({ one, place: (index * 7919) % 200 }))
      .sort((a, b) => a.place - b.place);
    // Twice each, some in batches that share components with others, all at once.
    const answers = await Promise.all([
      ...shuffled.map(({ one }) => report(one)),
      ...Array.from({ length: 10 }, (_, batch) =>
        report(...shuffled.slice(batch * 20, batch * 20 + 20).map(({ one }) => one)),
      ),
    ]);
    const outcomes = answers.flat().map(({ outcome }) => outcome);
    assert.ok(outcomes.every((outcome) => ['recorded', 'duplicate', 'outdated'].includes(outcome)));
    for (const key of keys) {
      const mine = (await told()).filter((line) => line.startsWith(`${key} `));
      const transitions = await reads.transitions(ANONYMOUS, { key, from: '', until: '9', limit: 1000 });
      assert.equal(mine.length, transitions.length);
      transitions.reverse().forEach((transition, index) => {
        assert.equal(transition.seq, index + 1);
        assert.equal(transition.from, transitions[index - 1]?.to ?? 'unknown');
        assert.notEqual(transition.from, transition.to);
        assert.ok(transition.since >= (transitions[index - 1]?.since ?? ''));
      });
      assert.equal(transitions.at(-1)?.to, 'degraded', 'the newest observation is what counts');
    }
    assert.ok(engine === 'sqlite' || engine === 'postgres');
  });
});
