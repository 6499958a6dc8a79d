import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decideReport, type OpenIncident, type ReportDecision, type ReportSituation } from './decide-report.ts';
import type { Impact } from './incident.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const [C, D, E] = ['status-page/c', 'status-page/d', 'status-page/e'];

function system(id: number, impact: Impact, ...members: string[]): OpenIncident {
  return { id, impact, system: true, members: new Set(members) };
}

function manual(id: number, impact: Impact, ...members: string[]): OpenIncident {
  return { ...system(id, impact, ...members), system: false };
}

function work(id: number, start: string, end: string | null, ...members: string[]) {
  return {
    id,
    start: `2026-11-21T${start}:00.000Z`,
    end: end && `2026-11-21T${end}:00.000Z`,
    members: new Set(members),
  };
}

function decide(impact: Impact, parts: Partial<ReportSituation>, component = C): ReportDecision {
  return decideReport(component, impact, { openIncidents: [], activeMaintenances: [], now: NOW, ...parts });
}

/** Each row of tables 5.2 and 6, with what §24 changes. */
const TABLE: readonly [what: string, impact: Impact, parts: Partial<ReportSituation>, expected: ReportDecision][] = [
  ['REC 4: impact 0 is refused', 0, {}, { kind: 'refused' }],
  [
    'REC 4: impact 0 is refused in maintenance too (bug 2)',
    0,
    { activeMaintenances: [work(9, '11:00', null, C)] },
    { kind: 'refused' },
  ],
  [
    'row 1: a running maintenance holds the component',
    3,
    { activeMaintenances: [work(9, '11:00', '13:00', C)], openIncidents: [system(1, 1, C)] },
    { kind: 'maintenance', incident: 9 },
  ],
  [
    'REC 3: every running maintenance counts, not the first only (bug 6)',
    3,
    { activeMaintenances: [work(8, '10:00', '13:00', D), work(9, '11:00', '13:00', C)] },
    { kind: 'maintenance', incident: 9 },
  ],
  [
    'a maintenance of something else does not count',
    1,
    { activeMaintenances: [work(9, '11:00', '13:00', D)] },
    { kind: 'open' },
  ],
  [
    'a planned maintenance does not count before its start',
    1,
    { activeMaintenances: [work(9, '12:01', '13:00', C)] },
    { kind: 'open' },
  ],
  ['nor after its end', 1, { activeMaintenances: [work(9, '11:00', '12:00', C)] }, { kind: 'open' }],
  [
    'it counts from the moment of its start on',
    1,
    { activeMaintenances: [work(9, '12:00', null, C)] },
    { kind: 'maintenance', incident: 9 },
  ],
  ['row 2: a manual incident of more impact', 1, { openIncidents: [manual(1, 3, C)] }, { kind: 'manual', incident: 1 }],
  [
    'row 2: a manual incident of the same impact',
    2,
    { openIncidents: [manual(1, 2, C)] },
    { kind: 'manual', incident: 1 },
  ],
  [
    'REC 2: a manual incident of less impact owns its component too (bug 7)',
    3,
    { openIncidents: [manual(1, 1, C)] },
    { kind: 'manual', incident: 1 },
  ],
  [
    'REC 2: it owns it also when a system incident holds it as well',
    3,
    { openIncidents: [system(1, 1, C), manual(2, 1, C)] },
    { kind: 'manual', incident: 2 },
  ],
  ['row 3: nothing is open', 2, {}, { kind: 'open' }],
  ['row 3: only manual incidents are open, and of others', 2, { openIncidents: [manual(1, 2, D)] }, { kind: 'open' }],
  [
    'row 4a: the first system incident of this impact takes it',
    2,
    { openIncidents: [system(1, 1, D), manual(2, 2, D), system(3, 2, E), system(4, 2, D)] },
    { kind: 'join', incident: 3 },
  ],
  ['row 4b: none has this impact', 2, { openIncidents: [system(1, 1, D), system(2, 3, E)] }, { kind: 'open' }],
  [
    'row 5a: a system incident of the same impact holds it',
    2,
    { openIncidents: [system(1, 2, C, D)] },
    { kind: 'known', incident: 1 },
  ],
  [
    'row 5a: one of more impact holds it: machines never lower',
    1,
    { openIncidents: [system(1, 3, C)] },
    { kind: 'known', incident: 1 },
  ],
  [
    'row 5a: of two that hold it the worse one answers',
    2,
    { openIncidents: [system(1, 1, C), system(2, 3, C)] },
    { kind: 'known', incident: 2 },
  ],
  [
    'row 5b: alone in one of less impact, another has it: it moves and the source closes',
    2,
    { openIncidents: [system(1, 1, C), system(2, 2, D)] },
    { kind: 'move', from: 1, to: 2, closes: true },
  ],
  [
    'row 5b: the count of the source decides, not that of the target (Go bug 1)',
    2,
    { openIncidents: [system(1, 1, C), system(2, 2, D, E)] },
    { kind: 'move', from: 1, to: 2, closes: true },
  ],
  [
    'row 5c: alone, none has it: it is raised in place',
    3,
    { openIncidents: [system(1, 1, C), system(2, 2, D)] },
    { kind: 'raise', incident: 1, from: 1 },
  ],
  [
    'row 5d: among others, another has it: it moves and the source stays open',
    2,
    { openIncidents: [system(1, 1, C, D), system(2, 2, E)] },
    { kind: 'move', from: 1, to: 2, closes: false },
  ],
  [
    'row 5e: among others, none has it: it moves into a new one',
    2,
    { openIncidents: [system(1, 1, C, D), manual(2, 2, E)] },
    { kind: 'move', from: 1, to: null, closes: false },
  ],
  [
    'of two of less impact that hold it, it leaves the worse one',
    3,
    { openIncidents: [system(1, 1, C), system(2, 2, C, D)] },
    { kind: 'move', from: 2, to: null, closes: false },
  ],
];

