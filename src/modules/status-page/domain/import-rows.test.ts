import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { historyOf, holdingsOf } from './import-history.ts';
import type { SourceRow, SourceRows } from './import-model.ts';
import { readForeignWorld } from './import-rows.ts';
import { instantOf } from './import-values.ts';

const NOW = '2026-11-21T12:00:00.000Z';

function world(rows: Partial<SourceRows>) {
  return readForeignWorld({ components: [], attributes: [], incidents: [], relations: [], updates: [], ...rows }, NOW);
}

const STORAGE: SourceRow = { id: 1, name: 'Object Storage' };
const REG1: SourceRow = { id: 1, component_id: 1, name: 'region', value: 'Reg1' };
const TYPE: SourceRow = { id: 2, component_id: 1, name: 'type', value: 'obs' };

function incident(facts: SourceRow): SourceRow {
  return {
    id: 1,
    text: 'Slow uploads',
    start_date: '2026-11-01 10:00:00',
    end_date: null,
    impact: 1,
    system: 0,
    ...facts,
  };
}

function status(
  id: number,
  status: string | null,
  text: string | null,
  timestamp: unknown = '2026-11-01 11:00:00',
): SourceRow {
  return { id, incident_id: 1, status, text, timestamp };
}

const why = (rows: Partial<SourceRows>) =>
  world(rows).remarks.map(({ table, id, what, why: text }) => `${table} ${id} ${what}: ${text}`);

describe('a time of the predecessor', () => {
  it('is UTC unless it says otherwise', () => {
    for (const [text, instant] of [
      ['2026-11-01 10:00:00.123456', '2026-11-01T10:00:00.123Z'],
      ['2026-11-01 10:00', '2026-11-01T10:00:00.000Z'],
      ['2026-11-01', '2026-11-01T00:00:00.000Z'],
      ['2026-11-01T10:00:00+02', '2026-11-01T08:00:00.000Z'],
      ['2026-11-01 10:00:00.5-0530', '2026-11-01T15:30:00.500Z'],
      ['2024-02-29 10:00:00Z', '2024-02-29T10:00:00.000Z'],
    ]) {
      assert.equal(instantOf(text), instant);
    }
  });

  it('is none when there is no such time', () => {
    for (const text of [
      null,
      5,
      '',
      'soon',
      '2026-13-01 10:00',
      '2025-02-29 10:00',
      '2026-11-01 25:00',
      '0001-01-01 00:00',
      '9999-12-31 00:00',
      new Uint8Array(3),
    ]) {
      assert.equal(instantOf(text), null, String(text));
    }
  });
});

