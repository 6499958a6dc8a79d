import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { readJournal } from '../../../../test/support/read-journal.ts';
import { PERSON, reportWorld, START, story } from '../../../../test/support/report-world.ts';
import { type Actor, addMs, HOUR, MINUTE } from '../../../core/index.ts';
import { autoClose } from './auto-close.ts';
import { removeComponent } from './remove-component.ts';
import { retireComponent } from './retire-component.ts';

const ADMIN: Actor = { kind: 'user', id: '9', name: 'ada', role: 'admin' };

eachDatabase((open) => {
  const start = async (config?: unknown) => {
    const world = await reportWorld(open, config);
    const [a = '', b = '', hidden = ''] = await world.catalog(
      { name: 'a' },
      { name: 'b' },
      { name: 'hidden', visibility: 'members' },
    );
    return { world, a, b, hidden };
  };

  it('opens an incident for a signal at degraded or worse, in its words', async () => {
    const { world, a } = await start();
    await world.signal(a, 'notice', { summary: 'A little slow' });
    assert.deepEqual(await world.incidents(), []);
    world.clock.go(MINUTE);
    await world.signal(a, 'partial_outage', { summary: 'Uploads\nfail' });
    const [incident] = await world.incidents();
    const { title, impact, system, components } = incident!;
    assert.deepEqual(
      { title, impact, system, components },
      { title: 'Uploads fail', impact: 2, system: true, components: [a] },
    );
    assert.deepEqual(story(incident!), ['detected']);
  });

  it('worsens it and lets others join, and never says more of its own doing (no loop)', async () => {
    const { world, a, b } = await start();
    await world.signal(a, 'degraded');
    world.clock.go(MINUTE);
    await world.signal(b, 'degraded');
    world.clock.go(MINUTE);
    await world.signal(a, 'major_outage');
    world.clock.go(MINUTE);
    for (let n = 0; n < 3; n++) await world.journal.drain();
    assert.deepEqual((await world.incidents()).map(story), [
      ['detected', 'component_added b', 'component_moved_to a 2'],
      ['detected', 'component_moved_from a 1'],
    ]);
    const events = await readJournal(world, ['status-page.incident_changed']);
    assert.equal(events.length, 4);
  });

  it('counts one trouble once, however often it is said', async () => {
    const { world, a } = await start();
    for (let n = 0; n < 4; n++) {
      await world.signal(a, 'degraded', { summary: `Slow, attempt ${n}` });
      world.clock.go(MINUTE);
    }
    assert.deepEqual((await world.incidents()).map(story), [['detected']]);
  });

  it('notes each recovery once and closes nothing', async () => {
    const { world, a } = await start();
    await world.signal(a, 'degraded');
    for (const level of ['operational', 'operational', 'degraded', 'notice', 'operational'] as const) {
      world.clock.go(MINUTE);
      await world.signal(a, level);
    }
    const [incident] = await world.incidents();
    assert.deepEqual(story(incident!), ['detected', 'recovery_seen a', 'recovery_seen a']);
    assert.equal(incident!.end, null);
    assert.deepEqual(incident!.components, [a]);
  });

  it('sees no recovery while another machine says otherwise, or has only fallen silent', async () => {
    const { world, a } = await start();
    const silent = { source: 'api/other', expiresAt: '2026-11-21T12:10:00.000Z' };
    await world.signal(a, 'degraded', silent);
    await world.signal(a, 'degraded');
    world.clock.go(MINUTE);
    await world.signal(a, 'operational');
    assert.deepEqual((await world.incidents()).map(story), [['detected']]);
    world.clock.go(HOUR);
    await world.signal(a, 'notice');
    assert.deepEqual((await world.incidents()).map(story), [['detected']]);
    await world.signal(a, 'operational', { ...silent, observedAt: world.clock.now(), expiresAt: undefined });
    assert.deepEqual((await world.incidents()).map(story), [['detected', 'recovery_seen a']]);
  });

  it('sees no recovery in a component that leaves the catalogue while it is broken', async () => {
    const { world, a, b } = await start();
    await world.signal(a, 'degraded');
    await world.signal(b, 'degraded');
    world.clock.go(MINUTE);
    await retireComponent(world.context, ADMIN, { key: a, retired: true });
    for (let n = 0; n < 3; n++) await world.journal.drain();
    const told = (await world.incidents()).flatMap(story);
    assert.deepEqual(told, ['detected', 'component_added b']);
    await world.signal(b, 'operational');
    assert.ok((await world.incidents()).flatMap(story).includes('recovery_seen b'));
  });

  it('leaves alone what a person holds, and opens nothing again that a person has closed', async () => {
    const { world, a } = await start();
    await world.signal(a, 'degraded');
    await world.takes(1);
    world.clock.go(MINUTE);
    await world.signal(a, 'major_outage');
    await world.signal(a, 'operational', { observedAt: '2026-11-21T12:01:01.000Z' });
    assert.deepEqual((await world.incidents()).map(story), [['detected']]);
    world.clock.go(MINUTE);
    await world.signal(a, 'degraded');
    await world.closes(1);
    await world.journal.drain();
    await world.signal(a, 'degraded', { summary: 'Still', observedAt: '2026-11-21T12:02:01.000Z' });
    assert.equal((await world.incidents()).length, 1);
    world.clock.go(MINUTE);
    await world.signal(a, 'partial_outage');
    assert.equal((await world.incidents()).length, 2, 'what gets worse is told');
  });

  it('opens anew for a monitor that comes back after it had died and a person closed its incident', async () => {
    const { world, a } = await start();
    await world.signal(a, 'degraded', { expiresAt: addMs(START, 10 * MINUTE) });
    world.clock.go(HOUR);
    await world.settle();
    await world.closes(1);
    await world.journal.drain();
    world.clock.go(24 * HOUR);
    await world.signal(a, 'degraded');
    assert.deepEqual((await world.incidents()).map(story), [['detected', 'resolved: It works again.'], ['detected']]);
  });

  it('opens anew for a monitor that died after a person had closed its incident', async () => {
    const { world, a } = await start();
    await world.signal(a, 'degraded', { expiresAt: addMs(START, 10 * MINUTE) });
    await world.closes(1);
    await world.journal.drain();
    await world.signal(a, 'degraded', { observedAt: world.clock.now(), expiresAt: addMs(START, 20 * MINUTE) });
    assert.equal((await world.incidents()).length, 1, 'it has not fallen silent yet');
    world.clock.go(HOUR);
    await world.settle();
    world.clock.go(HOUR);
    await world.signal(a, 'degraded');
    assert.equal((await world.incidents()).length, 2);
  });

  it('keeps the trouble in mind while an incident holds what fell silent', async () => {
    const { world, a, b } = await start();
    await world.signal(a, 'degraded', { expiresAt: addMs(START, 10 * MINUTE) });
    world.clock.go(HOUR);
    await world.settle();
    await world.signal(b, 'degraded');
    await world.signal(a, 'degraded');
    await world.signal(a, 'operational', { observedAt: addMs(world.clock.now(), 1) });
    assert.deepEqual((await world.incidents()).map(story), [['detected', 'component_added b', 'recovery_seen a']]);
  });

  it('forgets the trouble of what fell silent and was taken out of its incident', async () => {
    const { world, a, b } = await start();
    await world.signal(a, 'degraded', { expiresAt: addMs(START, 10 * MINUTE) });
    await world.signal(b, 'degraded');
    world.clock.go(HOUR);
    await world.settle();
    await removeComponent(world.context, PERSON, 1, { component: a });
    await world.journal.drain();
    assert.deepEqual(
      (await world.rows('status_page_trouble')).map(({ component }) => component),
      [b],
    );
  });

  it('sees the recovery although the report of a monitor that never tells of one has run out', async () => {
    const { world, a } = await start();
    await world.report(a, 1);
    await world.signal(a, 'degraded');
    world.clock.go(HOUR);
    await world.settle();
    await world.signal(a, 'operational');
    assert.deepEqual((await world.incidents()).map(story), [['detected', 'recovery_seen a']]);
  });

  it('lets a monitor on /api/v1 end its trouble by silence, beside a signal that is well again', async () => {
    const { world, a } = await start({ auto_close: '10m' });
    await world.report(a, 1);
    await world.signal(a, 'degraded');
    world.clock.go(MINUTE);
    await world.signal(a, 'operational');
    assert.deepEqual((await world.incidents()).map(story), [['detected']], 'the report still counts');
    world.clock.go(HOUR);
    await world.settle();
    assert.equal(await autoClose(world.context), 0);
    world.clock.go(10 * MINUTE);
    assert.equal(await autoClose(world.context), 1);
    assert.deepEqual((await world.incidents()).map(story), [['detected', 'recovery_seen a', 'auto_closed']]);
  });

  it('waits for the end of a maintenance', async () => {
    const { world, a } = await start();
    const id = await world.maintenance([a], { start: START, end: '2026-11-21T13:00:00.000Z' });
    await world.journal.drain();
    await world.signal(a, 'major_outage');
    assert.equal((await world.incidents()).length, 1);
    world.clock.go(HOUR);
    await world.change(id, { status: 'completed' });
    await world.journal.drain();
    assert.deepEqual(
      (await world.incidents()).map(({ type }) => type),
      ['maintenance', 'incident'],
    );
  });

  it('takes no words from what is confidential or for members only', async () => {
    const { world, a, hidden } = await start({ incident_title: 'Trouble' });
    await world.signal(a, 'degraded', { summary: 'SECRET', confidential: true });
    await world.signal(hidden, 'major_outage', { summary: 'SECRET' });
    assert.deepEqual(
      (await world.incidents()).map(({ title }) => title),
      ['Trouble', 'Trouble'],
    );
  });

  it('looks only at the components that the configuration names', async () => {
    const { world, a, b } = await start({ incident_patterns: ['facility/*', '*/b'] });
    await world.signal(a, 'major_outage');
    await world.signal(b, 'major_outage');
    assert.deepEqual(
      (await world.incidents()).map(({ components }) => components),
      [[b]],
    );
  });

  it('does not follow what monitors reported by the other way, whose recovery they never tell', async () => {
    const { world, a } = await start();
    await world.report(a, 2);
    await world.journal.drain();
    world.clock.go(HOUR);
    await world.signal(a, 'operational');
    assert.deepEqual((await world.incidents()).map(story), [['detected']]);
    assert.deepEqual(await world.rows('status_page_trouble'), []);
  });
});
