import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { readJournal } from '../../../../test/support/read-journal.ts';
import { MACHINE, reportWorld, START, story } from '../../../../test/support/report-world.ts';
import { HOUR, MINUTE, SECOND } from '../../../core/index.ts';
import { applyReports } from './apply-reports.ts';
import type { StatusReport } from './report-board.ts';
import { reportStatus } from './report-status.ts';

const A = { name: 'cmp1' };
const B = { name: 'cmp2' };
const C = { name: 'cmp3' };
const inPublic = (key: string) => ({ key, visibility: 'public' as const });

interface Said {
  id: number;
  change: string;
  version: number;
  components: string[];
  updates: number[];
}

eachDatabase((open) => {
  const start = async (config?: unknown) => {
    const world = await reportWorld(open, config);
    const [a = '', b = '', c = ''] = await world.catalog(A, B, C);
    return { world, a, b, c };
  };

  it('opens an incident for the first report, with the words of the configuration or of the report', async () => {
    const { world, a, b } = await start({ incident_title: 'Trouble' });
    assert.deepEqual(await world.report(a, 1), { kind: 'opened', incident: 1 });
    assert.deepEqual(await world.report(b, 2, ' Slow\n\u0000 uploads '), { kind: 'opened', incident: 2 });
    const [first, second] = await world.incidents();
    assert.deepEqual(
      { title: first!.title, impact: first!.impact, system: first!.system, status: first!.status, start: first!.start },
      { title: 'Trouble', impact: 1, system: true, status: 'detected', start: START },
    );
    assert.equal(second!.title, 'Slow uploads');
    assert.deepEqual([story(first!), story(second!)], [['detected'], ['detected']]);
    assert.deepEqual(
      (await world.incidents()).map(({ components }) => components),
      [[a], [b]],
    );
  });

  it('keeps the whole story of joining, moving, raising and closing', async () => {
    const { world, a, b, c } = await start();
    await world.report(a, 1);
    assert.deepEqual(await world.report(b, 1), { kind: 'joined', incident: 1 });
    world.clock.go(SECOND);
    assert.deepEqual(await world.report(c, 2), { kind: 'opened', incident: 2 });
    assert.deepEqual(await world.report(a, 2), { kind: 'moved', incident: 2 });
    world.clock.go(SECOND);
    assert.deepEqual(await world.report(b, 2), { kind: 'moved', incident: 2 });
    world.clock.go(SECOND);
    assert.deepEqual(await world.report(c, 3), { kind: 'moved', incident: 3 });
    const [first, second, third] = await world.incidents();
    assert.deepEqual(story(first!), [
      'detected',
      'component_added cmp2',
      'component_moved_to cmp1 2',
      'component_moved_to cmp2 2',
      'closed_by_system',
    ]);
    assert.deepEqual(story(second!), [
      'detected',
      'component_moved_from cmp1 1',
      'component_moved_from cmp2 1',
      'component_moved_to cmp3 3',
    ]);
    assert.deepEqual(story(third!), ['detected', 'component_moved_from cmp3 2']);
    assert.equal(first!.status, 'resolved');
    assert.equal(first!.end, '2026-11-21T12:00:02.000Z');
  });

  it('forgets no member: who moved out stays with its times, who was in when it closed stays listed (bug 11)', async () => {
    const { world, a, b, c } = await start();
    for (const component of [a, b]) await world.report(component, 1);
    world.clock.go(MINUTE);
    await world.report(c, 2);
    await world.report(a, 2);
    await world.report(b, 2);
    const [first, second] = await world.incidents();
    assert.deepEqual(first!.components, [b]);
    assert.deepEqual(first!.past, [
      { incident: 1, component: a, from: START, to: '2026-11-21T12:01:00.000Z', movedTo: 2 },
    ]);
    assert.deepEqual([...second!.components].sort(), [a, b, c]);
  });

  it('raises in place what holds nothing else, and keeps each impact with its time', async () => {
    const { world, a } = await start();
    await world.report(a, 1);
    world.clock.go(MINUTE);
    assert.deepEqual(await world.report(a, 3), { kind: 'raised', incident: 1 });
    assert.deepEqual((await world.incidents()).map(story), [['detected', 'impact_changed 1 3']]);
    assert.deepEqual(await world.rows('status_page_impact'), [
      { incident: 1, from_at: START, impact: 1 },
      { incident: 1, from_at: '2026-11-21T12:01:00.000Z', impact: 3 },
    ]);
    await world.journal.drain();
    world.clock.go(MINUTE);
    const periods = await world.reads.periods(MACHINE, a, { from: START, until: '2026-11-21T12:02:00.000Z' });
    assert.deepEqual(
      periods.map(({ from, level }) => [from.slice(14, 19), level]),
      [
        ['00:00', 'degraded'],
        ['01:00', 'major_outage'],
      ],
    );
  });

  it('leaves alone what a person has touched, and answers with it whatever its impact (bug 7)', async () => {
    const { world, a, b } = await start();
    await world.report(a, 1);
    await world.takes(1);
    for (const impact of [1, 2, 3]) assert.deepEqual(await world.report(a, impact), { kind: 'manual', incident: 1 });
    assert.deepEqual(await world.report(b, 1), { kind: 'opened', incident: 2 });
    const [first] = await world.incidents();
    assert.deepEqual([first!.impact, first!.components, story(first!)], [1, [a], ['detected']]);
  });

  it('opens nothing in a maintenance, whichever of several it is (bug 6), and stores the report all the same', async () => {
    const { world, a, b } = await start();
    const window = { start: START, end: '2026-11-21T14:00:00.000Z' };
    const [other, mine] = [await world.maintenance([b], window), await world.maintenance([a], window)];
    assert.deepEqual(await world.report(a, 3), { kind: 'maintenance', incident: mine });
    assert.equal((await world.incidents()).length, 2);
    assert.notEqual(mine, other);
    await world.journal.drain();
    const levels = await world.reads.levels({ kind: 'system', name: 'test' });
    assert.deepEqual([levels.get(a), levels.get(b)], ['major_outage', 'maintenance']);
    world.clock.go(2 * HOUR);
    assert.equal((await world.report(a, 3))!.kind, 'opened');
  });

  it('lets the report of a monitor count for report_life and no longer', async () => {
    const { world, a } = await start({ report_life: '15m' });
    await world.maintenance([a], { start: START, end: '2026-11-21T14:00:00.000Z' });
    await world.report(a, 2);
    await world.journal.drain();
    const system = { kind: 'system', name: 'test' } as const;
    world.clock.go(15 * MINUTE - 1);
    assert.equal((await world.reads.rows(system, { keys: [a] }))[0]!.status.level, 'partial_outage');
    world.clock.go(1);
    assert.equal((await world.reads.rows(system, { keys: [a] }))[0]!.status.level, 'maintenance');
  });

  it('refuses impact 0, which would be a maintenance without end (bug 2)', async () => {
    const { world, a } = await start();
    for (const impact of [0, 4, -1, 1.5]) await assert.rejects(world.report(a, impact), { code: 'invalid' });
    assert.deepEqual(await world.incidents(), []);
  });

  it('wants the scope or the role for it', async () => {
    const { world, a } = await start();
    const reader = { kind: 'token', id: 't2', name: 'reader', scopes: ['read'] } as const;
    const viewer = { kind: 'user', id: 'u2', name: 'vera', role: 'viewer' } as const;
    const report = { components: [inPublic(a)], impact: 1 };
    for (const actor of [reader, viewer]) {
      await assert.rejects(reportStatus(world.context, actor, report), { code: 'forbidden' });
    }
    const [outcome] = await reportStatus(world.context, { ...viewer, role: 'reporter' }, report);
    assert.deepEqual([outcome?.kind, outcome?.incident.createdBy], ['opened', 'user:vera']);
  });

  it('writes nothing for what is said again within seconds, and keeps the signal fresh after them', async () => {
    const { world, a } = await start({ report_repeat: '20s' });
    await world.report(a, 1);
    const events = async () => (await readJournal(world)).length;
    const before = await events();
    world.clock.go(19 * SECOND);
    for (let n = 0; n < 5; n++) assert.deepEqual(await world.report(a, 1), { kind: 'known', incident: 1 });
    assert.equal(await events(), before);
    world.clock.go(SECOND);
    assert.deepEqual(await world.report(a, 1), { kind: 'known', incident: 1 });
    assert.equal(await events(), before + 1);
    const [report] = await world.rows('status_page_report');
    assert.deepEqual(report, { component: a, impact: 1, at: '2026-11-21T12:00:20.000Z' });
  });

  it('is not kept from what changed by a repetition: a closed incident is followed by a new one', async () => {
    const { world, a } = await start();
    await world.report(a, 1);
    await world.closes(1);
    assert.deepEqual(await world.report(a, 1), { kind: 'opened', incident: 2 });
  });

  it('lets a component be well again when a person closes its incident', async () => {
    const { world, a } = await start();
    await world.report(a, 2);
    await world.journal.drain();
    const level = async () => (await world.reads.levels(MACHINE)).get(a);
    assert.equal(await level(), 'partial_outage');
    await world.closes(1);
    await world.journal.drain();
    assert.equal(await level(), 'unknown');
    assert.deepEqual(await world.rows('status_page_report'), []);
  });

  it('moves a component without making it look well in between', async () => {
    const { world, a, b } = await start();
    await world.report(a, 1);
    await world.report(b, 1);
    await world.journal.drain();
    await world.report(a, 2);
    await world.journal.drain();
    const events = await readJournal(world, ['component.status_changed']);
    const levels = events.map(({ payload }) => payload as { key: string; to: string }).filter(({ key }) => key === a);
    assert.deepEqual(
      levels.map(({ to }) => to),
      ['degraded', 'partial_outage'],
    );
  });

  it('tells who listens about each change once', async () => {
    const { world, a, b } = await start();
    await world.report(a, 1);
    await world.report(b, 1);
    await world.report(a, 2);
    const events = await readJournal(world, ['status-page.incident_changed']);
    const said = events.map(({ payload }) => payload as Said);
    assert.deepEqual(
      said.map(({ id, change, components }) => [id, change, components]),
      [
        [1, 'opened', [a]],
        [1, 'components', [b]],
        [2, 'opened', [a]],
        [1, 'components', [a]],
      ],
    );
    const updates = (await world.incidents()).flatMap((incident) => incident.updates.map(({ id }) => id));
    assert.ok(said.every((one) => one.updates.length === 1 && updates.includes(one.updates[0] ?? 0)));
  });

  it('leaves an incident of others open when a component comes into it and goes on to a worse one at once', async () => {
    const { world, a, b, c } = await start();
    await world.report(a, 1);
    await world.report(b, 1);
    const report = (impact: 1 | 2): StatusReport => ({
      ...{ component: c, impact, title: 'Trouble', summary: null, actor: MACHINE, asSignal: true },
    });
    const outcomes = await world.db.write((tx) => applyReports(tx, world.context, [report(1), report(2)]));
    assert.deepEqual(
      outcomes.map(({ kind, incident }) => [kind, incident.id]),
      [
        ['joined', 1],
        ['moved', 2],
      ],
    );
    const incidents = await world.incidents();
    assert.deepEqual(
      incidents.map(({ id, end, components }) => [id, end, components]),
      [
        [1, null, [a, b]],
        [2, null, [c]],
      ],
    );
  });

  it('tells of an incident that many come into at once in one go, with each of them and its update', async () => {
    const { world, a, b, c } = await start();
    await reportStatus(world.context, MACHINE, { components: [a, b, c].map(inPublic), impact: 2 });
    const events = await readJournal(world, ['status-page.incident_changed']);
    const said = events.map(({ payload }) => payload as Said);
    assert.deepEqual(
      said.map(({ id, change, version, components }) => [id, change, version, components]),
      [
        [1, 'opened', 2, [a]],
        [1, 'components', 2, [b, c]],
      ],
    );
    const [incident] = await world.incidents();
    assert.deepEqual(
      said.flatMap(({ updates }) => updates),
      incident?.updates.map(({ id }) => id).sort((one, other) => one - other),
    );
  });

  it('takes several components one by one, each in view of those before it', async () => {
    const { world, a, b, c } = await start();
    await world.maintenance([b], { start: START, end: null });
    const outcomes = await reportStatus(world.context, MACHINE, { components: [a, b, c].map(inPublic), impact: 2 });
    assert.deepEqual(
      outcomes.map(({ kind, incident }) => [kind, incident.id]),
      [
        ['opened', 2],
        ['maintenance', 1],
        ['joined', 2],
      ],
    );
  });
});
