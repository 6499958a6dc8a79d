import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import { until } from '../../../../../test/support/until.ts';
import { addMs, DAY, HOUR, LEVELS, type Level } from '../../../../core/index.ts';
import { type PageWorld, pageWorld } from '../page-world.cases.ts';
import { overallStatus } from './statuspage-shapes.ts';

const moment = z.iso.datetime({ precision: 3 });
const indicator = z.enum(['none', 'minor', 'major', 'critical']);
const page = z.strictObject({
  id: z.string(),
  name: z.string(),
  url: z.url(),
  time_zone: z.string(),
  updated_at: moment,
});
const status = z.strictObject({ indicator, description: z.string().min(1) });
const component = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.enum(['operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance']),
  created_at: moment,
  updated_at: moment,
  position: z.int(),
  description: z.string().nullable(),
  showcase: z.boolean(),
  start_date: z.string().nullable(),
  group_id: z.string().nullable(),
  page_id: z.string(),
  group: z.boolean(),
  only_show_if_degraded: z.boolean(),
  components: z.array(z.string()).optional(),
});
const update = z.strictObject({
  id: z.string(),
  status: z.string(),
  body: z.string(),
  incident_id: z.string(),
  created_at: moment,
  updated_at: moment,
  display_at: moment,
  affected_components: z.null(),
});
const common = {
  id: z.string(),
  name: z.string(),
  created_at: moment,
  updated_at: moment,
  monitoring_at: moment.nullable(),
  resolved_at: moment.nullable(),
  shortlink: z.url(),
  started_at: moment,
  page_id: z.string(),
  incident_updates: z.array(update),
  components: z.array(component),
};
const incident = z.strictObject({
  ...common,
  status: z.enum(['investigating', 'identified', 'monitoring', 'resolved', 'postmortem']),
  impact: z.enum(['none', 'minor', 'major', 'critical']),
});
const maintenance = z.strictObject({
  ...common,
  status: z.enum(['scheduled', 'in_progress', 'verifying', 'completed']),
  impact: z.literal('maintenance'),
  scheduled_for: moment,
  scheduled_until: moment,
});
const scheduled_maintenances = z.array(maintenance);
const DOCUMENTS = {
  summary: z.strictObject({
    page,
    components: z.array(component),
    incidents: z.array(incident),
    scheduled_maintenances,
    status,
  }),
  status: z.strictObject({ page, status }),
  components: z.strictObject({ page, components: z.array(component) }),
  incidents: z.strictObject({ page, incidents: z.array(incident) }),
  'incidents/unresolved': z.strictObject({ page, incidents: z.array(incident) }),
  'scheduled-maintenances': z.strictObject({ page, scheduled_maintenances }),
  'scheduled-maintenances/upcoming': z.strictObject({ page, scheduled_maintenances }),
  'scheduled-maintenances/active': z.strictObject({ page, scheduled_maintenances }),
};

