import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseHookEvent } from './webhook-payload.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../simulators/gitlab/fixtures/${name}.json`, import.meta.url), 'utf8'));
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const ISSUE = fixture('issue-hook') as Record<string, unknown> & { object_attributes: Record<string, unknown> };

describe('parseHookEvent', () => {
  it('reads an issue event with times as webhooks write them', () => {
    assert.deepEqual(parseHookEvent({}, bytes(ISSUE)), {
      kind: 'issue',
      project: { id: 301, path: 'lab/instrument-desk', visibility: 'private' },
      issue: {
        id: 90012,
        iid: 58,
        state: 'opened',
        confidential: false,
        title: 'Cooling alarm on Cryo A',
        url: 'https://gitlab.example.test/lab/instrument-desk/-/issues/58',
        labels: ['CRITICAL', 'D:Cryo A'],
        dueOn: null,
        updatedAt: '2025-11-20T06:12:44.000Z',
      },
    });
  });

  it('reads times in ISO form as well', () => {
    const attributes = { ...ISSUE.object_attributes, updated_at: '2025-11-20T06:12:44.101Z' };
    const event = parseHookEvent({}, bytes({ ...ISSUE, object_attributes: attributes }));
    assert.equal(event.kind === 'issue' && event.issue.updatedAt, '2025-11-20T06:12:44.101Z');
  });

  it('drops title, number and address when anything says confidential', () => {
    const ways: [Record<string, string>, unknown][] = [
      [{ 'x-gitlab-event': 'Confidential Issue Hook' }, ISSUE],
      [{}, { ...ISSUE, event_type: 'confidential_issue' }],
      [{}, { ...ISSUE, object_attributes: { ...ISSUE.object_attributes, confidential: true } }],
      [{}, { ...ISSUE, object_attributes: { ...ISSUE.object_attributes, confidential: undefined } }],
    ];
    for (const [headers, body] of ways) {
      const event = parseHookEvent(headers, bytes(body));
      assert.ok(event.kind === 'issue' && event.issue.confidential);
      assert.deepEqual([event.issue.title, event.issue.iid, event.issue.url], ['', 0, '']);
    }
  });

  it('knows the due date of an open issue, whatever GitLab writes for none, and of no confidential one', () => {
    const dueOf = (attributes: Record<string, unknown>): string | null => {
      const event = parseHookEvent(
        {},
        bytes({ ...ISSUE, object_attributes: { ...ISSUE.object_attributes, ...attributes } }),
      );
      assert.ok(event.kind === 'issue');
      return event.issue.dueOn;
    };
    assert.equal(dueOf({ due_date: '2025-12-01' }), '2025-12-01');
    for (const none of [null, undefined, '', 7, 'soon']) assert.equal(dueOf({ due_date: none }), null);
    assert.equal(dueOf({ due_date: '2025-12-01', confidential: true }), null);
  });

  it('treats other work items as issues', () => {
    assert.equal(parseHookEvent({}, bytes({ ...ISSUE, object_kind: 'work_item' })).kind, 'issue');
  });

  it('knows that a comment on an issue, also a confidential one, needs a reading', () => {
    const event = parseHookEvent({}, bytes(fixture('confidential-note-hook')));
    assert.deepEqual([event.kind, 'project' in event && event.project.id], ['touched', 301]);
    assert.doesNotMatch(JSON.stringify(event), /Spare part|Access problem/);
    assert.ok(event.kind === 'touched' && event.confidential);
    const { id } = event.project;
    const note = { object_kind: 'note', project_id: id, object_attributes: { noteable_type: 'Issue' } };
    const ways = [note, { ...note, issue: { confidential: false } }, { ...note, issue: { confidential: true } }];
    const told = ways.map((body) => parseHookEvent({}, bytes(body)));
    assert.deepEqual(
      told.map((one) => one.kind === 'touched' && one.confidential),
      [false, false, true],
    );
  });

  it('ignores comments on other things', () => {
    const body = { object_kind: 'note', project_id: 301, object_attributes: { noteable_type: 'MergeRequest' } };
    assert.equal(parseHookEvent({}, bytes(body)).kind, 'ignored');
  });

  it('ignores other kinds and events without a project', () => {
    assert.equal(parseHookEvent({}, bytes({ object_kind: 'pipeline', project: { id: 301 } })).kind, 'ignored');
    assert.equal(parseHookEvent({}, bytes({ object_kind: 'issue' })).kind, 'ignored');
  });

  it('refuses what has no object_kind and what is not JSON', () => {
    for (const body of [
      bytes({ text: 'custom template' }),
      bytes([]),
      bytes(null),
      Buffer.from('<xml/>'),
      Buffer.from([0xc3]),
    ]) {
      assert.throws(() => parseHookEvent({}, body), { code: 'invalid' });
    }
  });

  it('is not reached through the prototype', () => {
    const body = Buffer.from(
      '{"object_kind":"issue","__proto__":{"polluted":1},"project":{"id":301,"__proto__":{"polluted":1}}}',
    );
    assert.equal(parseHookEvent({}, body).kind, 'touched');
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });
});