describe('what the report of a machine leads to', () => {
  for (const [what, impact, parts, expected] of TABLE) {
    it(what, () => assert.deepEqual(decide(impact, parts), expected));
  }
});

interface World {
  incidents: (OpenIncident & { members: Set<string>; open: boolean; past: Set<string> })[];
}

/** Carries a decision out as the table says, on sets. */
function carryOut(world: World, component: string, impact: Impact, decision: ReportDecision): void {
  const one = (id: number) => world.incidents[id - 1]!;
  const open = () => {
    const id = world.incidents.length + 1;
    world.incidents.push({ id, impact, system: true, open: true, members: new Set([component]), past: new Set() });
  };
  if (decision.kind === 'open') open();
  if (decision.kind === 'join') one(decision.incident).members.add(component);
  if (decision.kind === 'raise') one(decision.incident).impact = impact;
  if (decision.kind !== 'move') return;
  const source = one(decision.from);
  if (decision.closes) source.open = false;
  else source.members.delete(component);
  source.past.add(component);
  if (decision.to === null) open();
  else one(decision.to).members.add(component);
}

type Step = { component: string; impact: Impact; person?: 'takes' | 'closes' };

function replay(steps: readonly Step[], check: (world: World, step: Step, decision: ReportDecision) => void): void {
  const world: World = { incidents: [] };
  for (const step of steps) {
    const openIncidents = world.incidents.filter(({ open }) => open);
    const held = openIncidents.find(({ members }) => members.has(step.component));
    if (step.person !== undefined) {
      if (held && step.person === 'takes') held.system = false;
      if (held && step.person === 'closes') held.open = false;
      continue;
    }
    const situation = { openIncidents, activeMaintenances: [], now: NOW };
    const decision = decideReport(step.component, step.impact, situation);
    check(world, step, decision);
    carryOut(world, step.component, step.impact, decision);
    const repeated = decideReport(step.component, step.impact, {
      ...situation,
      openIncidents: world.incidents.filter(({ open }) => open),
    });
    assert.ok(['known', 'manual'].includes(repeated.kind), `said again, it is ${repeated.kind}`);
    const holding = world.incidents.filter(({ open, members }) => open && members.has(step.component));
    assert.equal(holding.length, 1, 'one open incident holds the component, and one only');
    assert.ok(holding[0]!.impact >= step.impact || !holding[0]!.system, 'it says at least what was reported');
  }
}

const steps = fc.array(
  fc.record(
    {
      component: fc.constantFrom(C, D, E, 'status-page/f'),
      impact: fc.constantFrom<Impact>(1, 2, 3),
      person: fc.option(fc.constantFrom<'takes' | 'closes'>('takes', 'closes'), { freq: 4, nil: undefined }),
    },
    { requiredKeys: ['component', 'impact'] },
  ),
  { maxLength: 60 },
) as fc.Arbitrary<Step[]>;

describe('whatever machines report and people do in between', () => {
  it('a component is never in two open incidents, and what is said again changes nothing', () => {
    fc.assert(fc.property(steps, (all) => replay(all, () => undefined)));
  });

  it('the impact of an incident never goes down, and no component falls into one of less impact', () => {
    fc.assert(
      fc.property(steps, (all) =>
        replay(all, ({ incidents }, { impact }, decision) => {
          if (decision.kind === 'raise') assert.ok(impact > incidents[decision.incident - 1]!.impact);
          if (decision.kind === 'move') assert.ok(impact > incidents[decision.from - 1]!.impact);
        }),
      ),
    );
  });

  it('an incident of a person is never changed', () => {
    fc.assert(
      fc.property(steps, (all) =>
        replay(all, ({ incidents }, _step, decision) => {
          const touched = [
            ...(decision.kind === 'join' || decision.kind === 'raise' ? [decision.incident] : []),
            ...(decision.kind === 'move' ? [decision.from, ...(decision.to === null ? [] : [decision.to])] : []),
          ];
          for (const id of touched) assert.ok(incidents[id - 1]!.system, `${decision.kind} touches incident ${id}`);
        }),
      ),
    );
  });

  it('an incident is closed only when nothing is left in it', () => {
    fc.assert(
      fc.property(steps, (all) =>
        replay(all, ({ incidents }, { component }, decision) => {
          if (decision.kind !== 'move') return;
          const left = [...incidents[decision.from - 1]!.members].filter((member) => member !== component);
          assert.equal(decision.closes, left.length === 0);
        }),
      ),
    );
  });
});
