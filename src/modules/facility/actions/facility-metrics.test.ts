import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from '../../../platform/metrics/index.ts';
import { facilityMetrics, type ProjectMeasures } from './facility-metrics.ts';

const NOTHING: ProjectMeasures = { ages: new Map(), stale: 0, oldest: 0, integrations: new Map() };

describe('the metrics of projects', () => {
  it('name no project any more that was taken out or became members-only', async () => {
    const metrics = createMetrics();
    const facility = facilityMetrics(metrics);
    const ages = new Map([
      ['lab/301', 5],
      ['lab/secret-desk', 7],
    ]);
    facility.projects({ ...NOTHING, ages });
    assert.match(await metrics.render(), /facility_reading_age_seconds\{project="lab\/secret-desk"\} 7/);
    facility.projects({ ...NOTHING, ages: new Map([['lab/301', 6]]) });
    const text = await metrics.render();
    assert.match(text, /facility_reading_age_seconds\{project="lab\/301"\} 6/);
    assert.doesNotMatch(text, /secret-desk/);
  });

  it('tell what is known of the tokens and webhooks of each integration, and no more', async () => {
    const metrics = createMetrics();
    const facility = facilityMetrics(metrics);
    const measure = { tokenExpires: 86_400, tokenHealthy: true, hookHealthy: false };
    facility.projects({ ...NOTHING, stale: 2, oldest: 90, integrations: new Map([['lab', measure]]) });
    const text = await metrics.render();
    for (const line of [
      'facility_stale_projects 2',
      'facility_oldest_reading_age_seconds 90',
      'facility_token_expires_seconds{integration="lab"} 86400',
      'facility_token_healthy{integration="lab"} 1',
      'facility_hook_healthy{integration="lab"} 0',
    ])
      assert.ok(text.split('\n').includes(`signalbox_${line}`), line);
    const unknown = { tokenExpires: null, tokenHealthy: null, hookHealthy: null };
    facility.projects({ ...NOTHING, integrations: new Map([['lab', unknown]]) });
    assert.doesNotMatch(await metrics.render(), /integration="lab"/);
  });
});