describe('rows of the predecessor', () => {
  it('become components, with remarks on what made no sense', () => {
    const { components } = world({ components: [STORAGE], attributes: [TYPE, REG1] });
    assert.deepEqual(components[0]?.attributes, [
      ['region', 'Reg1'],
      ['type', 'obs'],
    ]);
    const rows = {
      components: [
        STORAGE,
        { id: null, name: 'x' },
        { id: 3, name: null },
        { id: 4, name: ' \u0000\n' },
        { id: 5, name: 'y'.repeat(300) },
        { id: 6, name: 'object storage' },
      ],
      attributes: [
        REG1,
        { ...REG1, id: 3, value: 'Reg2' },
        { id: 4, component_id: 1, name: 'n'.repeat(31), value: 'v' },
        { id: 5, component_id: 1, name: 'owner', value: 'v'.repeat(51) },
        { id: 6, component_id: 1, name: null, value: null },
        { id: 7, component_id: 1, name: '__proto__', value: 'v' },
        { id: 8, component_id: 6, name: 'region', value: 'Reg1' },
      ],
    };
    assert.deepEqual(why(rows), [
      'component_attribute 3 left out: the component has "region" already',
      'component_attribute 4 left out: its name or value has 31 characters',
      'component_attribute 5 left out: its name or value has 51 characters',
      'component_attribute 6 left out: its name or value is empty',
      'component_attribute 7 left out: its name is a reserved word',
      'component without a number left out: it has no number',
      'component 3 left out: it has no name',
      'component 4 left out: it has no name',
      'component 5 changed: its name is cut to 200 characters',
      'component 6 changed: it has the name and region of component 1 and becomes one with it',
    ]);
  });

  it('keep every character of names and attributes, also what looks like a tag', () => {
    const { components, incidents } = world({
      components: [{ id: 1, name: 'DNS <public> & co' }],
      attributes: [{ ...REG1, value: '<EU>' }],
      relations: [],
      incidents: [incident({}), incident({ id: 2 })],
      updates: [status(1, 'SYSTEM', "DNS <public> & co (<EU>) moved to <a href='/incidents/2'>x</a>")],
    });
    assert.deepEqual([components[0]?.name, components[0]?.attributes], ['DNS <public> & co', [['region', '<EU>']]]);
    assert.equal(incidents[0]?.updates[0]?.fact?.kind, 'component_moved_to');
  });

  it('become an incident with its story, in today’s words', () => {
    const { incidents } = world({
      components: [STORAGE],
      relations: [{ incident_id: 1, component_id: 1 }],
      incidents: [incident({ end_date: '2026-11-01 14:00:00', impact: 2, text: 'Slow <public> uploads' })],
      updates: [
        status(3, 'resolved', 'Fixed', '2026-11-01 14:00:00'),
        status(1, 'analyzing', 'Looking'),
        status(2, 'SYSTEM', 'impact changed from minor to major', '2026-11-01 12:00:00'),
        status(4, 'description', 'The old one'),
      ],
    });
    const [one] = incidents;
    assert.deepEqual(
      [one?.type, one?.title, one?.status, one?.description, one?.system],
      ['incident', 'Slow <public> uploads', 'resolved', 'The old one', false],
    );
    assert.deepEqual(
      one?.updates.map(({ status: word, system, fact }) => [word, system, fact?.kind ?? null]),
      [
        ['analysing', false, null],
        ['analysing', true, 'impact_changed'],
        ['resolved', false, null],
      ],
    );
    assert.deepEqual(one?.impacts, [
      { from: '2026-11-01T10:00:00.000Z', impact: 1 },
      { from: '2026-11-01T12:00:00.000Z', impact: 2 },
    ]);
  });

  it('say by the clock how far a maintenance is, and keep what people decided', () => {
    const at = (start: string, end: string | null, facts: SourceRow = {}) =>
      world({ incidents: [incident({ impact: 0, start_date: start, end_date: end, ...facts })] }).incidents[0];
    assert.equal(at('2026-11-01 10:00', '2026-11-01 12:00')?.status, 'completed');
    assert.equal(at('2026-11-21 10:00', '2026-11-22 12:00')?.status, 'in_progress');
    assert.equal(at('2026-12-01 10:00', '2026-12-01 12:00')?.status, 'planned');
    assert.equal(at('2026-12-01 10:00', '2026-12-01 12:00')?.type, 'maintenance');
    assert.equal(
      at('2026-12-01 10:00', '2026-12-01 12:00', { status: 'cancelled', type: 'maintenance' })?.status,
      'cancelled',
    );
    assert.equal(at('2026-12-01 10:00', '2026-12-01 12:00', { status: 'pending review' })?.status, 'pending_review');
    assert.equal(at('2026-11-21 10:00', '2026-11-22 12:00', { type: 'info', status: 'active' })?.type, 'info');
  });

  it('that tell no time, no impact or nothing that ever was are left out, with the reason', () => {
    const rows = {
      components: [STORAGE],
      incidents: [
        incident({ start_date: null }),
        incident({ id: 2, start_date: '2026-02-31 10:00' }),
        incident({ id: 3, end_date: 'later' }),
        incident({ id: 4, impact: 7 }),
        incident({ id: 5, impact: null }),
        incident({ id: 6, impact: 0, system: 1 }),
        incident({ id: 7, deleted_at: '2026-11-02 10:00:00' }),
        incident({ id: 'x' }),
        incident({ id: 8, end_date: '2026-10-01 10:00' }),
        incident({ id: 8 }),
      ],
      relations: [
        { incident_id: 8, component_id: 99 },
        { incident_id: 77, component_id: 1 },
      ],
      updates: [
        { ...status(1, 'fixing', 'x'), incident_id: 8, timestamp: null },
        { ...status(2, 'dancing', 'x'), incident_id: 8 },
      ],
    };
    assert.deepEqual(why(rows), [
      'incident 1 left out: its start is no time: nothing',
      'incident 2 left out: its start is no time: "2026-02-31 10:00"',
      'incident 3 left out: its end is no time: "later"',
      'incident 4 left out: its impact is none of 0 to 3: "7"',
      'incident 5 left out: its impact is none of 0 to 3: nothing',
      'incident 6 left out: a monitor reported impact 0, which is no maintenance and never ends',
      'incident 7 left out: it was deleted there',
      'incident x left out: it has no number',
      'incident 8 changed: its end lay before its start: it ends when it starts now',
      'incident_status 1 left out: its time is none: nothing',
      'incident_status 2 changed: its status "dancing" is none we know: it has the one before it, detected',
      'incident_component_relation 8 left out: the incident names the component 99, which is not taken over',
      'incident 8 left out: its number is there twice',
      'incident_component_relation 77 left out: belongs to the incident 77, which is not taken over (1 rows)',
    ]);
  });

  it('remember who moved where and when', () => {
    const label = 'Object Storage (Reg1, obs)';
    const { incidents } = world({
      components: [STORAGE, { id: 2, name: 'Servers' }],
      attributes: [REG1, TYPE],
      incidents: [incident({}), incident({ id: 2, start_date: '2026-11-01 12:00:00', impact: 3 })],
      relations: [
        { incident_id: 1, component_id: 2 },
        { incident_id: 2, component_id: 1 },
      ],
      updates: [
        status(1, 'SYSTEM', 'Servers added to Slow uploads', '2026-11-01 11:00:00'),
        status(2, 'SYSTEM', `${label} moved to <a href='/incidents/2'>Down</a>`, '2026-11-01 12:00:00'),
        {
          ...status(3, 'SYSTEM', `${label} moved from <a href='/incidents/1'>Slow</a>`, '2026-11-01 12:00:00'),
          incident_id: 2,
        },
      ],
    });
    assert.deepEqual(incidents[0]?.members, [
      { component: 2, from: '2026-11-01T11:00:00.000Z', to: null, movedTo: null },
      { component: 1, from: '2026-11-01T10:00:00.000Z', to: '2026-11-01T12:00:00.000Z', movedTo: 2 },
    ]);
    assert.deepEqual(incidents[1]?.members, [
      { component: 1, from: '2026-11-01T12:00:00.000Z', to: null, movedTo: null },
    ]);
  });
});

