import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Orderable, type OrderRules, orderDevices } from './device-order.ts';

const RULES: OrderRules = { order: 'colour', manual: [], groups: new Map(), title: 'Desk' };
const device = (name: string, colour: string, priority: number | null = null): Orderable => ({
  name,
  label: `D:${name}`,
  colour,
  priority,
});
const DEVICES = [
  device('Alpha', '#cc338b', 2),
  device('Beta', '#009966'),
  device('Krios10', '#CC338B', 1),
  device('Krios2', '#009966', 3),
];

function names(rules: Partial<OrderRules>): string[] {
  return orderDevices(DEVICES, { ...RULES, ...rules }).map((placed) => placed.device.name);
}

describe('orderDevices', () => {
  it('by colour puts devices of one colour together, colours as text, names as GitLab lists them', () => {
    assert.deepEqual(names({}), ['Beta', 'Krios2', 'Alpha', 'Krios10']);
  });

  it('by priority puts devices without one last', () => {
    assert.deepEqual(names({ order: 'priority' }), ['Krios10', 'Alpha', 'Krios2', 'Beta']);
  });

  it('by name counts numbers as numbers', () => {
    assert.deepEqual(names({ order: 'name' }), ['Alpha', 'Beta', 'Krios2', 'Krios10']);
  });

  it('by hand takes names or labels, the rest by name', () => {
    assert.deepEqual(names({ order: 'manual', manual: ['D:Krios10', 'Beta'] }), ['Krios10', 'Beta', 'Alpha', 'Krios2']);
  });

  it('gives a colour its name as heading, in any case of the colour', () => {
    const placed = orderDevices(DEVICES, { ...RULES, groups: new Map([['#CC338b', 'Microscopes']]) });
    assert.deepEqual(
      placed.map(({ group, groupPosition, position }) => [group, groupPosition, position]),
      [
        ['Desk', 0, 0],
        ['Desk', 0, 1],
        ['Microscopes', 1, 2],
        ['Microscopes', 1, 3],
      ],
    );
  });

  it('keeps colours without a name apart', () => {
    assert.deepEqual([...new Set(orderDevices(DEVICES, RULES).map(({ group }) => group))], ['Desk · 1', 'Desk · 2']);
  });

  it('makes one list under the title when colours do not matter', () => {
    assert.deepEqual(
      [...new Set(orderDevices(DEVICES, { ...RULES, order: 'name' }).map(({ group }) => group))],
      ['Desk'],
    );
  });
});
