import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { afterFailure, createChannels, type Json, newWebhookSecret } from '../index.ts';
import { delivery, HOSTILE, message } from '../test-support/messages.ts';
import { failureOf, type Received, type Receiver, startReceiver, testEgress } from '../test-support/receiver.ts';

const site = () => ({ title: 'Lab', publicUrl: 'https://status.example.org', timezone: 'UTC' });
const { webhook } = createChannels({ egress: testEgress(), mailer: () => null, site });
const SECRET = newWebhookSecret();

let receiver: Receiver;
before(async () => {
  receiver = await startReceiver();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer(200);
});
after(() => receiver.close());

/** What a receiver does, written from the specification of Standard Webhooks 1.0. */
function verified({ headers, body }: Received, secret: string, nowSeconds: number): boolean {
  const id = String(headers['webhook-id']);
  const timestamp = String(headers['webhook-timestamp']);
  if (!/^\d+$/.test(timestamp) || Math.abs(Number(timestamp) - nowSeconds) > 300) return false;
  const [kind, encoded = ''] = secret.split('_');
  assert.equal(kind, 'whsec');
  const expected = createHmac('sha256', Buffer.from(encoded, 'base64')).update(`${id}.${timestamp}.${body}`).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .map((one) => one.split(','))
    .filter(([version]) => version === 'v1')
    .map(([, signature = '']) => Buffer.from(signature, 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}

const NOW = Date.parse(delivery().at) / 1000;

function target(secrets: readonly string[] = [SECRET]) {
  return { url: `${receiver.url}/hooks/S3CRET-path`, secrets };
}

describe('a webhook', () => {
  it('is signed over its id, the moment of the attempt and its body as it stands', async () => {
    await webhook.send(message(), target(), delivery());
    const [got] = receiver.received as [Received];
    assert.deepEqual(JSON.parse(got.body), {
      type: 'incident.updated',
      timestamp: '2026-10-01T10:32:00.000Z',
      data: { incident: { id: '7', title: 'Mail is slow' } },
    });
    assert.equal(got.path, '/hooks/S3CRET-path');
    assert.equal(got.headers['content-type'], 'application/json');
    assert.equal(got.headers['webhook-id'], delivery().id);
    assert.equal(got.headers['webhook-timestamp'], '1790850787');
    assert.equal(verified(got, SECRET, NOW), true);
    assert.equal(verified(got, newWebhookSecret(), NOW), false);
    assert.equal(verified({ ...got, body: JSON.stringify(JSON.parse(got.body), null, 1) }, SECRET, NOW), false);
    assert.equal(verified(got, SECRET, NOW + 3600), false);
  });

  it('has the same signature as the published example of the specification', async () => {
    // The secret, id and moment of the specification's example, over our body.
    const secret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
    const at = '2022-11-03T20:26:10.344Z';
    await webhook.send(message(), target([secret]), delivery({ id: 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W', at }));
    assert.equal(verified(receiver.received[0]!, secret, 1_667_507_170), true);
  });

  it('keeps its id over attempts, with a new moment and signature', async () => {
    await webhook.send(message(), target(), delivery());
    await webhook.send(message(), target(), delivery({ attempt: 2, at: '2026-10-01T10:38:07.900Z' }));
    const [first, second] = receiver.received as [Received, Received];
    assert.equal(first.headers['webhook-id'], second.headers['webhook-id']);
    assert.equal(first.body, second.body);
    assert.notEqual(first.headers['webhook-signature'], second.headers['webhook-signature']);
    assert.equal(verified(second, SECRET, NOW + 300), true);
  });

  it('is believed with the old secret and the new one while they change', async () => {
    const next = newWebhookSecret();
    await webhook.send(message(), target([next, SECRET]), delivery());
    for (const secret of [next, SECRET]) assert.equal(verified(receiver.received[0]!, secret, NOW), true);
  });

  it('has secrets of 32 random bytes, and is not sent with anything less', async () => {
    const secrets = new Set(Array.from({ length: 50 }, newWebhookSecret));
    assert.equal(secrets.size, 50);
    for (const secret of secrets) assert.equal(Buffer.from(secret.slice('whsec_'.length), 'base64').length, 32);
    for (const wrong of [[], [''], ['whsec_'], ['whsec_c2hvcnQ='], [SECRET.slice(6)], [SECRET, 'x']]) {
      await assert.rejects(webhook.send(message(), target(wrong), delivery()), /webhook/);
    }
    await assert.rejects(webhook.send(message(), target(), delivery({ id: 'a.b' })), /id of a delivery/);
    assert.deepEqual(receiver.received, []);
  });

  it('is valid and small whatever its data are', async () => {
    const long = 'é"\\\u0000測😀'.repeat(20_000);
    for (const [data, expected] of [
      [{ id: '7', url: 'https://a.example/x', text: long }, /^\{"id":"7","url":"https:\/\/a\.example\/x","text":"é/],
      [
        { id: '7', list: Array.from({ length: 10_000 }, (_, n) => ({ name: `item ${n}` })) },
        /^\{"id":"7","list":\[\{"name":"item 0"/,
      ],
      [{ deep: [[[{ text: long }]]] }, /^\{"deep":\[\[\[\{"text":"é/],
      [Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`key${n}`, n])), /^\{"url":"https:\/\/status/],
    ] as [Record<string, Json>, RegExp][]) {
      receiver.received.length = 0;
      await webhook.send(message({ data }), target(), delivery());
      const [got] = receiver.received as [Received];
      assert.ok(Buffer.byteLength(got.body) < 20_000);
      const { data: sent } = JSON.parse(got.body) as { data: { truncated?: boolean } };
      assert.match(JSON.stringify(sent), expected);
      assert.equal(sent.truncated, true);
      assert.equal(verified(got, SECRET, NOW), true);
    }
  });

  it('uses the room there is', async () => {
    await webhook.send(message({ data: { text: 'x'.repeat(50_000) } }), target(), delivery());
    assert.ok(Buffer.byteLength(receiver.received[0]!.body) > 19_900);
  });

  it('carries hostile texts as data', async () => {
    for (const text of HOSTILE) {
      receiver.received.length = 0;
      await webhook.send(message({ title: text, data: { title: text } }), target(), delivery());
      const [got] = receiver.received as [Received];
      assert.equal((JSON.parse(got.body) as { data: { title: string } }).data.title, text);
      assert.equal(verified(got, SECRET, NOW), true);
    }
  });

  it('is signed over what arrives, whatever that is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (data) => {
        receiver.received.length = 0;
        await webhook.send(message({ data: data as Record<string, Json> }), target(), delivery());
        assert.equal(verified(receiver.received[0]!, SECRET, NOW), true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a webhook that is not taken', () => {
  for (const [status, reason, retry] of [
    [301, 'client', true],
    [307, 'client', true],
    [400, 'client', true],
    [401, 'auth', true],
    [404, 'client', true],
    [408, 'timeout', true],
    [410, 'client', false],
    [429, 'rate_limited', true],
    [500, 'server', true],
    [503, 'server', true],
  ] as const) {
    it(`is ${retry ? 'tried again' : 'given up'} after ${status}`, async () => {
      receiver.answer(status, { location: 'http://127.0.0.1:1/' }, 'no: /hooks/S3CRET-path');
      const error = await failureOf(webhook.send(message(), target(), delivery()));
      assert.deepEqual({ reason: error.reason, retry: error.retry, status: error.status }, { reason, retry, status });
      assert.doesNotMatch(error.message, /S3CRET|whsec/);
      const next = afterFailure({ ...error, fault: webhook.faultOf(error) }, 1, () => 0.5);
      assert.deepEqual(next, retry ? { step: 'retry', afterMs: 5000 } : { step: 'give_up', disable: true });
    });
  }

  it('waits as long as it was asked to, where that means "later"', async () => {
    for (const [status, seconds] of [
      [429, 77],
      [502, 77],
      [503, 77],
      [504, 77],
      [500, undefined],
      [404, undefined],
    ] as const) {
      receiver.answer(status, { 'retry-after': '77' });
      assert.equal(
        (await failureOf(webhook.send(message(), target(), delivery()))).retryAfter,
        seconds,
        String(status),
      );
    }
  });

  it('is taken with every 2xx', async () => {
    for (const status of [200, 201, 202, 204]) {
      receiver.answer(status);
      await webhook.send(message(), target(), delivery());
    }
    assert.equal(receiver.received.length, 4);
  });

  it('goes through the guard', async () => {
    const guarded = createChannels({ egress: testEgress([]), mailer: () => null, site }).webhook;
    const error = await failureOf(guarded.send(message(), target(), delivery()));
    assert.deepEqual({ retry: error.retry, fault: guarded.faultOf(error) }, { retry: false, fault: 'target' });
    assert.equal(guarded.check(target(), { field: 'url', language: 'en' })?.field, 'url');
    assert.equal(webhook.check(target(), { field: 'url', language: 'en' }), null);
    assert.deepEqual(receiver.received, []);
  });
});
