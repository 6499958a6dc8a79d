import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from '../../../platform/metrics/index.ts';
import { facilityMetrics } from './facility-metrics.ts';

describe('the age of readings', () => {
  it('names no project any more that was taken out or became members-only', async () => {
    const metrics = createMetrics();
    const facility = facilityMetrics(metrics);
    facility.readingAges(
      new Map([
        ['lab/301', 5],
        ['lab/secret-desk', 7],
      ]),
    );
    assert.match(await metrics.render(), /facility_reading_age_seconds\{project="lab\/secret-desk"\} 7/);
    facility.readingAges(new Map([['lab/301', 6]]));
    const text = await metrics.render();
    assert.match(text, /facility_reading_age_seconds\{project="lab\/301"\} 6/);
    assert.doesNotMatch(text, /secret-desk/);
  });
});
