import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { eachDatabase, openTestDatabase } from '../../../../test/support/databases.ts';
import { ANONYMOUS, MINUTE } from '../../../core/index.ts';
import { connectedComponents, saveComponents, storedRegions } from '../store/catalog-store.ts';
import { allComponents } from '../store/component-store.ts';
import { ADMIN, catalogWorld, START } from './catalog-world.cases.ts';
import { exportCatalog } from './export-catalog.ts';
import { provisionCatalog } from './provision-catalog.ts';
import { purgeCatalog } from './purge-catalog.ts';
import { changesAnything, readCatalogPlan } from './read-catalog.ts';
import { syncWatch } from './sync-watch.ts';

const TWO = `regions: [{id: Reg1, label: Region One}]
components:
  - {key: obs, name: Object Storage, target: 99.95, attributes: {region: Reg1, category: Storage}}
  - {key: vm, name: Servers, depends_on: [obs], visibility: members, attributes: {region: Reg1, category: Compute}}
`;
const ONE = 'components: [{key: obs, name: Buckets, attributes: {region: Reg1, category: Storage}}]';

describe('providing a catalogue', () => {
  eachDatabase((open) => {
    it('stores it and tells components, once', async () => {
      const world = await catalogWorld(open);
      await world.provision(TWO);
      const [obs, vm] = await connectedComponents(world.db);
      assert.deepEqual(
        [obs?.name, obs?.target, obs?.owner, obs?.watchedFrom, obs?.category],
        ['Object Storage', 99.95, 'file', START, 'Storage'],
      );
      assert.deepEqual(vm?.dependsOn, [{ key: 'status-page/obs', propagate: null }]);
      assert.deepEqual(await storedRegions(world.db), [
        { id: 'Reg1', label: 'Region One', position: 0, owner: 'file' },
      ]);
      assert.deepEqual(await world.told(), [
        'declared obs',
        'declared vm',
        'signal_reported obs',
        'signal_reported vm',
        'catalog_changed catalog',
      ]);
      world.clock.go(MINUTE);
      assert.equal(changesAnything(await world.provision(TWO)), false);
      assert.deepEqual(await world.told(), []);
    });

    it('renames, retires and brings back under the same number and key', async () => {
      const world = await catalogWorld(open);
      await world.provision(TWO);
      const before = await allComponents(world.db);
      world.clock.go(MINUTE);
      await world.told();
      await world.provision(ONE);
      assert.deepEqual(await world.told(), ['declared obs', 'withdrawn vm', 'catalog_changed catalog']);
      world.clock.go(MINUTE);
      await world.provision(TWO);
      assert.deepEqual(await world.told(), [
        'declared obs',
        'declared vm',
        'signal_reported vm',
        'catalog_changed catalog',
      ]);
      const numbers = (rows: typeof before) => rows.map(({ key, number, createdAt }) => [key, number, createdAt]);
      assert.deepEqual(numbers(await allComponents(world.db)), numbers(before));
    });

    it('exports what provides again without a change, also what people made and what is retired', async () => {
      const world = await catalogWorld(open);
      await world.provision(TWO);
      await world.provision(ONE);
      const [first] = await connectedComponents(world.db);
      assert.ok(first);
      const mine = { ...first, key: 'status-page/mine', name: 'Mine', catalogKey: null, owner: 'person' as const };
      await world.db.write((tx) => saveComponents(tx, [{ ...mine, number: 77 }]));
      await world.told();
      world.clock.go(MINUTE);
      const file = await exportCatalog(world.db, ADMIN);
      const plan = await world.provision(file);
      assert.equal(changesAnything(plan), false, file);
      assert.deepEqual(await world.told(), []);
      const other = await catalogWorld(open);
      await other.provision(file);
      assert.equal(await exportCatalog(other.db, ADMIN), file);
    });

    it('is nothing for others than administrators, and of a broken file nothing happens', async () => {
      const world = await catalogWorld(open);
      await assert.rejects(provisionCatalog(world.context, ANONYMOUS, { text: TWO }), { code: 'unauthenticated' });
      await assert.rejects(exportCatalog(world.db, ANONYMOUS), { code: 'unauthenticated' });
      await assert.rejects(purgeCatalog(world.context, ANONYMOUS), { code: 'unauthenticated' });
      await world.provision(TWO);
      await assert.rejects(provisionCatalog(world.context, ADMIN, { text: `${TWO}  - {nam: X}\n`, file: 'c.yaml' }), {
        code: 'invalid',
        message: /^c\.yaml has 2 mistakes:[^]*Did you mean name\?/,
      });
      assert.equal((await allComponents(world.db)).length, 2);
    });

    it('purges everything, so that providing again begins anew', async () => {
      const world = await catalogWorld(open);
      await world.provision(TWO);
      await world.told();
      assert.deepEqual(await purgeCatalog(world.context, ADMIN), { components: 2, incidents: 0 });
      assert.deepEqual((await world.told()).sort(), ['catalog_changed catalog', 'withdrawn obs', 'withdrawn vm']);
      assert.deepEqual(await connectedComponents(world.db), []);
      assert.deepEqual(await storedRegions(world.db), []);
      await world.provision(TWO);
      assert.equal((await world.told()).filter((line) => line.startsWith('signal_reported')).length, 2);
    });

    it('vouches for components as the configuration says, and writes nothing when it does already', async () => {
      const world = await catalogWorld(open, { without_reports: 'unknown' });
      await world.provision(TWO);
      assert.deepEqual(
        (await world.told()).filter((line) => line.startsWith('signal')),
        [],
      );
      assert.equal(await syncWatch(world.context), 0);
      world.configure({});
      assert.equal(await syncWatch(world.context), 2);
      assert.deepEqual(await world.told(), ['signal_reported obs', 'signal_reported vm']);
      assert.equal(await syncWatch(world.context), 0);
      world.configure({ without_reports: 'unknown' });
      assert.equal(await syncWatch(world.context), 2);
      assert.deepEqual(await world.told(), ['signal_withdrawn obs', 'signal_withdrawn vm']);
      assert.equal(await syncWatch(world.context), 0);
    });

    it('takes 2,000 entries in reasonable time, in parts', async () => {
      const world = await catalogWorld(open);
      const entries = Array.from({ length: 1000 }, (_, at) => ({
        key: `service-${at}`,
        name: `Service ${at}`,
        regions: ['Reg1', 'Reg2'],
        attributes: { category: `Category ${at % 7}`, type: 's' },
        ...(at > 0 ? { depends_on: [`service-${at - 1}`] } : {}),
      }));
      const text = stringify({ components: entries });
      const begin = performance.now();
      const parts: number[] = [];
      const progress = (done: number) => void parts.push(done);
      await provisionCatalog(world.context, ADMIN, { text, progress });
      assert.ok(performance.now() - begin < 60_000);
      assert.equal(parts.length, 20);
      assert.equal((await allComponents(world.db)).length, 2000);
      assert.equal(changesAnything(await world.provision(await exportCatalog(world.db, ADMIN))), false);
    });
  });

  it('stops when somebody edits between its parts', async () => {
    const world = await catalogWorld(openTestDatabase);
    await world.provision(TWO);
    const [first] = await connectedComponents(world.db);
    assert.ok(first);
    const entries = Array.from({ length: 150 }, (_, at) => ({ name: `Service ${at}` }));
    let edit: Promise<void> = Promise.resolve();
    const progress = () => {
      world.clock.go(MINUTE);
      const modifiedAt = world.clock.now();
      edit = world.db.write((tx) => saveComponents(tx, [{ ...first, owner: 'person', modifiedAt }]));
    };
    const providing = provisionCatalog(world.context, ADMIN, { text: stringify({ components: entries }), progress });
    await assert.rejects(providing, { code: 'conflict' });
    await edit;
    const again = await world.provision(stringify({ components: entries }));
    assert.equal(again.added.length, 50);
  });

  it('gives back what was provided, whatever it is', async () => {
    const world = await catalogWorld(openTestDatabase);
    const word = (most: number) =>
      fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: most })
        .map((text) => text.replace(/[\p{C}\u2028\u2029]/gu, 'x').trim())
        .filter((text) => text !== '' && [...text].length <= most);
    const name = word(20).filter((text) => !['__proto__', 'constructor', 'prototype'].includes(text));
    const entry = fc.record(
      {
        name,
        attributes: fc.dictionary(name, word(30), { maxKeys: 4 }),
        description: word(100),
        target: fc.double({ min: 0, max: 100, noNaN: true }).map((value) => value + 0),
        visibility: fc.constantFrom('public', 'members'),
        position: fc.integer({ min: -1000, max: 1000 }),
        retired: fc.boolean(),
        docs_url: fc.webUrl({ validSchemes: ['https'] }),
      },
      { requiredKeys: ['name'] },
    );
    const lists = fc.uniqueArray(entry, {
      maxLength: 6,
      selector: (one) => JSON.stringify([one.name.toLowerCase(), one.attributes?.['region']]),
    });
    await fc.assert(
      fc.asyncProperty(lists, async (components) => {
        world.clock.go(MINUTE);
        await world.provision(stringify({ components }));
        const file = await exportCatalog(world.db, ADMIN);
        const plan = await readCatalogPlan(world.db, file);
        assert.deepEqual([plan.mistakes, changesAnything(plan)], [[], false], file);
      }),
      { numRuns: 25 },
    );
  });
});
