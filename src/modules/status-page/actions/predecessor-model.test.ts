import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase, type OpenTestDatabase } from '../../../../test/support/databases.ts';
import { OPERATOR, START, statusPageWorld } from '../../../../test/support/status-page-world.ts';
import { addMs, DAY, HOUR, system } from '../../../core/index.ts';
import { connectedComponents } from '../store/catalog-store.ts';
import { untouchedIncidents } from '../store/clock-store.ts';
import { readCatalog } from '../store/component-read.ts';
import { readIncidents, updatesOf } from '../store/incident-read.ts';
import { findIncident, insertUpdates, saveIncident } from '../store/incident-store.ts';
import { announceMaintenance } from './announce-maintenance.ts';
import { openIncident } from './open-incident.ts';
import { postUpdate } from './post-update.ts';
import { provisionCatalog } from './provision-catalog.ts';
import { declarationOf } from './tell-catalog.ts';

const CATALOG = `components:
  - {key: cmp1, name: Component 1, attributes: {region: Reg2, category: Storage, a1: v1}}
  - {key: cmp2, name: Component 2, attributes: {region: Reg1, category: Compute, a1: v1}}
  - {key: cmp3, name: Component 3, attributes: {region: Reg2, category: Storage}}
  - {key: cmp4, name: Component 4}
`;
const [CMP1, CMP2, CMP3] = ['status-page/cmp1', 'status-page/cmp2', 'status-page/cmp3'] as const;

async function catalogWorld(open: OpenTestDatabase) {
  const world = await statusPageWorld(open, { components: [] });
  await provisionCatalog(world.context, system('test'), { text: CATALOG });
  await world.settle();
  return world;
}

/** One maintenance under way, one incident of a machine that is open, and one that is over. */
async function threeIncidents(open: OpenTestDatabase) {
  const world = await catalogWorld(open);
  const { context, clock, db } = world;
  const incident = { title: 'Component is slow', impact: 1 };
  const { id: closed } = await openIncident(context, OPERATOR, { ...incident, components: [CMP1] });
  await postUpdate(context, OPERATOR, closed, { status: 'resolved', text: 'It was a cable.' });
  clock.go(DAY);
  const { id: machine } = await openIncident(context, OPERATOR, { ...incident, components: [CMP1, CMP2] });
  await db.write(async (tx) => {
    const stored = await findIncident(tx, machine);
    if (stored !== null) await saveIncident(tx, { ...stored, system: true });
  });
  const window = { start: addMs(clock.now(), -HOUR), end: addMs(clock.now(), HOUR) };
  const about = { title: 'Disks are swapped', description: 'All of them.', confirmed: true };
  const { id: maintenance } = await announceMaintenance(context, OPERATOR, { ...about, ...window, components: [CMP3] });
  const open_ = async (types?: readonly ('incident' | 'maintenance')[]) => {
    const filter = { state: 'open', order: 'id', ...(types === undefined ? {} : { types }) } as const;
    return (await readIncidents(db, OPERATOR, null, filter)).incidents.map(({ id }) => id).reverse();
  };
  return { world, closed, machine, maintenance, open: open_ };
}

// The rows of specification §22.2 that no other test states, by the names that they have there.
eachDatabase((open) => {
  it('test_get_attributes_as_dict: a list of attributes becomes a map', async () => {
    const { db } = await catalogWorld(open);
    const [first] = await connectedComponents(db);
    assert.ok(first);
    assert.deepEqual(first.attributes, [
      ['region', 'Reg2'],
      ['category', 'Storage'],
      ['a1', 'v1'],
    ]);
    assert.deepEqual(declarationOf(first).attributes, { region: 'Reg2', category: 'Storage', a1: 'v1' });
  });

  it('test_all: the catalogue lists every component there is, and nothing before there is one', async () => {
    const empty = await statusPageWorld(open, { components: [] });
    assert.deepEqual([...(await readCatalog(empty.db)).components.keys()], []);
    const { db } = await catalogWorld(open);
    assert.deepEqual(
      [...(await readCatalog(db)).components.values()].map(({ name }) => name),
      ['Component 1', 'Component 2', 'Component 3', 'Component 4'],
    );
  });

  it('test_get_unique_values: each value of an attribute once, in their order; none of one that nobody has', async () => {
    const { db } = await catalogWorld(open);
    const { categories, regions } = await readCatalog(db);
    assert.deepEqual(categories, ['Compute', 'Storage']);
    assert.deepEqual(
      regions.map(({ id }) => id),
      ['Reg1', 'Reg2'],
    );
    const bare = await readCatalog(db, { keys: ['status-page/cmp4'] });
    assert.deepEqual([bare.categories, bare.regions], [[], []]);
  });

  it('test_get_all_active: a maintenance under way and an open incident are two, what is over is none', async () => {
    const given = await threeIncidents(open);
    assert.deepEqual(await given.open(), [given.machine, given.maintenance]);
  });

  it('test_get_active_maintenance: the maintenance alone', async () => {
    const given = await threeIncidents(open);
    assert.deepEqual(await given.open(['maintenance']), [given.maintenance]);
  });

  it('test_get_active: of machines, the open incident alone', async () => {
    const { world, machine } = await threeIncidents(open);
    assert.deepEqual(
      (await untouchedIncidents(world.db)).map(({ id }) => id),
      [machine],
    );
  });

  it('test_get_by_id: each by its number, and nothing by another', async () => {
    const { world, closed, machine } = await threeIncidents(open);
    assert.deepEqual(
      [(await world.view(closed))?.status, (await world.view(machine))?.status],
      ['resolved', 'detected'],
    );
    assert.equal(await world.view(999), null);
  });

  it('test_get_attributes_by_key: the values of an attribute over the components of an incident, each once', async () => {
    const { world, machine } = await threeIncidents(open);
    const keys = (await world.view(machine))?.components ?? [];
    const { regions } = await readCatalog(world.db, { keys });
    assert.deepEqual([keys.length, regions.map(({ id }) => id)], [2, ['Reg1', 'Reg2']]);
  });

  it('TestIncidentUpdate.test_basic: an update is attached to its incident', async () => {
    const { world, machine, closed } = await threeIncidents(open);
    const before = (await updatesOf(world.db, [closed])).length;
    const row = {
      incident: machine,
      at: START,
      status: 'analysing',
      system: false,
      text: 'We look.',
      fact: null,
    } as const;
    await world.db.write((tx) => insertUpdates(tx, [{ ...row, createdAt: START, createdBy: 'user:ada' }]));
    const found = (await updatesOf(world.db, [machine])).find(({ text }) => text === 'We look.');
    assert.deepEqual([found?.incident, found?.status, found?.at], [machine, 'analysing', START]);
    assert.equal((await updatesOf(world.db, [closed])).length, before);
  });
});
