import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import type { Issue, WorldEvent } from '../model.ts';
import { handClock } from '../test-support/lab.ts';
import { GitlabWorld } from '../world.ts';
import { hookMessage } from './payloads.ts';

const BASE = 'https://gitlab.example.test';

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));
}

function exampleWorld() {
  const clock = handClock('2025-01-10T08:00:00.000Z');
  const world = new GitlabWorld(clock, BASE);
  const mia = world.addUser({ name: 'Mia Beck', username: 'mbeck', id: 12 });
  const jon = world.addUser({ name: 'Jon Ito', username: 'jito', id: 14 });
  const project = world.addProject({ path: 'lab/instrument-desk', id: 301 });
  world.addLabel(project, { id: 811, title: 'CRITICAL', color: '#dc143c' });
  world.addLabel(project, { id: 812, title: 'Information', color: '#1f75cb' });
  world.addLabel(project, { id: 820, title: 'D:Cryo A', color: '#009966' });
  world.addLabel(project, { id: 822, title: 'D:Laser 2', color: '#cc338b' });
  const events: WorldEvent[] = [];
  world.onEvent((event) => events.push(event));
  const to = (instant: string) => clock.step(Date.parse(instant) - Date.parse(clock.now()));
  const last = () => {
    const event = events.at(-1);
    assert.ok(event);
    const message = hookMessage(event, BASE);
    return { ...message, json: JSON.parse(message.body) as Record<string, unknown> };
  };
  return { world, project, mia, jon, to, last };
}

function cryoIssue({ world, project, mia, to }: ReturnType<typeof exampleWorld>): Issue {
  to('2025-11-19T07:41:02.000Z');
  const issue = world.openIssue(project, {
    id: 90012,
    iid: 58,
    title: 'Cooling alarm on Cryo A',
    description: 'Compressor stops after 10 min.',
    labels: ['D:Cryo A'],
    author: mia,
    assignees: [mia],
    relativePosition: 513,
  });
  issue.updatedBy = mia;
  return issue;
}

it('writes a label change exactly as GitLab does', () => {
  const example = exampleWorld();
  const issue = cryoIssue(example);
  example.to('2025-11-20T06:12:44.000Z');
  example.world.editIssue(issue, { addLabels: ['CRITICAL'] }, example.mia);
  const message = example.last();
  assert.deepEqual(message.json, fixture('issue-hook'));
  assert.equal(message.eventName, 'Issue Hook');
  assert.equal(message.flag, 'issues_events');
});

it('writes a comment on a confidential issue exactly as GitLab does', () => {
  const example = exampleWorld();
  const { world, project, jon, to, last } = example;
  to('2025-11-18T10:00:00.000Z');
  const issue = world.openIssue(project, {
    id: 90020,
    iid: 61,
    title: 'Access problem',
    labels: ['D:Laser 2', 'Information'],
    confidential: true,
    author: jon,
  });
  to('2025-11-20T08:02:10.000Z');
  world.nextId('note', 550090);
  world.comment(issue, 'Spare part ordered, ETA Friday.', jon);
  assert.deepEqual(last().json, fixture('confidential-note-hook'));
  assert.equal(last().eventName, 'Confidential Note Hook');
  assert.equal(last().flag, 'confidential_note_events');
});

it('names the action and the change of state when an issue is closed and reopened', () => {
  const example = exampleWorld();
  const issue = cryoIssue(example);
  example.world.closeIssue(issue);
  const closed = example.last().json as {
    object_attributes: Record<string, unknown>;
    changes: Record<string, unknown>;
  };
  assert.equal(closed.object_attributes['action'], 'close');
  assert.equal(closed.object_attributes['state'], 'closed');
  assert.deepEqual(closed.changes['state_id'], { previous: 1, current: 2 });
  assert.deepEqual(closed.changes['closed_at'], { previous: null, current: '2025-11-19 07:41:02 UTC' });
  example.world.reopenIssue(issue);
  const reopened = example.last().json as typeof closed;
  assert.equal(reopened.object_attributes['action'], 'reopen');
  assert.deepEqual(reopened.changes['state_id'], { previous: 2, current: 1 });
});

it('sends an issue as confidential from the moment it is made so', () => {
  const example = exampleWorld();
  const issue = cryoIssue(example);
  assert.equal(example.last().flag, 'issues_events');
  example.world.editIssue(issue, { confidential: true });
  assert.equal(example.last().flag, 'confidential_issues_events');
  assert.equal(example.last().eventName, 'Confidential Issue Hook');
  assert.equal(example.last().json['event_type'], 'confidential_issue');
  assert.deepEqual((example.last().json['changes'] as Record<string, unknown>)['confidential'], {
    previous: false,
    current: true,
  });
});

it('tells nothing of an edit that changes nothing', () => {
  const example = exampleWorld();
  const issue = cryoIssue(example);
  const events: WorldEvent[] = [];
  example.world.onEvent((event) => events.push(event));
  example.to('2025-11-20T09:00:00.000Z');
  example.world.editIssue(issue, { addLabels: ['D:Cryo A'], removeLabels: ['CRITICAL'], title: issue.title });
  assert.equal(events.length, 0);
  assert.equal(issue.updatedAt, '2025-11-19T07:41:02.000Z');
});

it('marks a label of the group as such', () => {
  const example = exampleWorld();
  example.world.addLabel(example.project.group, { title: 'Logbook' });
  example.world.openIssue(example.project, { title: 'Weekly log', labels: ['Logbook'] });
  const [label] = example.last().json['labels'] as Record<string, unknown>[];
  assert.ok(label);
  assert.equal(label['type'], 'GroupLabel');
  assert.equal(label['group_id'], example.project.group.id);
  assert.equal(label['project_id'], null);
});