describe('the API of Statuspage', () => {
  let world: PageWorld;
  const read = async <N extends keyof typeof DOCUMENTS>(name: N): Promise<z.output<(typeof DOCUMENTS)[N]>> => {
    const answer = await world.get(`/api/v2/${name}.json`);
    assert.equal(answer.status, 200, name);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.doesNotMatch(answer.body, /vault/i);
    return DOCUMENTS[name].parse(JSON.parse(answer.body)) as z.output<(typeof DOCUMENTS)[N]>;
  };

  after(() => world.stop());
  before(async () => {
    world = await pageWorld();
    const { now } = world;
    await world.incident(
      { title: 'Uploads fail', impact: 3, status: 'observing' },
      ['status-page/obs-reg1', 'status-page/vault'],
      [
        { at: addMs(now, -2 * HOUR), status: 'detected', system: true, fact: { kind: 'detected' } },
        { at: addMs(now, -HOUR), status: 'observing', text: 'It **works** again.' },
      ],
    );
    await world.incident(
      { title: 'Old', impact: 2, status: 'resolved', end: addMs(now, -HOUR), postmortem: 'x', postmortemAt: now },
      ['status-page/vm-reg1'],
    );
    await world.incident({ title: 'Vault is open' }, ['status-page/vault']);
    const maintenance = { type: 'maintenance' as const, impact: 0 as const };
    await world.incident(
      { ...maintenance, title: 'Soon', status: 'planned', start: addMs(now, DAY), end: addMs(now, DAY + HOUR) },
      ['status-page/vm-reg1'],
    );
    await world.incident(
      { ...maintenance, title: 'Now', status: 'in_progress', start: addMs(now, -HOUR), end: addMs(now, HOUR) },
      ['status-page/obs-reg2'],
    );
  });

  it('has every document in the shape that strict clients parse', async () => {
    for (const name of Object.keys(DOCUMENTS) as (keyof typeof DOCUMENTS)[]) await read(name);
  });

  it('tells incidents in Statuspage’s words, newest update first, as plain text', async () => {
    const { incidents } = await read('incidents');
    assert.deepEqual(incidents.map(({ name, status: word, impact }) => [name, word, impact]).sort(), [
      ['Old', 'postmortem', 'major'],
      ['Uploads fail', 'monitoring', 'critical'],
    ]);
    const uploads = incidents.find(({ name }) => name === 'Uploads fail');
    assert.deepEqual(
      uploads?.incident_updates.map(({ body }) => body),
      ['It works again.', 'The incident is detected.'],
    );
    assert.equal(uploads?.components.length, 1);
  });

  it('tells what is unresolved, what is coming and what is going on', async () => {
    assert.deepEqual(
      (await read('incidents/unresolved')).incidents.map(({ name }) => name),
      ['Uploads fail'],
    );
    const upcoming = await read('scheduled-maintenances/upcoming');
    assert.deepEqual(
      upcoming.scheduled_maintenances.map(({ name }) => name),
      ['Soon'],
    );
    const active = await read('scheduled-maintenances/active');
    assert.deepEqual(
      active.scheduled_maintenances.map(({ name }) => name),
      ['Now'],
    );
  });

  it('tells of a component when it was made, which stays, and what the catalogue says of it', async () => {
    const about = { name: 'Queue', category: 'Queues', description: 'Holds messages.' };
    await world.component('status-page/queue', about);
    const find = async () => {
      const { components } = await read('components');
      const queue = components.find(({ name }) => name === 'Queue');
      const group = components.find(({ name }) => name === 'Queues');
      return queue && group ? { queue, group } : null;
    };
    const before = await until('the component is there', find);
    assert.equal(before.queue.description, 'Holds messages.');
    await world.incident({ title: 'Queue is full', impact: 1, start: world.app.clock.now() }, ['status-page/queue']);
    const after = await until('the incident is told', async () => {
      const found = await find();
      return found?.queue.status === 'degraded_performance' ? found : null;
    });
    assert.notEqual(after.queue.updated_at, before.queue.updated_at);
    assert.equal(after.queue.created_at, before.queue.created_at);
    assert.equal(after.group.created_at, before.group.created_at);
    const { components } = await read('summary');
    assert.equal(components.find(({ name }) => name === 'Queue')?.description, 'Holds messages.');
  });

  it('puts components into groups by category', async () => {
    const { components } = await read('components');
    const storage = components.find(({ group, name }) => group && name === 'Storage');
    const members = components.filter(({ group_id: id }) => id === storage?.id);
    assert.deepEqual(members.map(({ name }) => name).sort(), ['Object Storage (Reg1)', 'Object Storage (Reg2)']);
    assert.deepEqual(storage?.components?.toSorted(), members.map(({ id }) => id).sort());
    assert.equal(storage?.status, 'major_outage');
  });
});

/** As much of a row as the indicator looks at. */
function at(level: Level): { status: { level: Level } } {
  return { status: { level } };
}

describe('the indicator', () => {
  for (const [levels, wanted, description] of [
    [['operational', 'notice'], 'none', 'All Systems Operational'],
    [['operational', 'maintenance'], 'none', 'Service Under Maintenance'],
    [['operational', 'degraded'], 'minor', 'Minor Service Outage'],
    [['degraded', 'partial_outage'], 'major', 'Partial System Outage'],
    [['partial_outage', 'major_outage'], 'critical', 'Major Service Outage'],
    [['operational', 'unknown'], 'minor', 'No Current Data For 1 Of 2 Systems'],
    [['maintenance', 'unknown'], 'minor', 'No Current Data For 1 Of 2 Systems'],
  ] as const) {
    it(`is ${wanted} for ${levels.join(' and ')}`, () => {
      const rows = levels.map(at);
      assert.deepEqual(overallStatus(rows), { indicator: wanted, description });
    });
  }

  it('never says that all is well while anything is unknown', () => {
    for (const level of LEVELS) {
      const { description } = overallStatus([at(level), at('unknown')]);
      assert.notEqual(description, 'All Systems Operational');
    }
  });
});
