import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  compareLevels,
  conditionOf,
  DEFAULT_RULES,
  deviceName,
  isDeviceLabel,
  type LabelRules,
  usualCondition,
} from './label-rules.ts';

const MORE: LabelRules = {
  ...DEFAULT_RULES,
  scope: 'device',
  specials: [
    ...DEFAULT_RULES.specials,
    { label: 'Maintenance', effect: { state: 'MAINTENANCE', level: 'maintenance' } },
    { label: 'Reserved', effect: { state: 'RESERVED', level: 'notice' } },
  ],
};

describe('conditionOf', () => {
  const cases: [string, string[], string | null][] = [
    ['CRITICAL is DOWN', ['D:Cryo A', 'CRITICAL'], 'DOWN'],
    ['Information is RUNNING | INFO', ['D:Cryo A', 'Information'], 'RUNNING | INFO'],
    ['CRITICAL goes before Information', ['Information', 'CRITICAL'], 'DOWN'],
    ['no special label is LIMITED', ['D:Cryo A', 'help wanted'], 'LIMITED'],
    ['no label at all is LIMITED', [], 'LIMITED'],
    ['Logbook is ignored', ['D:Cryo A', 'Logbook'], null],
    ['logbook in lower case is ignored, as the README of the original says', ['D:Cryo A', 'logbook'], null],
    ['Logbook goes before CRITICAL', ['CRITICAL', 'LOGBOOK'], null],
    ['critical in any case is DOWN', ['cRiTiCaL'], 'DOWN'],
    ['spaces around a special label do not matter', [' Critical '], 'DOWN'],
    ['an extra state of the table counts', ['Reserved'], 'RESERVED'],
    ['a maintenance goes before a note', ['Reserved', 'maintenance'], 'MAINTENANCE'],
    ['a fault goes before a maintenance', ['CRITICAL', 'Maintenance'], 'DOWN'],
    ['names of object members are names like any other', ['__proto__', 'constructor', 'toString'], 'LIMITED'],
  ];
  for (const [name, labels, state] of cases) {
    it(name, () => assert.equal(conditionOf(MORE, labels)?.state ?? null, state));
  }

  it('tells cases apart when asked to', () => {
    const exact = { ...DEFAULT_RULES, caseSensitive: true };
    assert.equal(conditionOf(exact, ['logbook'])?.state, 'LIMITED');
    assert.equal(conditionOf(exact, ['Logbook']), null);
  });
});

describe('device labels', () => {
  it('are those with the prefix, in its exact case', () => {
    assert.ok(isDeviceLabel(DEFAULT_RULES, 'D:Krios1'));
    assert.ok(!isDeviceLabel(DEFAULT_RULES, 'd:Krios1'));
    assert.ok(!isDeviceLabel(DEFAULT_RULES, 'CRITICAL'));
  });

  it('are scoped labels only when a scope is configured', () => {
    assert.ok(!isDeviceLabel(DEFAULT_RULES, 'device::Krios1'));
    assert.ok(isDeviceLabel(MORE, 'device::Krios1'));
    assert.equal(deviceName(MORE, 'device::Krios1'), 'Krios1');
  });

  it('give the name without the prefix, and something to show even when nothing is left', () => {
    assert.equal(deviceName(DEFAULT_RULES, 'D:Cryo A'), 'Cryo A');
    assert.equal(deviceName(DEFAULT_RULES, 'D:  Cryo A '), 'Cryo A');
    assert.equal(deviceName(DEFAULT_RULES, 'D:'), 'D:');
    assert.equal(deviceName(DEFAULT_RULES, 'D:   '), 'D:');
    assert.equal(deviceName(DEFAULT_RULES, 'D:__proto__'), '__proto__');
  });

  it('are none when prefix and scope are empty', () => {
    assert.ok(!isDeviceLabel({ ...DEFAULT_RULES, prefix: '', scope: '' }, 'Krios1'));
  });
});

describe('levels', () => {
  it('put a maintenance between a note and a fault', () => {
    assert.ok(compareLevels('maintenance', 'notice') > 0);
    assert.ok(compareLevels('maintenance', 'degraded') < 0);
    assert.ok(compareLevels('major_outage', 'partial_outage') > 0);
    assert.equal(compareLevels('notice', 'notice'), 0);
  });

  it('have a usual word that does not tell which label it was', () => {
    assert.equal(usualCondition(MORE, 'notice').state, 'RUNNING | INFO');
    assert.equal(usualCondition(MORE, 'degraded').state, 'LIMITED');
    assert.equal(usualCondition(MORE, 'partial_outage').state, 'PARTIAL_OUTAGE');
  });
});
