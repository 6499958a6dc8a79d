import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MOST_ALERTS, parseAlerts } from './payload.ts';
import { bearerRefusal } from './webhook.ts';

const ALERT = {
  status: 'firing',
  labels: { alertname: 'ProbeFailure', severity: 'critical' },
  annotations: { description: 'down for over 5m', summary: 'Probe failure:\n\tserver' },
  startsAt: '2023-02-06T14:08:45.828739266+01:00',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://user:secret@prometheus.example:9090/graph?g0.expr=up',
  fingerprint: '1a30ba71cca2921f',
};

function parse(...alerts: unknown[]) {
  return parseAlerts(Buffer.from(JSON.stringify({ version: '4', status: 'firing', groupKey: '{}', alerts })));
}

describe('a notification of Alertmanager', () => {
  it('is read with its alerts in one line each, their times in UTC and their links without credentials', () => {
    const { alerts, malformed, truncated } = parse({ ...ALERT, notification_reason: 'new' })!;
    const [alert] = alerts;
    assert.deepEqual(
      { ...alert, labels: Object.fromEntries(alert!.labels) },
      {
        status: 'firing',
        fingerprint: '1a30ba71cca2921f',
        labels: ALERT.labels,
        summary: 'Probe failure: server',
        link: 'http://prometheus.example:9090/graph?g0.expr=up',
        startsAt: '2023-02-06T13:08:45.828Z',
      },
    );
    assert.deepEqual([malformed, truncated], [0, 0]);
  });

  it('says how many were left out', () => {
    const body = Buffer.from(JSON.stringify({ alerts: [], truncatedAlerts: 7 }));
    assert.equal(parseAlerts(body)!.truncated, 7);
  });

  it('takes the description where there is no summary, and cuts what is long', () => {
    const { alerts } = parse(
      { ...ALERT, annotations: { description: 'd'.repeat(500) } },
      { ...ALERT, annotations: { summary: '\u0000 \u200b', description: 'seen' } },
      { ...ALERT, annotations: null },
    )!;
    assert.equal([...alerts[0]!.summary!].length, 300);
    assert.deepEqual([alerts[1]!.summary, alerts[2]!.summary], ['seen', null]);
  });

  it('lets links lead to web pages only', () => {
    const links = ['javascript:alert(1)', 'file:///etc/passwd', 'nonsense', `https://x.example/${'a'.repeat(2000)}`, 7];
    for (const generatorURL of links) assert.equal(parse({ ...ALERT, generatorURL })!.alerts[0]!.link, null);
  });

  it('names an alert without a fingerprint by its labels, in any order', () => {
    const [a, b, c] = parse(
      { ...ALERT, fingerprint: undefined },
      { ...ALERT, fingerprint: '../x', labels: { severity: 'critical', alertname: 'ProbeFailure' } },
      { ...ALERT, fingerprint: '', labels: {} },
    )!.alerts;
    assert.equal(a!.fingerprint, b!.fingerprint);
    assert.notEqual(a!.fingerprint, c!.fingerprint);
    assert.match(a!.fingerprint, /^[0-9a-f]{16}$/);
  });

  it('passes over what is no alert and takes the others', () => {
    const { alerts, malformed } = parse(null, 'x', { status: 'sideways' }, { status: 'resolved' }, ALERT)!;
    assert.deepEqual([alerts.length, malformed], [2, 3]);
    assert.equal(alerts[0]!.startsAt, null);
  });

  it('takes the year 1 for no time at all', () => {
    for (const startsAt of ['0001-01-01T00:00:00Z', 'yesterday', '']) {
      assert.equal(parse({ ...ALERT, startsAt })!.alerts[0]!.startsAt, null);
    }
  });

  it('refuses what is no notification, and more alerts than anybody sends', () => {
    for (const body of ['', 'x', '[]', '{}', '{"alerts":{}}', '"\ud800']) {
      assert.throws(() => parseAlerts(Buffer.from(body)), { code: 'invalid' });
    }
    assert.equal(parse(...Array.from({ length: MOST_ALERTS + 1 }, () => 0)), null);
  });

  it('never fails on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (alert, labels) => {
        const { alerts, malformed } = parse(alert, { ...ALERT, labels, annotations: labels })!;
        assert.equal(alerts.length + malformed, 2);
      }),
    );
  });
});

describe('the token of a notification', () => {
  it('is the bearer token and nothing near it', () => {
    assert.equal(bearerRefusal('Bearer right-token', 'right-token'), null);
    assert.equal(bearerRefusal('bearer right-token', 'right-token'), null);
    for (const sent of [
      undefined,
      '',
      'Bearer',
      'Bearer wrong',
      'Basic right-token',
      'right-token',
      'Bearer right-token x',
    ]) {
      assert.equal(typeof bearerRefusal(sent, 'right-token'), 'string');
    }
  });
});
