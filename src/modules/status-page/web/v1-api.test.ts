import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { DAY, systemClock, toInstant, toMs } from '../../../core/index.ts';
import { type V1World, v1World } from './v1-world.cases.ts';

const CMP1 = {
  name: 'cmp1',
  attributes: [
    ['a1', 'v1'],
    ['a2', 'v2'],
  ] as [string, string][],
};
const CMP2 = { name: 'cmp2', attributes: [['a1', 'v1']] as [string, string][] };
const OBS = {
  name: 'Object Storage',
  attributes: [
    ['region', 'Reg1'],
    ['category', 'Storage'],
    ['type', 'obs'],
  ] as [string, string][],
};
const VM = {
  name: 'Virtual Servers',
  attributes: [
    ['region', 'Reg1'],
    ['category', 'Compute'],
    ['type', 'vm'],
  ] as [string, string][],
};
const OBS2 = {
  name: 'Object Storage',
  attributes: [
    ['region', 'Reg2'],
    ['category', 'Storage'],
    ['type', 'obs'],
  ] as [string, string][],
};
const REG1 = { attributes: [{ name: 'region', value: 'Reg1' }] };
const MINUTES = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/;

let world: V1World;
let cmp1 = '';
const ago = (ms: number) => toInstant(toMs(systemClock.now()) - ms);

async function fixtures(): Promise<void> {
  world = await v1World();
  [cmp1 = ''] = await world.catalog(CMP1, CMP2);
  await world.write({ title: 'closed', status: 'resolved', start: ago(2 * DAY), end: ago(DAY) }, [cmp1]);
}

const open = async () => {
  const { list } = await world.get('/api/v1/incidents');
  return list.filter(({ end_date, impact }) => end_date === null && impact > 0);
};

describe('test_api of the predecessor (specification §22.1)', () => {
  beforeEach(fixtures);
  afterEach(() => world[Symbol.asyncDispose]());

  it('test_get_plain: components are listed without a token', async () => {
    const { status, list } = await world.get('/api/v1/component_status');
    assert.equal(status, 200);
    assert.deepEqual(
      list.map(({ name }) => name),
      ['cmp1', 'cmp2'],
    );
  });

  it('test_post_unauthorized: a report without a token is answered as the predecessor did', async () => {
    for (const headers of [{}, { authorization: 'Bearer nonsense' }, { authorization: 'Basic YTpi' }]) {
      const { status, type, text } = await world.post({ name: 'cmp1', impact: 1 }, headers);
      assert.deepEqual([status, type.split(';')[0], text], [401, 'text/html', 'Unauthorized Access']);
    }
    assert.deepEqual(await open(), []);
  });

  it('test_post_no_incident: only a closed incident is around, a new one is opened', async () => {
    const { status, json, text } = await world.report('cmp1', 1);
    assert.equal(status, 201);
    assert.match(json.start_date, MINUTES);
    assert.equal(
      text,
      `{"end_date":null,"id":2,"impact":1,"start_date":"${json.start_date}","text":"Incident","updates":[]}`,
    );
  });

  it('test_post_active_maintenance: it answers, and no incident is opened', async () => {
    const end = toInstant(toMs(systemClock.now()) + DAY);
    const id = await world.write(
      {
        type: 'maintenance',
        impact: 0,
        title: 'Work',
        description: 'New disks.',
        status: 'in_progress',
        start: ago(DAY),
        end,
      },
      [cmp1],
    );
    const { status, json } = await world.report('cmp1', 1);
    assert.equal(status, 201);
    assert.deepEqual([json.id, json.text, json.impact], [id, 'Work', 0]);
    assert.deepEqual(
      json.updates.map(({ status: word, text }) => [word, text]),
      [['description', 'New disks.']],
    );
    assert.deepEqual(await open(), []);
  });

  it('test_post_active_maintenance_other_component: what is not in it gets an incident', async () => {
    const id = await world.write({ type: 'maintenance', impact: 0, status: 'in_progress', start: ago(DAY) }, [cmp1]);
    const { status, json } = await world.report('cmp2', 1);
    assert.equal(status, 201);
    assert.notEqual(json.id, id);
    assert.deepEqual(
      (await open()).map((one) => one.id),
      [json.id],
    );
  });

  it('test_post_active_incident: a second component joins the one of the same impact', async () => {
    const first = await world.report('cmp1', 1);
    const { status, json } = await world.report('cmp2', 1);
    assert.deepEqual([status, json.id], [201, first.json.id]);
    assert.equal((await open()).length, 1);
  });

  it('test_post_incident_changing_impact: alone in it, the incident is raised', async () => {
    const first = await world.report('cmp1', 1);
    const { status, json } = await world.report('cmp1', 2);
    assert.deepEqual([status, json.id, json.impact], [201, first.json.id, 2]);
    assert.deepEqual(
      json.updates.map(({ status: word, text }) => [word, text]),
      [['SYSTEM', 'impact changed from minor to major']],
    );
    assert.equal((await open()).length, 1);
  });

  it('test_post_incident_creating_multiple: different impacts are different incidents', async () => {
    const answers = [await world.report('cmp1', 1), await world.report('cmp2', 2)];
    assert.deepEqual(
      (await open()).map(({ id }) => id),
      answers.map(({ json }) => json.id),
    );
  });

  it('test_post_incident_moving_component: it moves, the old incident says so and is closed', async () => {
    const first = await world.report('cmp1', 1);
    const second = await world.report('cmp2', 2);
    const { status, json } = await world.report('cmp1', 2);
    assert.deepEqual([status, json.id], [201, second.json.id]);
    assert.deepEqual(
      (await open()).map(({ id }) => id),
      [second.json.id],
    );
    const { list: all } = await world.get('/api/v1/incidents');
    const old = all.find(({ id }) => id === first.json.id);
    assert.match(old!.end_date ?? '', MINUTES);
    assert.deepEqual(
      old!.updates.map(({ text }) => text),
      ['CLOSED BY SYSTEM', `cmp1 (v1, v2) moved to <a href='/incidents/${json.id}'>Incident</a>`],
    );
  });
});

