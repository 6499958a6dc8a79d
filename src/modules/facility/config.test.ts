import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOUR, MINUTE, SECOND } from '../../core/index.ts';
import { evidenceLife, FacilityConfig, type ProjectSettings, projectSettings } from './config.ts';
import { conditionOf } from './domain/label-rules.ts';

const INTEGRATION = { id: 'lab', url: 'https://gitlab.example.test/', token: 'glpat-abcdefgh' };

function settings(project: Record<string, unknown>): ProjectSettings {
  const config = FacilityConfig.parse({
    integrations: [INTEGRATION],
    projects: [{ integration: 'lab', project: 301, ...project }],
  });
  const [first] = projectSettings(config, 'Europe/Rome');
  assert.ok(first);
  return first;
}

function mistakes(config: unknown): string[] {
  const result = FacilityConfig.safeParse(config);
  return result.success ? [] : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

describe('the section facility', () => {
  it('may be absent', () => assert.deepEqual(FacilityConfig.parse(undefined), { integrations: [], projects: [] }));

  it('behaves like the original when nothing else is said', () => {
    const project = settings({});
    assert.deepEqual(
      [project.id, project.rules.prefix, project.order.order, project.badges, project.confidential, project.timezone],
      ['lab/301', 'D:', 'colour', 'stable', 'count', 'Europe/Rome'],
    );
    assert.deepEqual([project.reconcileMs, project.coalesceMs, project.visibility], [HOUR, 2 * SECOND, null]);
    assert.equal(conditionOf(project.rules, ['critical'])?.state, 'DOWN');
  });

  it('adds to the table of labels, changes it, and makes a label ordinary', () => {
    const { rules } = settings({
      labels: {
        Maintenance: { state: 'MAINTENANCE', level: 'maintenance' },
        critical: { state: 'BROKEN', level: 'major_outage' },
        Logbook: 'plain',
      },
    });
    assert.equal(conditionOf(rules, ['maintenance'])?.state, 'MAINTENANCE');
    assert.equal(conditionOf(rules, ['CRITICAL'])?.state, 'BROKEN');
    assert.equal(conditionOf(rules, ['Logbook'])?.state, 'LIMITED');
  });

  it('lets evidence live two and a half intervals, at least a quarter of an hour', () => {
    assert.equal(evidenceLife(settings({})), 2.5 * HOUR);
    assert.equal(evidenceLife(settings({ reconcile_interval: '5m' })), 15 * MINUTE);
  });

  it('tells all mistakes at once', () => {
    const found = mistakes({
      integrations: [
        { ...INTEGRATION, url: 'ftp://x', signing_token: 'not-a-signing-token', allow_ips: ['10.0.0.0/99'] },
        { ...INTEGRATION, token: 'changeme' },
      ],
      projects: [
        {
          integration: 'lab',
          project: 301,
          timezone: 'Mars/Olympus',
          reconcile_interval: '1s',
          groups: { red: 'Reds' },
          labels: { X: { state: 'X', level: 'unknown' } },
        },
      ],
    });
    for (const path of [
      'integrations.0.url',
      'integrations.0.signing_token',
      'integrations.0.allow_ips.0',
      'integrations.1.token',
      'projects.0.timezone',
      'projects.0.reconcile_interval',
      'projects.0.groups.red',
      'projects.0.labels.X',
    ]) {
      assert.ok(
        found.some((mistake) => mistake.startsWith(path)),
        `${path} is not in ${found.join('; ')}`,
      );
    }
  });

  it('knows integrations that are missing or named twice, and projects configured twice', () => {
    const projects = [
      { integration: 'lab', project: 301 },
      { integration: 'lab', project: 301 },
      { integration: 'bal', project: 1 },
    ];
    assert.deepEqual(mistakes({ integrations: [INTEGRATION, INTEGRATION], projects }), [
      'integrations.1.id: "lab" is taken by another integration',
      'projects.1.project: is configured twice',
      'projects.2.integration: there is no integration "bal"; there are: lab, lab',
    ]);
  });

  it('lets a project have secrets of its own, which count instead of those of its integration', () => {
    const own = { integration: 'lab', project: 302, token: 'glpat-of-302', hook_token: 'hook-of-302' };
    const config = FacilityConfig.parse({
      integrations: [{ ...INTEGRATION, hook_token: 'hook-of-all' }],
      projects: [{ integration: 'lab', project: 301 }, own],
    });
    assert.deepEqual(
      projectSettings(config, 'UTC').map(({ token, hookSecrets }) => [token, hookSecrets.token]),
      [
        ['glpat-abcdefgh', 'hook-of-all'],
        ['glpat-of-302', 'hook-of-302'],
      ],
    );
  });

  it('wants an access token for every project, from it or from its integration', () => {
    const { token: _token, ...integration } = INTEGRATION;
    const projects = [
      { integration: 'lab', project: 301 },
      { integration: 'lab', project: 302, token: 'glpat-of-302' },
    ];
    assert.match(mistakes({ integrations: [integration], projects }).join(), /^projects\.0\.token: there is no access/);
  });

  it('refuses keys it does not know', () => {
    assert.match(mistakes({ projects: [], integration: [] }).join(), /integration/);
  });

  it('is not poisoned by a label called __proto__', () => {
    const labels = JSON.parse('{"__proto__": {"state": "X", "level": "notice"}}') as Record<string, unknown>;
    assert.equal(conditionOf(settings({ labels }).rules, ['toString'])?.state, 'LIMITED');
    assert.equal(({} as Record<string, unknown>)['state'], undefined);
  });
});
