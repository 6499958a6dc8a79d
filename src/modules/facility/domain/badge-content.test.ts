import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BadgePlace, desiredBadge, issueListUrl } from './badge-content.ts';

const PLACE: BadgePlace = {
  integration: 'lab',
  mode: 'stable',
  link: 'issues',
  publicUrl: 'https://status.example.test/base',
  projectUrl: 'https://gitlab.example.test/lab/desk',
};
const subject = { key: 'facility/cryo-a', label: 'D:Cryo A', shows: 'DOWN', hasIssue: true };

describe('desiredBadge', () => {
  it('does not depend on the state in stable mode', () => {
    const down = desiredBadge(subject, PLACE);
    assert.deepEqual(down, {
      name: 'signalbox:lab:cryo-a',
      imageUrl: 'https://status.example.test/base/badges/facility/cryo-a.svg',
      linkUrl: 'https://gitlab.example.test/lab/desk/-/issues/?sort=updated_desc&state=opened&label_name[]=D%3ACryo+A',
    });
    assert.deepEqual(desiredBadge({ ...subject, shows: 'RUNNING', hasIssue: false }, PLACE), down);
  });

  it('changes its address with what it shows in content mode', () => {
    const place: BadgePlace = { ...PLACE, mode: 'content' };
    const down = desiredBadge(subject, place);
    assert.match(down.imageUrl, /cryo-a\.svg\?v=[0-9a-z]{14}$/);
    assert.deepEqual(desiredBadge(subject, place), down);
    const running = desiredBadge({ ...subject, shows: 'RUNNING', hasIssue: false }, place);
    assert.notEqual(running.imageUrl, down.imageUrl);
    assert.equal(running.linkUrl, 'https://gitlab.example.test/lab/desk/-/boards');
  });
});

describe('a badge that leads to us', () => {
  it('leads to the page of its device, whatever its state', () => {
    for (const mode of ['stable', 'content'] as const) {
      for (const hasIssue of [true, false]) {
        const { linkUrl } = desiredBadge({ ...subject, hasIssue }, { ...PLACE, mode, link: 'page' });
        assert.equal(linkUrl, 'https://status.example.test/base/components/facility/cryo-a');
      }
    }
  });
});

describe('issueListUrl', () => {
  it("survives any label and never holds one of GitLab's placeholders", () => {
    for (const label of ['D:a/b?c#d%e,f', 'D:%{project_path}', 'D:\ud800', 'D:Größe']) {
      const url = issueListUrl(PLACE.projectUrl, label);
      assert.doesNotMatch(url, /%\{/);
      const form = new URL(url).searchParams.get('label_name[]');
      assert.equal(form, label.toWellFormed());
    }
  });
});
