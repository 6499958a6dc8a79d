import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type ActualBadge, type BadgeStep, badgeName, type DesiredBadge, isOurs, planBadges } from './badge-plan.ts';

const OWNER = { integration: 'lab', prefix: 'D:' };

function wanted(device: string, version = ''): DesiredBadge {
  return {
    name: badgeName(OWNER, device),
    imageUrl: `https://status.example.test/badges/facility/${device}.svg${version}`,
    linkUrl: `https://gitlab.example.test/lab/desk/-/issues/?label_name[]=D%3A${device}`,
  };
}
const ours = (id: number, device: string): ActualBadge => ({ id, kind: 'project', ...wanted(device) });
const legacy = (id: number, device: string): ActualBadge => ({
  id,
  name: null,
  kind: 'project',
  imageUrl: `https://flat.badgen.net/badge/D:${device}/DOWN,Updated 1d ago/red?list=|`,
  linkUrl: 'https://gitlab.example.test/lab/desk/-/boards',
});
const foreign = (id: number, kind = 'project'): ActualBadge => ({
  id,
  name: 'Licence',
  kind,
  imageUrl: 'https://static.example.test/licence.svg',
  linkUrl: 'https://example.test/licence',
});

/** GitLab's side: ids only grow, a badge keeps its place. */
function carryOut(badges: ActualBadge[], steps: readonly BadgeStep[]): ActualBadge[] {
  return steps.reduce<ActualBadge[]>((now, step) => {
    if (step.do === 'delete') return now.filter((badge) => badge.id !== step.id);
    if (step.do === 'update') return now.map((badge) => (badge.id === step.id ? { ...badge, ...step.content } : badge));
    const id = Math.max(1000, ...now.map((badge) => badge.id)) + 1;
    return [...now, { id, kind: 'project', ...step.content }];
  }, badges);
}

describe('isOurs', () => {
  it('knows our name of our integration only', () => {
    assert.ok(isOurs(ours(1, 'a'), OWNER));
    assert.ok(!isOurs({ ...ours(1, 'a'), name: 'signalbox:other:a' }, OWNER));
    assert.ok(!isOurs({ ...ours(1, 'a'), name: 'signalbox:laboratory:a' }, OWNER));
  });

  it('takes over what the original left', () => {
    assert.ok(isOurs(legacy(1, 'Laser 2'), OWNER));
    assert.ok(isOurs({ ...foreign(1), name: 'autobadge:D:Cryo A' }, OWNER));
    assert.ok(isOurs({ ...legacy(1, ''), imageUrl: 'https://flat.badgen.net/badge/D%3ALaser/RUNNING/green' }, OWNER));
  });

  it('leaves a badge of a group alone, however it looks', () => {
    assert.ok(!isOurs({ ...legacy(1, 'Laser 2'), kind: 'group' }, OWNER));
    assert.ok(!isOurs({ ...ours(1, 'a'), kind: 'group' }, OWNER));
    assert.ok(!isOurs({ ...ours(1, 'a'), kind: null }, OWNER));
  });

  it('leaves other badges alone, also of badgen', () => {
    assert.ok(!isOurs(foreign(1), OWNER));
    assert.ok(!isOurs({ ...foreign(1), imageUrl: 'https://flat.badgen.net/badge/licence/MIT/blue' }, OWNER));
    assert.ok(
      !isOurs({ ...foreign(1), imageUrl: 'https://evil.test/?x=https://flat.badgen.net/badge/D:x/y/z' }, OWNER),
    );
  });
});

describe('planBadges', () => {
  it('writes nothing when nothing changed', () => {
    assert.deepEqual(planBadges([wanted('a'), wanted('b')], [ours(1, 'a'), foreign(2), ours(3, 'b')], OWNER), []);
  });

  it('fills an empty project in order', () => {
    const steps = planBadges([wanted('a'), wanted('b')], [], OWNER);
    assert.deepEqual(
      steps.map((step) => step.do === 'create' && step.content.name),
      ['signalbox:lab:a', 'signalbox:lab:b'],
    );
  });

  it('edits the one that differs in its place', () => {
    const steps = planBadges([wanted('a'), wanted('b', '?v=2')], [ours(1, 'a'), ours(2, 'b')], OWNER);
    assert.deepEqual(
      steps.map((step) => [step.do, 'id' in step && step.id]),
      [['update', 2]],
    );
  });

  it('adopts the badges of the original in place', () => {
    const steps = planBadges([wanted('a'), wanted('b')], [legacy(5, 'b'), legacy(6, 'a')], OWNER);
    assert.deepEqual(
      steps.map((step) => [step.do, 'id' in step && step.id]),
      [
        ['update', 5],
        ['update', 6],
      ],
    );
  });

  it('shows every old device at every step while one is inserted', () => {
    const before = ['a', 'b', 'c'].map((device, index) => ours(index + 1, device));
    const steps = planBadges(
      ['a', 'x', 'b', 'c'].map((device) => wanted(device)),
      before,
      OWNER,
    );
    for (let cut = 0; cut <= steps.length; cut += 1) {
      const names = new Set(carryOut(before, steps.slice(0, cut)).map((badge) => badge.name));
      for (const device of ['a', 'b', 'c'])
        assert.ok(names.has(badgeName(OWNER, device)), `${device} is missing after ${cut} steps`);
    }
  });

  it('goes by the age of badges, not by the order of the answer', () => {
    assert.deepEqual(planBadges([wanted('a'), wanted('b')], [ours(2, 'b'), ours(1, 'a')], OWNER), []);
  });

  it('removes doubles', () => {
    const steps = planBadges([wanted('a')], [ours(1, 'a'), ours(2, 'a')], OWNER);
    assert.deepEqual(
      steps.map((step) => [step.do, 'id' in step && step.id]),
      [['delete', 2]],
    );
  });

  it('converges from any cut, never with fewer badges than before or wanted, never touching others', () => {
    const devices = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 });
    const old = fc.array(
      fc.tuple(fc.constantFrom('ours', 'legacy', 'foreign', 'group'), fc.constantFrom(...'abcdefgh')),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(old, devices, fc.nat(), (kinds, names, where) => {
        const before = kinds.map(([kind, device], index) => {
          if (kind === 'ours') return ours(index + 1, device);
          if (kind === 'legacy') return legacy(index + 1, device);
          return kind === 'group' ? { ...legacy(index + 1, device), kind } : foreign(index + 1);
        });
        const desired = names.map((name) => wanted(name));
        const mine = (badges: ActualBadge[]): ActualBadge[] => badges.filter((badge) => isOurs(badge, OWNER));
        const others = before.filter((badge) => !isOurs(badge, OWNER));
        const steps = planBadges(desired, before, OWNER);
        const floor = Math.min(mine(before).length, desired.length);
        for (let cut = 0; cut <= steps.length; cut += 1) {
          assert.ok(mine(carryOut(before, steps.slice(0, cut))).length >= floor);
        }
        const cut = carryOut(before, steps.slice(0, where % (steps.length + 1)));
        const after = carryOut(cut, planBadges(desired, cut, OWNER));
        assert.deepEqual(
          mine(after).map((badge) => badge.name),
          desired.map((badge) => badge.name),
        );
        assert.deepEqual(
          after.filter((badge) => !isOurs(badge, OWNER)),
          others,
        );
        assert.deepEqual(planBadges(desired, after, OWNER), []);
      }),
    );
  });
});