describe('the history that incidents amount to', () => {
  it('is operational where nothing held a component, and the worst where several did', () => {
    const { incidents } = world({
      components: [STORAGE],
      relations: [1, 2, 3].map((id) => ({ incident_id: id, component_id: 1 })),
      incidents: [
        incident({ id: 1, impact: 0, start_date: '2026-11-02 00:00', end_date: '2026-11-04 00:00' }),
        incident({ id: 2, impact: 3, start_date: '2026-11-03 00:00', end_date: '2026-11-05 00:00' }),
        incident({ id: 3, impact: 1, start_date: '2026-11-20 00:00' }),
      ],
    });
    const window = { from: '2026-11-01T00:00:00.000Z', until: NOW };
    const periods = historyOf(holdingsOf(incidents, NOW).get(1) ?? [], window);
    assert.deepEqual(
      periods.map(({ level, from }) => `${level} ${from.slice(0, 10)}`),
      [
        'operational 2026-11-01',
        'maintenance 2026-11-02',
        'major_outage 2026-11-03',
        'operational 2026-11-05',
        'degraded 2026-11-20',
      ],
    );
    assert.equal(periods.at(-1)?.until, NOW);
    assert.deepEqual(
      periods.slice(1).map(({ from }) => from),
      periods.slice(0, -1).map(({ until }) => until),
    );
  });
});
