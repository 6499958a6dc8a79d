import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../test/support/databases.ts';
import {
  ANONYMOUS,
  addMs,
  ComponentDeclared,
  ComponentWithdrawn,
  EvidenceRenewed,
  MINUTE,
  type Signal,
  SignalReported,
  SignalWithdrawn,
} from '../../core/index.ts';
import { componentsWorld, START } from './actions/components-world.cases.ts';

const KRIOS = 'facility/krios1';
const SOURCE = 'facility/lab/1';

eachDatabase((open) => {
  it('turns what an area says into a status, once, however often it is delivered', async () => {
    const { db, journal, reads, told, clock } = await componentsWorld(open);
    const declaration = { key: KRIOS, name: 'Krios 1', kind: 'device', visibility: 'public' as const };
    const signal: Signal = {
      component: KRIOS,
      source: SOURCE,
      name: 'issues',
      level: 'major_outage',
      state: 'DOWN',
      observedAt: START,
      expiresAt: addMs(START, 15 * MINUTE),
    };
    await db.write(async (tx) => {
      await journal.publish(tx, ComponentDeclared, { key: KRIOS, payload: declaration });
      await journal.publish(tx, SignalReported, { key: KRIOS, payload: signal });
      await journal.publish(tx, SignalReported, { key: KRIOS, payload: signal });
    });
    await journal.drain();
    assert.deepEqual(await told(), [`${KRIOS} unknown → major_outage since 12:00:00`]);
    assert.equal((await reads.row(ANONYMOUS, KRIOS))?.status.state, 'DOWN');

    clock.go(10 * MINUTE);
    const renewal = { source: SOURCE, observedAt: clock.now(), expiresAt: addMs(clock.now(), 15 * MINUTE) };
    await db.write((tx) => journal.publish(tx, EvidenceRenewed, { key: SOURCE, payload: renewal }));
    await journal.drain();
    clock.go(10 * MINUTE);
    assert.equal((await reads.row(ANONYMOUS, KRIOS))?.status.level, 'major_outage');

    const withdrawal = { component: KRIOS, source: SOURCE, name: 'issues' };
    await db.write((tx) => journal.publish(tx, SignalWithdrawn, { key: KRIOS, payload: withdrawal }));
    await journal.drain();
    assert.equal((await reads.row(ANONYMOUS, KRIOS))?.status.why.rule, 'no_signal');
    await db.write((tx) => journal.publish(tx, ComponentWithdrawn, { key: KRIOS, payload: { key: KRIOS } }));
    await journal.drain();
    assert.deepEqual(await reads.rows(ANONYMOUS), []);
    assert.deepEqual(await journal.deadLetters(db), []);
  });

  it('takes the later of two reports of the same moment, as they come in order', async () => {
    const { db, journal, reads, declare } = await componentsWorld(open);
    await declare({ key: KRIOS });
    const at = { component: KRIOS, source: SOURCE, name: 'issues', observedAt: START };
    await db.write(async (tx) => {
      await journal.publish(tx, SignalReported, { key: KRIOS, payload: { ...at, level: 'degraded' } });
      await journal.publish(tx, SignalReported, { key: KRIOS, payload: { ...at, level: 'operational' } });
    });
    await journal.drain();
    assert.equal((await reads.row(ANONYMOUS, KRIOS))?.status.level, 'operational');
  });
});
