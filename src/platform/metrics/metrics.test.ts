import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { environment } from '../config/index.ts';
import { createMetrics } from './index.ts';

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;

describe('metrics', () => {
  it('counts, sets and observes under our prefix', async () => {
    const metrics = createMetrics();
    metrics.counter('hooks_total', 'Hooks received.', ['outcome']).add({ outcome: 'accepted' });
    metrics.gauge('components', 'Components by level.', ['level']).set(3, { level: 'notice' });
    metrics.histogram('poll_duration_seconds', 'Time of one poll.', [], [0.1, 1]).observe(0.2);
    const text = await metrics.render();
    assert.match(text, /^signalbox_hooks_total\{outcome="accepted"\} 1$/m);
    assert.match(text, /^signalbox_components\{level="notice"\} 3$/m);
    assert.match(text, /^signalbox_poll_duration_seconds_bucket\{le="0\.1"\} 0$/m);
    assert.match(text, /^signalbox_poll_duration_seconds_bucket\{le="1"\} 1$/m);
    assert.match(text, /^signalbox_poll_duration_seconds_count 1$/m);
    assert.ok(text.endsWith('\n'));
  });

  it('tells how the process does under the usual names', async () => {
    const metrics = createMetrics();
    await metrics.render();
    const text = await metrics.render();
    for (const name of [
      'process_cpu_seconds_total',
      'process_start_time_seconds',
      'process_resident_memory_bytes',
      'nodejs_heap_used_bytes',
    ]) {
      const value = Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
      assert.ok(value > 0, `${name} is ${value}`);
    }
    const started = Number(/^process_start_time_seconds (\S+)$/m.exec(text)?.[1]);
    assert.ok(Math.abs(started - (Date.now() / 1000 - process.uptime())) < 5);
    assert.match(text, /^nodejs_eventloop_lag_seconds \d/m);
  });

  it('keeps a hostile label value inside its quotes', async () => {
    const metrics = createMetrics();
    metrics.counter('hooks_total', 'Hooks.', ['outcome']).add({ outcome: 'a"} 1\nevil_total 7\\' });
    const text = await metrics.render();
    assert.match(text, /outcome="a\\"\} 1\\nevil_total 7\\\\"\} 1$/m);
    assert.doesNotMatch(text, /^evil_total/m);
  });

  for (const [make, name] of [
    ['counter', 'hooks'],
    ['counter', 'signalbox_hooks_total'],
    ['gauge', 'devices_total'],
    ['histogram', 'poll_duration_ms'],
    ['counter', 'Hooks_total'],
  ] as const) {
    it(`refuses ${name} as a ${make}`, () => {
      assert.throws(() => createMetrics()[make](name, 'Help.'), /not a metric name/);
    });
  }

  it('refuses a metric without help and one that exists', () => {
    const metrics = createMetrics();
    assert.throws(() => metrics.counter('hooks_total', ' '), /help/);
    metrics.counter('hooks_total', 'Hooks.');
    assert.throws(() => metrics.counter('hooks_total', 'Hooks.'), /already/);
  });

  it('asks every part before a scrape and survives one that fails or hangs', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const metrics = createMetrics();
    const gauge = metrics.gauge('devices', 'Devices.');
    let asked = 0;
    metrics.beforeScrape(async () => {
      throw new Error('no database');
    });
    metrics.beforeScrape(() => new Promise(() => undefined));
    metrics.beforeScrape(async () => {
      asked += 1;
      gauge.set(22);
    });
    const both = Promise.all([metrics.render(), metrics.render()]);
    test.mock.timers.tick(2000);
    const [first, second] = await both;
    assert.equal(first, second);
    assert.equal(asked, 1);
    assert.match(first, /^signalbox_devices 22$/m);
    assert.match(first, /^signalbox_metrics_collect_failures_total 2$/m);
  });

  it('is accepted by promtool without a warning', {
    skip: !hasPromtool && environment()['CI'] !== 'true',
  }, async () => {
    const metrics = createMetrics();
    metrics.counter('hooks_total', 'Hooks "received"\nwith \\ in it.', ['outcome']).add({ outcome: 'è\n"' });
    metrics.gauge('components', 'Components by level.', ['level']).set(3, { level: 'notice' });
    metrics.histogram('poll_duration_seconds', 'Time of one poll.', ['connector']).observe(3, { connector: 'gitlab' });
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: await metrics.render(), encoding: 'utf8' });
    assert.equal(checked.error, undefined, 'promtool is missing: it comes with the Debian package "prometheus"');
    assert.equal(`${checked.stdout}${checked.stderr}`, '');
    assert.equal(checked.status, 0);
  });
});
