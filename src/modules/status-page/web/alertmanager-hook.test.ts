import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../../../test/support/until.ts';
import type { Signal } from '../../../core/index.ts';
import { MINUTE, SECOND, systemClock, toInstant, toMs } from '../../../core/index.ts';
import { type V1World, v1World } from './v1-world.cases.ts';

const TOKEN = 'token-of-the-alertmanager';
const OBS = { name: 'Object Storage', attributes: [['region', 'Reg1']] as [string, string][] };
const OBS2 = { name: 'Object Storage', attributes: [['region', 'Reg2']] as [string, string][] };
const DNS = { name: 'DNS' };
const KEYS = {
  obs: 'status-page/object-storage-reg1',
  obs2: 'status-page/object-storage-reg2',
  dns: 'status-page/dns',
};
const ago = (ms: number) => toInstant(toMs(systemClock.now()) - ms);

/** Those that are answered by now. */
async function settled(answers: readonly Promise<number>[]): Promise<number[]> {
  const open = Promise.resolve(null);
  const now = await Promise.all(answers.map((answer) => Promise.race([answer, open])));
  return now.filter((code) => code !== null);
}

describe('the webhook of Alertmanager', () => {
  let world: V1World;
  before(async () => {
    const alertmanager = [
      { id: 'prod', token: TOKEN, severities: { page: 'major_outage', ticket: 'degraded', info: 'notice' } },
    ];
    const values = { 'status-page': { alertmanager }, http: { limits: { pages: 1000, forms: 1000, denials: 3 } } };
    world = await v1World({ values });
    await world.catalog(OBS, OBS2, DNS);
  });
  after(() => world[Symbol.asyncDispose]());

  const alert = (fingerprint: string, labels: Record<string, string>, more: Record<string, unknown> = {}) => ({
    status: 'firing',
    labels: { severity: 'ticket', ...labels },
    annotations: { summary: `Alert ${fingerprint}` },
    startsAt: ago(MINUTE),
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'https://prometheus.example/graph?g0.expr=up',
    fingerprint,
    ...more,
  });
  const send = async (body: unknown, authorization = `Bearer ${TOKEN}`, integration = 'prod') => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { 'content-type': 'application/json', authorization };
    const url = `${world.box.url}/hooks/alertmanager/${integration}`;
    const answer = await fetch(url, { method: 'POST', headers, body: text });
    return { status: answer.status, headers: answer.headers, json: (await answer.json()) as Record<string, unknown> };
  };
  const post = async (...alerts: unknown[]) => {
    const answer = await send({ version: '4', groupKey: '{}:{}', status: 'firing', truncatedAlerts: 0, alerts });
    await world.box.app.journal.drain();
    return answer;
  };
  const status = async (key: string) =>
    (await world.box.app.components.statuses({ kind: 'system', name: 'test' }, [key])).get(key)!;
  const signalsOf = async (key: string) =>
    (await status(key)).why.signals.filter(({ source }) => source === 'alertmanager/prod');
  const incidents = async () => (await world.get('/api/v1/incidents')).list;

  it('refuses who does not know its token, and an integration that is not configured', async () => {
    for (const authorization of ['', 'Bearer wrong', `Basic ${TOKEN}`])
      assert.equal((await send({}, authorization)).status, 401);
    assert.equal((await send({ alerts: [] }, undefined, 'other')).status, 404);
    const limited = await send({}, 'Bearer wrong');
    assert.deepEqual(
      [limited.status, limited.headers.has('retry-after')],
      [503, true],
      'never 429, which would drop it',
    );
    assert.equal((await send({ alerts: [] })).status, 200);
  });

  it('makes a signal of each alert of a group, found by key, by name and region, or by a name there is once', async () => {
    const { status: code, json } = await post(
      alert('a1', { component: KEYS.obs, severity: 'page' }),
      alert('a2', { component: 'Object Storage', region: 'Reg2' }),
      alert('a3', { component: 'DNS', severity: 'info' }),
    );
    assert.deepEqual([code, json['firing'], json['unknown']], [200, 3, 0]);
    const [signal] = await signalsOf(KEYS.obs);
    assert.equal(signal!.level, 'major_outage');
    assert.equal(signal!.summary, 'Alert a1');
    assert.equal(signal!.evidence, 'https://prometheus.example/graph?g0.expr=up');
    assert.equal(signal!.name, 'alert/a1');
    assert.deepEqual([(await status(KEYS.obs2)).level, (await status(KEYS.dns)).level], ['degraded', 'notice']);
  });

  it('opens incidents by the same decision as the API does, with the words of the alert', async () => {
    assert.deepEqual(
      (await incidents()).map(({ text, impact }) => [text, impact]),
      [
        ['Alert a1', 3],
        ['Alert a2', 1],
      ],
    );
    const reported = await world.report('Object Storage', 3, { attributes: [{ name: 'region', value: 'Reg1' }] });
    assert.equal(reported.status, 409);
  });

  it('takes the same alert again as its going on, and opens nothing', async () => {
    const [first] = await signalsOf(KEYS.obs2);
    const same = alert('a2', { component: 'Object Storage', region: 'Reg2' }, { startsAt: first!.observedAt });
    await post(same);
    assert.deepEqual(await signalsOf(KEYS.obs2), [first], 'what another instance says in the same minute adds nothing');
    await post({ ...same, annotations: { summary: 'Alert a2, still' } });
    const [again, ...others] = await signalsOf(KEYS.obs2);
    assert.deepEqual(others, []);
    assert.ok(again!.observedAt > first!.observedAt && again!.expiresAt! > first!.expiresAt!);
    assert.equal((await incidents()).length, 2);
  });

  it('takes the signal back when the alert is resolved, and leaves the incident to people', async () => {
    const resolved = { status: 'resolved', endsAt: ago(SECOND) };
    const { json } = await post(alert('a2', { component: 'Object Storage', region: 'Reg2' }, resolved));
    assert.deepEqual([json['firing'], json['resolved']], [0, 1]);
    assert.deepEqual(await signalsOf(KEYS.obs2), []);
    const open = (await incidents()).find(({ text }) => text === 'Alert a2')!;
    assert.equal(open.end_date, null);
    assert.deepEqual(
      open.updates.map(({ text }) => text),
      ['monitoring sees Object Storage (Reg2) recovered'],
    );
  });

  it('tells what it does not know, in the answer and in a metric, and takes the rest', async () => {
    const { status: code, json } = await post(
      alert('b1', { component: 'Nothing' }),
      alert('b2', { component: 'Object Storage' }),
      alert('b3', {}),
      { status: 'sideways' },
      alert('b4', { component: 'status-page/nothing' }),
      alert('b5', { component: 'DNS', severity: 'constructor' }),
    );
    assert.equal(code, 200);
    assert.deepEqual([json['firing'], json['unknown'], json['malformed']], [1, 4, 1]);
    assert.deepEqual(
      (json['unknownComponents'] as { component: string }[]).map(({ component }) => component),
      ['Nothing', 'Object Storage', '', 'status-page/nothing'],
    );
    assert.equal((await status(KEYS.dns)).level, 'degraded');
    const metrics = await (await fetch(`${world.box.url}/metrics`)).text();
    assert.match(metrics, /signalbox_status_page_alerts_total\{outcome="unknown_component"\} 4/);
  });

  it('answers a batch of a million alerts with 413 and goes on', async () => {
    const million = `{"alerts":[${'{},'.repeat(999_999)}{}]}`;
    assert.equal((await send(million)).status, 413);
    const large = JSON.stringify({ alerts: [alert('c1', { component: 'DNS', x: 'x'.repeat(17 * 1024 * 1024) })] });
    const refused = await send(large).catch((error: unknown) => error as Error);
    if (!(refused instanceof Error)) assert.equal(refused.status, 413);
    assert.equal((await send('{"alerts":')).status, 400);
    assert.equal((await post()).status, 200);
  });

  it('answers 503 and when to come again while too many are under way', async () => {
    const group = { alerts: Array.from({ length: 10 }, (_, n) => alert(`d${n}`, { component: 'DNS' })) };
    // Nothing is stored as long as another unit holds the writer.
    const [held, free] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const holding = world.box.app.db.write(() => (held.resolve(undefined), free.promise));
    await held.promise;
    const sent = Array.from({ length: 25 }, () => send(group));
    const refused = sent.map((answer) => answer.then(({ status: code }) => code));
    await until('five are turned away', async () => (await settled(refused)).length === 5);
    free.resolve(undefined);
    await holding;
    const answers = await Promise.all(sent);
    assert.deepEqual(answers.map(({ status: code }) => code).sort(), [
      ...Array.from({ length: 20 }, () => 200),
      ...Array.from({ length: 5 }, () => 503),
    ]);
    const turnedAway = answers.filter(({ status: code }) => code === 503);
    assert.ok(turnedAway.every(({ headers }) => headers.get('retry-after') === '5'));
    await world.box.app.journal.drain();
    const names = (await signalsOf(KEYS.dns)).map(({ name }: Pick<Signal, 'name'>) => name);
    assert.equal(names.filter((name) => name.startsWith('alert/d')).length, 10, 'each alert counts once');
  });
});
