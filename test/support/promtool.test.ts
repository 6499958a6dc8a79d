import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { promtoolComplaints, withoutPromtool } from './promtool.ts';

describe('promtool', { skip: withoutPromtool }, () => {
  it('has nothing against a clean exposition', async () => {
    const clean = '# HELP signalbox_up_ratio How much.\n# TYPE signalbox_up_ratio gauge\nsignalbox_up_ratio 1\n';
    assert.equal(await promtoolComplaints(clean), '');
  });

  it('names a counter without _total', async () => {
    const wrong = '# HELP signalbox_hits Hits.\n# TYPE signalbox_hits counter\nsignalbox_hits 1\n';
    assert.match(await promtoolComplaints(wrong), /_total/);
  });

  it('names text that is no exposition', async () => {
    assert.notEqual(await promtoolComplaints('{"json": true'), '');
  });
});
