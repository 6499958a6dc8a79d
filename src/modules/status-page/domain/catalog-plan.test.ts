import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sayCatalogMistake } from '../catalog-mistake-messages.ts';
import { after, planText, stored, summary } from './catalog.cases.ts';
import type { CatalogMistake } from './catalog-mistake.ts';

const BOTH = `components:
  - {name: Object Storage, attributes: {region: Reg1, category: Storage}}
  - {name: Object Storage, attributes: {region: Reg2, category: Storage}}
`;
const REG1 = { attributes: [['region', 'Reg1']] as const };

const said = (mistakes: readonly CatalogMistake[]) => mistakes.map((mistake) => sayCatalogMistake('en', mistake));

describe('the plan of a catalogue file', () => {
  it('adds what is not there, with keys made of name and region', () => {
    assert.deepEqual(summary(planText(BOTH)).added, ['object-storage-reg1', 'object-storage-reg2']);
    assert.deepEqual(summary(planText('components: [{name: "漢字"}, {name: "!!"}, {name: Ünïcödé & Co}]')).added, [
      'service-0gzakty',
      'service-1321dpz',
      'unicode-co',
    ]);
  });

  it('changes nothing when it is carried out a second time', () => {
    const plan = planText(BOTH, after(planText(BOTH)));
    assert.deepEqual(summary(plan), {
      added: [],
      changed: [],
      retired: [],
      returned: [],
      unchanged: ['object-storage-reg1', 'object-storage-reg2'],
      kept: [],
    });
  });

  it('retires what vanished, and brings it back with its key when it is named again', () => {
    const first = after(planText(BOTH));
    const only = 'components: [{name: Object Storage, attributes: {region: Reg1, category: Storage}}]';
    const second = planText(only, first);
    assert.deepEqual(summary(second).retired, ['object-storage-reg2']);
    const third = planText(BOTH, after(second, first));
    assert.deepEqual(summary(third).returned, ['object-storage-reg2']);
    assert.deepEqual(summary(third).added, []);
  });

  it('says field by field what changes, and keeps the key over a rename by catalogue key', () => {
    const first = after(
      planText('components: [{key: obs-reg1, name: Object Storage, attributes: {region: Reg1, type: obs}}]'),
    );
    const text =
      'components: [{key: obs-reg1, name: Buckets, docs_url: https://x.test/, target: 99.5, attributes: {region: Reg1, type: s3}}]';
    const plan = planText(text, first);
    assert.deepEqual(summary(plan).changed, [
      'obs-reg1 name: Object Storage → Buckets, attributes.type: obs → s3, docs_url: null → https://x.test/, target: null → 99.5',
    ]);
    assert.equal(plan.changed[0]?.component.key, 'status-page/obs-reg1');
  });

  it('takes a component without a catalogue key for the one of its name and region, which then has the key', () => {
    const before = [stored('object-storage-reg1', REG1)];
    const plan = planText('components: [{key: obs, name: object storage, attributes: {region: Reg1}}]', before);
    assert.deepEqual(summary(plan).changed, [
      'object-storage-reg1 key: object-storage-reg1 → obs, name: Object Storage → object storage',
    ]);
    const renamed = planText('components: [{key: obs, name: New, attributes: {region: Reg1}}]', after(plan, before));
    assert.equal(renamed.changed[0]?.component.key, 'status-page/object-storage-reg1');
  });

  it('renames two into each other by their keys', () => {
    const first = after(planText('components: [{key: a, name: One}, {key: b, name: Two}]'));
    const plan = planText('components: [{key: a, name: Two}, {key: b, name: One}]', first);
    assert.deepEqual(summary(plan).changed, ['a name: One → Two', 'b name: Two → One']);
  });

  it('hides an entry that says so, also one that was never shown', () => {
    const first = after(planText('components: [{name: Fax}]'));
    const plan = planText('components: [{name: Fax, retired: true}, {name: Telex, retired: true}]', first);
    assert.deepEqual(summary(plan).retired, ['fax']);
    assert.equal(plan.added[0]?.retired, true);
  });

  it('leaves alone what a person owns, unless it names its key', () => {
    const person = stored('mine', { ...REG1, owner: 'person', name: 'Mine' });
    const without = planText('components: [{name: Other}]', [person]);
    assert.deepEqual([summary(without).retired, summary(without).kept], [[], ['mine']]);
    const byName = planText('components: [{name: Mine, attributes: {region: Reg1, type: x}}]', [person]);
    assert.deepEqual([summary(byName).changed, summary(byName).kept], [[], ['mine']]);
    const named = planText('components: [{key: mine, name: Mine, attributes: {region: Reg1, type: x}}]', [person]);
    assert.deepEqual(summary(named).changed, ['mine attributes.type: null → x']);
    assert.equal(named.changed[0]?.takenOver, true);
    assert.equal(named.changed[0]?.component.owner, 'file');
  });

  it('refuses a second component with the name and region of one that a person made', () => {
    const person = stored('mine', { ...REG1, owner: 'person', name: 'Mine' });
    const file = stored('other', { ...REG1, catalogKey: 'other', name: 'Other' });
    const { mistakes } = planText('components: [{key: other, name: Mine, attributes: {region: Reg1}}]', [person, file]);
    assert.match(said(mistakes)[0]?.problem ?? '', /what a person called status-page\/mine/);
  });

  it('finds what an entry depends on: in its own region, by key, or of another area', () => {
    const { added, mistakes } = planText(`components:
  - {key: net, name: Network, regions: [Reg1, Reg2]}
  - {key: vm, name: Servers, regions: [Reg1, Reg2], depends_on: [net, {key: iam, propagate: degraded}, facility/krios1]}
  - {key: iam, name: Identity}
`);
    assert.deepEqual(mistakes, []);
    assert.deepEqual(added.find(({ key }) => key === 'status-page/vm-reg2')?.dependsOn, [
      { key: 'status-page/net-reg2', propagate: null },
      { key: 'status-page/iam', propagate: 'degraded' },
      { key: 'facility/krios1', propagate: null },
    ]);
    const wrong = planText(`components:
  - {key: net, name: Network, regions: [Reg1]}
  - {key: vm, name: Servers, regions: [Reg2], depends_on: [net, nett, status-page/ghost, status-page/vm-reg2]}
`);
    assert.deepEqual(
      said(wrong.mistakes).map(({ problem }) => problem),
      [
        'is not in the region Reg2',
        'is no key of this catalogue',
        'is no key of this catalogue',
        'is the component itself',
      ],
    );
    assert.equal(said(wrong.mistakes)[1]?.remedy, 'Did you mean net?');
  });

  it('orders regions as the file does, and keeps those that are still needed', () => {
    const text = 'regions: [{id: Reg2, label: Two}, Reg1]\ncomponents: [{name: A, attributes: {region: Reg1}}]';
    const { regions } = planText(text);
    assert.deepEqual(
      regions.after.map(({ id, label, position }) => [id, label, position]),
      [
        ['Reg2', 'Two', 0],
        ['Reg1', 'Reg1', 1],
      ],
    );
    const kept = stored('mine', { attributes: [['region', 'Reg3']], owner: 'person' });
    const before = [
      { id: 'Reg3', label: 'Three', position: 0, owner: 'file' as const },
      { id: 'Gone', label: 'Gone', position: 1, owner: 'file' as const },
    ];
    const next = planText(text, [kept], before).regions;
    assert.deepEqual(
      next.after.map(({ id }) => id),
      ['Reg2', 'Reg1', 'Reg3'],
    );
    assert.deepEqual(
      next.changes.map(({ id, old, new: fresh }) => [id, old, fresh]),
      [
        ['Reg2', null, '1. Two'],
        ['Reg1', null, '2. Reg1'],
        ['Reg3', '1. Three', '3. Three'],
        ['Gone', '2. Gone', null],
      ],
    );
    assert.deepEqual(
      planText('components: []', [], before).regions.changes.map(({ id }) => id),
      [],
    );
  });
});
