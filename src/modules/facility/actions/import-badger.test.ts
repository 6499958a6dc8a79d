import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importBadger } from './import-badger.ts';

const toml = (api: string): string =>
  `[repo]\nproject_url = "https://gitlab.yourserver.de/path/to/project/"\nproject_api_url = "${api}"\n`;

describe('importBadger', () => {
  it("finds GitLab and project of the original's sample", () => {
    assert.deepEqual(importBadger(toml('https://gitlab.yourserver.de/api/v4/projects/12345/')), {
      url: 'https://gitlab.yourserver.de',
      project: 12345,
    });
  });
  it('knows a GitLab under a path, and a project by its path', () => {
    const found = importBadger(toml('http://git.lab:8080/gitlab/api/v4/projects/lab%2Fdesk'));
    assert.deepEqual(found, { url: 'http://git.lab:8080/gitlab', project: 'lab/desk' });
  });
  it('says what is wrong with another file', () => {
    assert.throws(() => importBadger('[repo]\n'), /repo\.project_url, repo\.project_api_url is missing/);
    assert.throws(() => importBadger('{"repo": 1}'), /not TOML/);
    assert.throws(() => importBadger(toml('https://gitlab.yourserver.de/path')), /api\/v4\/projects\/12345/);
    assert.throws(() => importBadger(toml('file:///api/v4/projects/1')), { code: 'invalid' });
  });
});
