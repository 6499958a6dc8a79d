import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase, freshAddress } from '../../../../test/support/databases.ts';
import { at, TestClock } from '../../../../test/support/status-page-world.ts';
import { MINUTE } from '../../../core/index.ts';
import { type V1Object, type V1World, v1World } from './v1-world.cases.ts';

const REGION = [['region', 'Reg1']] as [string, string][];
const NAMES = ['Compute', 'Storage', 'Network', 'Database', 'Queue'] as const;

/** What a person does to an incident, through the API. */
async function update(world: V1World, token: string, id: number, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(`${world.box.url}/api/incidents/${id}/updates`, init);
  assert.equal(answer.status, 200, await answer.text());
}

const texts = ({ updates }: V1Object) => updates.map(({ text }) => text);

// The cases of specification §22.4, by the names that they have there.
eachDatabase((_open, engine) => {
  const start = async () => {
    const clock = new TestClock();
    const world = await v1World({ clock, databaseUrl: await freshAddress(engine) });
    const keys = await world.catalog(...NAMES.map((name) => ({ name, attributes: REGION })));
    /** A minute after whatever was before. */
    const report = async (name: (typeof NAMES)[number], impact: number, text?: string) => {
      clock.go(MINUTE);
      const attributes = REGION.map(([attribute, value]) => ({ name: attribute, value }));
      return await world.report(name, impact, { attributes, ...(text === undefined ? {} : { text }) });
    };
    const incident = async (id: number): Promise<V1Object> => {
      const found = (await world.get('/api/v1/incidents')).list.find((one) => one.id === id);
      assert.ok(found);
      return found;
    };
    return { world, clock, keys, report, incident, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
  };

  it('TestV1PostComponentsStatusHandler: tells the story of five incidents in eleven steps', async () => {
    await using given = await start();
    const { world, clock, keys, report, incident } = given;
    const writer = await world.box.token('incidents:write');
    const seed = { start: at('10:00'), end: at('11:00'), createdAt: at('10:00'), modifiedAt: at('11:00') };
    await world.write({ title: 'Long over', status: 'resolved', ...seed }, keys.slice(0, 1));

    const opened = await report('Compute', 1, 'Slow');
    assert.deepEqual([opened.status, opened.json.id, opened.json.impact, opened.json.updates], [201, 2, 1, []], '1');

    const again = await report('Compute', 1);
    const { existingIncidentId, existingIncidentTitle } = again.refusal;
    assert.deepEqual([again.status, existingIncidentId, existingIncidentTitle], [409, 2, 'Slow'], '2');

    const raised = await report('Compute', 2);
    assert.deepEqual([raised.status, raised.json.id, raised.json.impact], [201, 2, 2], '3');
    assert.deepEqual(texts(raised.json), ['impact changed from minor to major']);

    const joined = await report('Storage', 2);
    assert.deepEqual([joined.status, joined.json.id], [201, 2], '4');
    assert.equal(texts(joined.json)[0], 'Storage (Reg1) added to Slow');

    const worse = await report('Network', 3, 'Network down');
    assert.deepEqual([worse.status, worse.json.id, worse.json.impact], [201, 3, 3], '5');
    clock.go(MINUTE);
    await update(world, writer, 3, { status: 'resolved', text: 'A cable.' });

    const left = await report('Compute', 3, 'Outage');
    assert.deepEqual([left.status, left.json.id, left.json.impact], [201, 4, 3], '6');
    assert.deepEqual(texts(left.json), ["Compute (Reg1) moved from <a href='/incidents/2'>Slow</a>"]);
    assert.equal((await incident(2)).end_date, null);

    const followed = await report('Storage', 3);
    assert.deepEqual([followed.status, followed.json.id], [201, 4], '7');
    const closed = await incident(2);
    assert.equal(closed.end_date, closed.updates[0]?.timestamp);
    assert.equal(texts(closed)[0], 'CLOSED BY SYSTEM');

    // In the database, as there: a person who lowers it here takes it over.
    await world.change(4, { impact: 2 });
    assert.deepEqual([(await incident(4)).impact, (await incident(4)).end_date], [2, null], '8');

    const anew = await report('Database', 3, 'Another');
    assert.deepEqual([anew.status, anew.json.id, anew.json.text], [201, 5, 'Another'], '9');

    const second = await report('Queue', 3);
    assert.deepEqual([second.status, second.json.id], [201, 5], '10');
    assert.equal((await world.get('/api/v1/incidents')).list.length, 5);

    const moved = await report('Compute', 3);
    assert.deepEqual([moved.status, moved.json.id], [201, 5], '11');
    assert.equal(texts(moved.json)[0], "Compute (Reg1) moved from <a href='/incidents/4'>Outage</a>");
    const lower = await incident(4);
    assert.deepEqual([lower.impact, lower.end_date], [2, null]);
    assert.equal(texts(lower)[0], "Compute (Reg1) moved to <a href='/incidents/5'>Another</a>");
  });

  it('leaves to a person what they have lowered, whatever monitors report (REC 2 of specification §24)', async () => {
    await using given = await start();
    const { world, clock, report, incident } = given;
    await report('Compute', 3, 'Outage');
    clock.go(MINUTE);
    const writer = await world.box.token('incidents:write');
    await update(world, writer, 1, { status: 'impact changed', impact: 2, text: 'Less than we thought.' });
    assert.equal((await report('Compute', 3)).status, 409);
    assert.equal((await incident(1)).impact, 2);
    assert.equal((await report('Storage', 2)).json.id, 2, 'no machine joins it either');
  });

  it('TestV1GetComponentsStatusHandler: lists a component with its incidents, byte for byte', async () => {
    await using given = await start();
    const { world, report } = given;
    await report('Compute', 1, 'Slow');
    await report('Storage', 1);
    await report('Compute', 2, 'Slower');
    const first =
      '{"end_date":null,"id":1,"impact":1,"start_date":"2026-11-21 12:01","text":"Slow","updates":[' +
      `{"status":"SYSTEM","text":"Compute (Reg1) moved to <a href='/incidents/2'>Slower</a>","timestamp":"2026-11-21 12:03"},` +
      '{"status":"SYSTEM","text":"Storage (Reg1) added to Slow","timestamp":"2026-11-21 12:02"}]}';
    const second =
      '{"end_date":null,"id":2,"impact":2,"start_date":"2026-11-21 12:03","text":"Slower","updates":[' +
      `{"status":"SYSTEM","text":"Compute (Reg1) moved from <a href='/incidents/1'>Slow</a>","timestamp":"2026-11-21 12:03"}]}`;
    const component = (id: number, name: string, incidents: string) =>
      `{"attributes":[{"name":"region","value":"Reg1"}],"id":${id},"incidents":[${incidents}],"name":"${name}"}`;
    const all = await world.get('/api/v1/component_status');
    assert.equal(
      all.text,
      `[${[
        component(1, 'Compute', `${first},${second}`),
        component(2, 'Storage', first),
        ...NAMES.slice(2).map((name, index) => component(index + 3, name, '')),
      ].join(',')}]`,
    );
    const one = await world.get('/api/v1/component_status?name=Storage&attribute_name=region&attribute_value=Reg1');
    assert.equal(one.text, component(2, 'Storage', first));
    assert.equal((await world.get('/api/v1/incidents')).text, `[${first},${second}]`);
  });
});
