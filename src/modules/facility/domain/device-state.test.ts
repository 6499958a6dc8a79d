import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { deviceStates, type OpenIssue } from './device-state.ts';
import { DEFAULT_RULES, type LabelRules } from './label-rules.ts';

const LABELS = ['D:Alpha', 'D:Beta', 'D:Gamma'];
const RULES: LabelRules = {
  ...DEFAULT_RULES,
  specials: [...DEFAULT_RULES.specials, { label: 'Reserved', effect: { state: 'RESERVED', level: 'notice' } }],
};

function issue(iid: number, labels: string[], more: Partial<OpenIssue> = {}): OpenIssue {
  const url = `https://gitlab.example.test/lab/desk/-/issues/${iid}`;
  return {
    id: 9000 + iid,
    iid,
    title: `Issue ${iid}`,
    url,
    confidential: false,
    labels,
    dueOn: null,
    updatedAt: '2025-11-20T06:00:00.000Z',
    ...more,
  };
}

function confidential(id: number, labels: string[], updatedAt = '2025-11-21T06:00:00.000Z'): OpenIssue {
  return { id, iid: null, title: null, url: null, confidential: true, labels, dueOn: null, updatedAt };
}

function state(issues: OpenIssue[], label: string, count: 'count' | 'ignore' = 'count'): string | undefined {
  return deviceStates(RULES, LABELS, issues, count).byLabel.get(label)?.state;
}

describe('deviceStates', () => {
  it('shows every device, RUNNING without an issue', () => {
    const { byLabel } = deviceStates(RULES, LABELS, [], 'count');
    assert.deepEqual(
      [...byLabel].map(([label, { state: word, level }]) => [label, word, level]),
      [
        ['D:Alpha', 'RUNNING', 'operational'],
        ['D:Beta', 'RUNNING', 'operational'],
        ['D:Gamma', 'RUNNING', 'operational'],
      ],
    );
  });

  it('counts all device labels of an issue, not only the last', () => {
    const issues = [issue(1, ['D:Alpha', 'D:Gamma', 'CRITICAL'])];
    assert.equal(state(issues, 'D:Alpha'), 'DOWN');
    assert.equal(state(issues, 'D:Gamma'), 'DOWN');
    assert.equal(state(issues, 'D:Beta'), 'RUNNING');
  });

  it('lets the worst issue decide', () => {
    const issues = [
      issue(1, ['D:Alpha', 'CRITICAL']),
      issue(2, ['D:Alpha', 'Information'], { updatedAt: '2025-11-22T00:00:00.000Z' }),
    ];
    const alpha = deviceStates(RULES, LABELS, issues, 'count').byLabel.get('D:Alpha');
    assert.equal(alpha?.state, 'DOWN');
    assert.equal(alpha?.issue?.iid, 1);
    assert.equal(alpha?.publicIssues, 2);
  });

  it('takes "Updated" from the latest of equally bad issues, whatever their order', () => {
    const issues = [issue(1, ['D:Alpha'], { updatedAt: '2025-11-22T00:00:00.000Z' }), issue(2, ['D:Alpha'])];
    for (const list of [issues, issues.toReversed()]) {
      const alpha = deviceStates(RULES, LABELS, list, 'count').byLabel.get('D:Alpha');
      assert.equal(alpha?.updatedAt, '2025-11-22T00:00:00.000Z');
      assert.equal(alpha.issue?.iid, 1);
    }
  });

  it('ignores Logbook issues', () => {
    assert.equal(state([issue(1, ['D:Alpha', 'logbook', 'CRITICAL'])], 'D:Alpha'), 'RUNNING');
  });

  it('warns of device labels that the project does not have, and goes on', () => {
    const { byLabel, unknownLabels } = deviceStates(RULES, LABELS, [issue(1, ['D:Zeta', 'D:Alpha'])], 'count');
    assert.deepEqual(unknownLabels, ['D:Zeta']);
    assert.equal(byLabel.get('D:Alpha')?.state, 'LIMITED');
  });

  it('does not warn of labels that only a confidential issue carries', () => {
    assert.deepEqual(deviceStates(RULES, LABELS, [confidential(1, ['D:Secret'])], 'count').unknownLabels, []);
  });

  it('is not confused by hostile names', () => {
    const labels = [
      'D:__proto__',
      'D:constructor',
      'D:',
      'D:\u202eevil',
      `D:${'x'.repeat(10_000)}`,
      'D:krios',
      'D:Krios',
    ];
    const issues = [issue(1, ['D:__proto__', 'D:', 'D:Krios', 'CRITICAL'])];
    const { byLabel } = deviceStates(RULES, labels, issues, 'count');
    assert.deepEqual(
      [...byLabel.values()].map((device) => device.state),
      ['DOWN', 'RUNNING', 'DOWN', 'RUNNING', 'RUNNING', 'RUNNING', 'DOWN'],
    );
  });

  describe('with confidential issues', () => {
    it('counts them for the level and tells nothing else', () => {
      const alpha = deviceStates(RULES, LABELS, [confidential(1, ['D:Alpha', 'CRITICAL'])], 'count').byLabel.get(
        'D:Alpha',
      );
      assert.deepEqual(alpha, {
        state: 'DOWN',
        level: 'major_outage',
        issue: null,
        confidential: true,
        updatedAt: null,
        publicIssues: 0,
      });
    });

    it('ignores them when told to', () => {
      assert.equal(state([confidential(1, ['D:Alpha', 'CRITICAL'])], 'D:Alpha', 'ignore'), 'RUNNING');
    });

    it('does not let the word give away which label it was', () => {
      assert.equal(state([confidential(1, ['D:Alpha', 'Reserved'])], 'D:Alpha'), 'RUNNING | INFO');
    });

    it('prefers a public issue that is as bad, so that the public answer stays the same', () => {
      const open = issue(1, ['D:Alpha']);
      const hidden = confidential(2, ['D:Alpha']);
      const alone = deviceStates(RULES, LABELS, [open], 'count').byLabel.get('D:Alpha');
      assert.deepEqual(deviceStates(RULES, LABELS, [open, hidden], 'count').byLabel.get('D:Alpha'), alone);
      assert.deepEqual(deviceStates(RULES, LABELS, [hidden, open], 'count').byLabel.get('D:Alpha'), alone);
    });

    it('gives an answer that depends on them by level alone, for any issues', () => {
      const anyLabels = fc.subarray(['D:Alpha', 'CRITICAL', 'Information', 'Reserved', 'Logbook']);
      const anyTime = fc.integer({ min: 0, max: 1e12 }).map((ms) => new Date(ms).toISOString());
      const publicIssues = fc.array(fc.tuple(anyLabels, anyTime), { maxLength: 4 });
      fc.assert(
        fc.property(publicIssues, anyLabels, anyTime, anyTime, (list, labels, one, other) => {
          const open = list.map(([of, updatedAt], index) => issue(index, of, { updatedAt }));
          const answer = (updatedAt: string, id: number): unknown =>
            deviceStates(RULES, LABELS, [...open, confidential(id, labels, updatedAt)], 'count');
          assert.deepEqual(answer(one, 1), answer(other, 99_999));
        }),
      );
    });
  });
});