describe('/api/v1 as on the wire (specification §5, §8.1, appendix 2)', () => {
  beforeEach(async () => {
    world = await v1World();
    await world.catalog(OBS, VM, OBS2);
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it('tells the story of the appendix word for word', async () => {
    const first = await world.report('Object Storage', 1, { text: 'Slow uploads', ...REG1 });
    const at = first.json.start_date;
    assert.equal(
      first.text,
      `{"end_date":null,"id":1,"impact":1,"start_date":"${at}","text":"Slow uploads","updates":[]}`,
    );
    const again = await world.report('Object Storage', 1, { text: 'Slow uploads', ...REG1 });
    assert.equal(again.status, 409);
    assert.equal(
      again.text,
      '{"details":"Check your request parameters","existingIncidentId":1,"existingIncidentTitle":"Slow uploads","message":"Incident with this the component already exists","targetComponent":"Object Storage (Reg1, Storage, obs)"}',
    );
    const joined = await world.report('Virtual Servers', 1, REG1);
    assert.equal(joined.status, 201);
    assert.deepEqual(
      joined.json.updates.map(({ status, text }) => [status, text]),
      [['SYSTEM', 'Virtual Servers (Reg1, Compute, vm) added to Slow uploads']],
    );
    const moved = await world.report('Object Storage', 3, { text: 'Uploads fail', ...REG1 });
    assert.deepEqual([moved.json.id, moved.json.text], [2, 'Uploads fail']);
    assert.deepEqual(
      moved.json.updates.map(({ text }) => text),
      ["Object Storage (Reg1, Storage, obs) moved from <a href='/incidents/1'>Slow uploads</a>"],
    );
    await world.report('Virtual Servers', 3, REG1);
    const { list: all } = await world.get('/api/v1/incidents');
    assert.deepEqual(
      all.map(({ id }) => id),
      [1, 2],
    );
    assert.match(all[0]!.end_date ?? '', MINUTES);
    assert.deepEqual(
      all[0]!.updates.map(({ text }) => text),
      [
        'CLOSED BY SYSTEM',
        "Virtual Servers (Reg1, Compute, vm) moved to <a href='/incidents/2'>Uploads fail</a>",
        "Object Storage (Reg1, Storage, obs) moved to <a href='/incidents/2'>Uploads fail</a>",
        'Virtual Servers (Reg1, Compute, vm) added to Slow uploads',
      ],
    );
  });

  it('answers mistakes in a body with 422 in the words of the predecessor, all at once', async () => {
    const cases: [unknown, unknown][] = [
      [{ name: 'Object Storage', impact: 'high' }, { impact: ['Not a valid integer.'] }],
      [{}, { impact: ['Missing data for required field.'], name: ['Missing data for required field.'] }],
      [
        { name: 1, impact: 1, text: 2 },
        { name: ['Not a valid string.'], text: ['Not a valid string.'] },
      ],
      [{ name: 'x', impact: 1, severity: 2 }, { severity: ['Unknown field.'] }],
      [
        { name: null, impact: null },
        { impact: ['Field may not be null.'], name: ['Field may not be null.'] },
      ],
      [{ name: 'x', impact: true }, { impact: ['Not a valid integer.'] }],
      [{ name: 'x', impact: 1, attributes: 'region' }, { attributes: ['Not a valid list.'] }],
      [
        { name: 'x', impact: 1, attributes: [{ name: 'region' }, 7] },
        { attributes: { 0: { value: ['Missing data for required field.'] }, 1: { _schema: ['Invalid input type.'] } } },
      ],
      [[], { _schema: ['Invalid input type.'] }],
    ];
    for (const [body, errors] of cases) {
      const { status, type, json } = await world.post(body);
      assert.deepEqual([status, type.split(';')[0]], [422, 'application/json']);
      assert.deepEqual(json, { code: 422, errors: { json: errors }, status: 'Unprocessable Entity' });
    }
    const { text } = await world.post({ name: 'Object Storage', impact: 'high' });
    assert.equal(
      text,
      '{"code":422,"errors":{"json":{"impact":["Not a valid integer."]}},"status":"Unprocessable Entity"}',
    );
  });

  it('takes an impact as a text of digits, as the predecessor did', async () => {
    assert.equal((await world.report('Virtual Servers', '2' as unknown as number)).json.impact, 2);
  });

  it('answers what is no JSON with 400', async () => {
    const { status, json } = await world.post('{"name":');
    assert.deepEqual(
      [status, json],
      [400, { code: 400, errors: { json: ['Invalid JSON body.'] }, status: 'Bad Request' }],
    );
  });

  it('refuses an impact that is not configured, impact 0 among them (bug 2)', async () => {
    for (const impact of [0, 7, -1]) {
      const { status, text } = await world.report('Object Storage', impact);
      assert.equal(status, 400);
      assert.equal(
        text,
        '{"code":400,"message":"Incident impact is not allowed by configuration","status":"Bad Request"}',
      );
    }
    assert.deepEqual((await world.get('/api/v1/incidents')).json, []);
  });

  it('answers an unknown component with 400 and not with 500 (bug 1)', async () => {
    for (const [name, attributes] of [
      ['Nothing', []],
      ['Object Storage', [{ name: 'region', value: 'Reg9' }]],
      ['Object Storage', [{ name: 'colour', value: 'red' }]],
    ] as const) {
      const { status, json } = await world.report(name, 1, { attributes });
      assert.deepEqual([status, json], [400, { code: 400, message: 'Component not found', status: 'Bad Request' }]);
    }
  });

  it('takes the first component of the name where no region is given, as the predecessor of this path did', async () => {
    const { status, json } = await world.report('Object Storage', 1);
    assert.equal(status, 201);
    const { list } = await world.get('/api/v1/component_status?name=Object%20Storage');
    const ids = list.map(({ incidents }) => incidents.map(({ id }) => id));
    assert.deepEqual(ids, [[json.id], []], 'that of Reg1, which is first in the catalogue');
    await world.catalog({ name: 'Object Storage' });
    assert.equal((await world.report('Object Storage', 1)).status, 201, 'one without attributes is meant exactly');
  });

  it('takes no type from a monitor (CreationWrongType of specification §22.6)', async () => {
    for (const type of ['maintenance', 'info', 'incident']) {
      const { status, json } = await world.report('Virtual Servers', 1, { type, system: true });
      const errors = { json: { system: ['Unknown field.'], type: ['Unknown field.'] } };
      assert.deepEqual([status, json], [422, { code: 422, errors, status: 'Unprocessable Entity' }]);
    }
    assert.deepEqual((await world.get('/api/v1/incidents')).list, []);
  });

  it('lets no title of a monitor become markup in the texts of the rows (bug 8)', async () => {
    await world.report('Object Storage', 1, { text: `<img src=x onerror='alert(1)'>&"`, ...REG1 });
    await world.report('Virtual Servers', 1, REG1);
    const { json } = await world.report('Virtual Servers', 2, REG1);
    const title = '&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;&quot;';
    assert.equal(
      json.updates[0]!.text,
      `Virtual Servers (Reg1, Compute, vm) moved from <a href='/incidents/1'>${title}</a>`,
    );
    const { list: all } = await world.get('/api/v1/incidents');
    assert.equal(all[0]!.text, `<img src=x onerror='alert(1)'>&"`, 'the title itself is data, not markup');
    assert.equal(all[0]!.updates[1]!.text, `Virtual Servers (Reg1, Compute, vm) added to ${title}`);
  });

  it('shows people’s rows with the words that the predecessor had', async () => {
    const { json } = await world.report('Object Storage', 1, REG1);
    await world.change(json.id, { system: false, status: 'analysing' });
    await world.say(json.id, 'analysing', 'We look into *it*.');
    const { list: all } = await world.get('/api/v1/incidents');
    assert.deepEqual(
      all[0]!.updates.map(({ status, text }) => [status, text]),
      [['analyzing', 'We look into *it*.']],
    );
  });

  it('finds components by the beginning of their name, and one by an attribute', async () => {
    const names = async (query: string) =>
      (await world.get(`/api/v1/component_status${query}`)).list.map((one) => one.name);
    assert.deepEqual(await names(''), ['Object Storage', 'Virtual Servers', 'Object Storage']);
    assert.deepEqual(await names('?name=Obj&colour=red'), ['Object Storage', 'Object Storage']);
    assert.deepEqual(await names('?name=Nothing'), []);
    const one = await world.get(
      '/api/v1/component_status?name=Object%20Storage&attribute_name=region&attribute_value=Reg2',
    );
    assert.equal(one.status, 200);
    assert.equal(
      one.text,
      '{"attributes":[{"name":"region","value":"Reg2"},{"name":"category","value":"Storage"},{"name":"type","value":"obs"}],"id":3,"incidents":[],"name":"Object Storage"}',
    );
    for (const query of [
      '?name=Obj&attribute_name=region&attribute_value=Reg2',
      '?attribute_name=region&attribute_value=Reg2',
    ]) {
      const none = await world.get(`/api/v1/component_status${query}`);
      assert.deepEqual(
        [none.status, none.text],
        [404, '{"code":404,"message":"Component does not exist","status":"Not Found"}'],
      );
    }
  });

  it('lists with a component every incident it ever was in, those it moved out of too (bug 11)', async () => {
    for (const name of ['Object Storage', 'Virtual Servers']) await world.report(name, 1, REG1);
    await world.report('Object Storage', 2, REG1);
    const { list } = await world.get('/api/v1/component_status');
    const ids = list.map(({ incidents }) => incidents.map(({ id }) => id));
    assert.deepEqual(ids, [[1, 2], [1], []]);
  });

  it('filters and pages incidents when asked to, and says how many there are', async () => {
    const obs = 'status-page/object-storage-reg1-storage-obs';
    const vm = 'status-page/virtual-servers-reg1-compute-vm';
    for (let day = 1; day <= 5; day++) {
      const closed = {
        status: 'resolved',
        start: `2026-03-0${day}T08:00:00.000Z`,
        end: `2026-03-0${day}T09:00:00.000Z`,
      } as const;
      await world.write({ title: `Day ${day}`, impact: day % 2 === 0 ? 2 : 1, ...closed }, [day === 5 ? vm : obs]);
    }
    const titles = async (query: string) => (await world.get(`/api/v1/incidents${query}`)).list.map(({ text }) => text);
    assert.deepEqual(await titles(''), ['Day 1', 'Day 2', 'Day 3', 'Day 4', 'Day 5']);
    assert.deepEqual(await titles('?opened=true'), ['Day 1', 'Day 2', 'Day 3', 'Day 4', 'Day 5']);
    assert.deepEqual(await titles('?impact=2'), ['Day 4', 'Day 2']);
    assert.deepEqual(await titles('?from=2026-03-02&until=2026-03-03'), ['Day 3', 'Day 2']);
    assert.deepEqual(await titles('?from=2026-03-02T09:00:00Z&impact=1,2&status=resolved'), [
      'Day 5',
      'Day 4',
      'Day 3',
    ]);
    assert.deepEqual(await titles('?status=reopened'), []);
    assert.deepEqual(await titles('?service=Virtual%20Servers&region=Reg1'), ['Day 5']);
    assert.deepEqual(await titles('?region=Reg2'), []);
    const page = await world.get('/api/v1/incidents?impact=1,2&limit=2&page=2');
    assert.deepEqual(
      page.list.map(({ text }) => text),
      ['Day 3', 'Day 2'],
    );
    assert.equal(page.headers.get('x-total-count'), '5');
    assert.match(
      page.headers.get('link') ?? '',
      /limit=2&page=3>; rel="next", <[^>]+page=1>; rel="prev", <[^>]+page=3>; rel="last"/,
    );
    assert.deepEqual(await titles('?limit=2&page=9'), []);
    const wrong = await world.get('/api/v1/incidents?impact=abc&from=2026-02-31&page=0&status=resurrected&limit=150');
    assert.deepEqual(wrong.json, {
      code: 422,
      errors: {
        query: {
          from: ['Not a valid datetime.'],
          impact: ['Not a valid integer.'],
          limit: ['Must be 1 to 100.'],
          page: ['Not a valid integer.'],
          status: ['Not a valid choice.'],
        },
      },
      status: 'Unprocessable Entity',
    });
  });

  it('refuses a time that ends before it begins, and names both ends', async () => {
    for (const query of [
      'from=2026-03-03&until=2026-03-02',
      'from=2026-03-03T00:00:00Z&until=2026-03-02',
      'from=2026-03-02T10:00:00Z&until=2026-03-02T09:00:00Z',
    ]) {
      const { status, json } = await world.get(`/api/v1/incidents?${query}`);
      assert.equal(status, 400, query);
      const errors = { query: { from: ['Must not be after until.'], until: ['Must not be before from.'] } };
      assert.deepEqual(json, { code: 400, errors, status: 'Bad Request' });
    }
    for (const query of ['from=2026-03-02T12:00:00Z&until=2026-03-02', 'from=2026-03-02&until=2026-03-02']) {
      assert.equal((await world.get(`/api/v1/incidents?${query}`)).status, 200, query);
    }
  });

  it('serves its lists with an ETag, and a change at once (bug 15)', async () => {
    const first = await fetch(`${world.box.url}/api/v1/incidents`);
    const etag = first.headers.get('etag') ?? '';
    assert.equal(first.headers.get('access-control-allow-origin'), '*');
    const same = await fetch(`${world.box.url}/api/v1/incidents`, { headers: { 'if-none-match': etag } });
    assert.equal(same.status, 304);
    await world.report('Object Storage', 1, REG1);
    assert.equal((await world.get('/api/v1/incidents')).list.length, 1);
  });

  it('logs no repetition as an error', async () => {
    for (let n = 0; n < 3; n++) await world.report('Object Storage', 1, REG1);
    const levels = world.box.log.map((line) => (JSON.parse(line) as { level: number }).level);
    assert.ok(
      levels.every((level) => level < 40),
      world.box.log.join(''),
    );
  });

  it('wants a token with the scope for it', async () => {
    const reader = await world.box.token('read');
    const { status, json } = await world.post({ name: 'x', impact: 1 }, { authorization: `Bearer ${reader}` });
    assert.deepEqual([status, json.code, json.status], [403, 403, 'Forbidden']);
  });
});

describe('who may see what on /api/v1', () => {
  beforeEach(async () => {
    world = await v1World();
    await world.catalog(OBS, { ...VM, visibility: 'members' });
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it('shows nothing of a members-only component, its incidents and its moves', async () => {
    await world.report('Virtual Servers', 1, { text: 'Secret trouble', ...REG1 });
    await world.report('Object Storage', 2, { text: 'Known trouble', ...REG1 });
    await world.report('Virtual Servers', 2, REG1);
    const { text, list } = await world.get('/api/v1/incidents');
    assert.deepEqual(
      list.map((one) => one.text),
      ['Known trouble'],
    );
    assert.doesNotMatch(text, /Secret|Virtual|incidents\/1/);
    const components = await world.get('/api/v1/component_status');
    assert.doesNotMatch(components.text, /Secret|Virtual|incidents\/1/);
    const one = await world.get(
      '/api/v1/component_status?name=Virtual%20Servers&attribute_name=region&attribute_value=Reg1',
    );
    assert.equal(one.status, 404);
  });

  it('answers a monitor without telling it of what it did not report itself', async () => {
    await world.report('Object Storage', 1, REG1);
    const own = await world.report('Virtual Servers', 1, REG1);
    assert.match(own.text, /Virtual Servers \(Reg1, Compute, vm\) added/);
    const { json } = await world.report('Object Storage', 2, REG1);
    const other = await world.report('Virtual Servers', 2, REG1);
    assert.match(other.text, /Virtual Servers/);
    const again = await world.report('Object Storage', 3, REG1);
    assert.deepEqual([json.id, again.json.id], [2, 3]);
    assert.doesNotMatch(again.text, /Virtual/);
  });

  it('opens no incident under words that everybody would read once a public component comes into it', async () => {
    const own = await world.report('Virtual Servers', 1, { text: 'Secret trouble', ...REG1 });
    assert.equal(own.json.text, 'Incident');
    await world.report('Object Storage', 1, REG1);
    const { text, list } = await world.get('/api/v1/incidents');
    assert.equal(list[0]!.updates[0]!.text, 'Object Storage (Reg1, Storage, obs) added to Incident');
    assert.doesNotMatch(text, /Secret|Virtual/);
  });
});
