import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { type ApiAnswer, type Lab, startLab } from '../test-support/lab.ts';

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));
}

function rows(answer: ApiAnswer): Record<string, unknown>[] {
  assert.equal(answer.status, 200, answer.text);
  return answer.json as Record<string, unknown>[];
}

function keysOf(row: unknown): string[] {
  return Object.keys(row as object).sort();
}

async function titles(lab: Lab, query: string): Promise<unknown[]> {
  return rows(await lab.api(`/projects/301/issues?${query}`)).map((row) => row['title']);
}

it('gives labels, issues and badges the fields GitLab gives them', async () => {
  await using lab = await startLab();
  lab.gitlab.world.openIssue(lab.project, { title: 'Pump', labels: ['D:Alpha'] });
  lab.gitlab.world.addBadge(lab.project, { linkUrl: 'https://a.test/', imageUrl: 'https://a.test/a.svg' });
  const pairs = { labels: '/labels?with_counts=true', issues: '/issues', badges: '/badges' };
  for (const [name, path] of Object.entries(pairs)) {
    const [own] = rows(await lab.api(`/projects/301${path}`));
    const [example] = fixture(name) as unknown[];
    assert.deepEqual(keysOf(own), keysOf(example), name);
  }
});

it('pages through more than a hundred labels by following the links', async () => {
  await using lab = await startLab();
  for (let number = 0; number < 246; number++) lab.gitlab.world.addLabel(lab.project, { title: `D:Device ${number}` });
  const seen = new Set<unknown>();
  const pages: string[] = [];
  let path: string | undefined = '/projects/lab%2Finstrument-desk/labels?per_page=200';
  while (path !== undefined) {
    const answer: ApiAnswer = await lab.api(path);
    for (const row of rows(answer)) seen.add(row['id']);
    pages.push(answer.headers.get('x-page') ?? '');
    assert.equal(answer.headers.get('x-per-page'), '100');
    assert.equal(answer.headers.get('x-total'), '250');
    assert.equal(answer.headers.get('x-total-pages'), '3');
    const next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    path = next?.slice(`${lab.gitlab.url}/api/v4`.length);
  }
  assert.deepEqual(pages, ['1', '2', '3']);
  assert.equal(seen.size, 250);
});

it('shows 20 rows unless asked for more, and says where the other pages are', async () => {
  await using lab = await startLab();
  for (let number = 1; number <= 45; number++) lab.gitlab.world.openIssue(lab.project, { title: `Issue ${number}` });
  const answer = await lab.api('/projects/301/issues?page=2');
  assert.equal(rows(answer).length, 20);
  assert.equal(answer.headers.get('x-next-page'), '3');
  assert.equal(answer.headers.get('x-prev-page'), '1');
  const rels = [...(answer.headers.get('link') ?? '').matchAll(/[?&]page=(\d+)[^>]*>; rel="(\w+)"/g)].map(
    (match) => `${match[2]} ${match[1]}`,
  );
  assert.deepEqual(rels, ['prev 1', 'next 3', 'first 1', 'last 3']);
  assert.equal((await lab.api('/projects/301/issues?per_page=x')).status, 400);
});

it('counts no totals above ten thousand rows', async () => {
  await using lab = await startLab();
  for (let number = 0; number <= 10_000; number++) lab.gitlab.world.addLabel(lab.project, { title: `L${number}` });
  const answer = await lab.api('/projects/301/labels?per_page=100');
  assert.equal(answer.headers.has('x-total'), false);
  assert.doesNotMatch(answer.headers.get('link') ?? '', /rel="last"/);
  assert.match(answer.headers.get('link') ?? '', /rel="next"/);
});

it('filters issues by state, labels, numbers, time and confidentiality', async () => {
  await using lab = await startLab();
  const { world } = lab.gitlab;
  world.openIssue(lab.project, { title: 'one', labels: ['D:Alpha'] });
  lab.clock.step(60_000);
  world.openIssue(lab.project, { title: 'two', labels: ['D:Alpha', 'CRITICAL'], confidential: true });
  lab.clock.step(60_000);
  world.closeIssue(world.openIssue(lab.project, { title: 'three' }));
  assert.deepEqual(await titles(lab, ''), ['three', 'two', 'one']);
  assert.deepEqual(await titles(lab, 'state=opened&sort=asc'), ['one', 'two']);
  assert.deepEqual(await titles(lab, 'state=closed'), ['three']);
  assert.deepEqual(await titles(lab, 'labels=D:Alpha,CRITICAL'), ['two']);
  assert.deepEqual(await titles(lab, 'labels=None'), ['three']);
  assert.deepEqual(await titles(lab, 'labels=Any&not[labels]=CRITICAL'), ['one']);
  assert.deepEqual(await titles(lab, 'iids[]=1&iids[]=3'), ['three', 'one']);
  assert.deepEqual(await titles(lab, 'confidential=true'), ['two']);
  assert.deepEqual(await titles(lab, `updated_after=${encodeURIComponent('2025-11-20T06:13:00Z')}`), ['three', 'two']);
  const first = world.issue(lab.project, 1);
  assert.ok(first);
  world.comment(first, 'still there');
  lab.clock.step(1);
  assert.deepEqual(await titles(lab, 'order_by=updated_at'), ['three', 'one', 'two']);
  assert.equal((await lab.api('/projects/301/issues?state=open')).status, 400);
});

it('lists labels of the group too, sorted by name, with their priority in this project', async () => {
  await using lab = await startLab();
  lab.gitlab.world.addLabel(lab.project.group, { title: 'd:aaa from the group' });
  lab.gitlab.world.addLabel(lab.project, { title: 'Z', priority: 7 });
  const all = rows(await lab.api('/projects/301/labels'));
  assert.deepEqual(
    all.map((row) => row['name']),
    ['CRITICAL', 'd:aaa from the group', 'D:Alpha', 'D:Beta', 'Information', 'Z'],
  );
  assert.equal(all[1]?.['is_project_label'], false);
  assert.equal(all[5]?.['priority'], 7);
  assert.equal('open_issues_count' in (all[0] ?? {}), false);
  assert.equal(rows(await lab.api('/projects/301/labels?include_ancestor_groups=false')).length, 5);
});

it('answers an unchanged list with 304', async () => {
  await using lab = await startLab();
  const first = await lab.api('/projects/301/labels');
  const again = { headers: { 'if-none-match': first.headers.get('etag') ?? '' } };
  assert.equal((await lab.api('/projects/301/labels', again)).status, 304);
  lab.gitlab.world.addLabel(lab.project, { title: 'New' });
  assert.equal((await lab.api('/projects/301/labels', again)).status, 200);
});

it('pages through projects by key, with a link to what comes next alone', async () => {
  await using lab = await startLab();
  for (let number = 0; number < 5; number++) {
    lab.gitlab.world.addProject({ path: `lab/more-${number}`, visibility: 'public' });
  }
  for (const sort of ['asc', 'desc']) {
    const seen: number[] = [];
    let path: string | undefined = `/projects?pagination=keyset&order_by=id&sort=${sort}&per_page=4`;
    while (path !== undefined) {
      const answer: ApiAnswer = await lab.api(path);
      seen.push(...rows(answer).map(({ id }) => Number(id)));
      assert.equal(answer.headers.get('x-total') ?? answer.headers.get('x-page'), null);
      const link = answer.headers.get('link') ?? '';
      assert.doesNotMatch(link, /rel="(prev|first|last)"/);
      path = /<([^>]+)>; rel="next"/.exec(link)?.[1]?.slice(`${lab.gitlab.url}/api/v4`.length);
    }
    const rising = [...seen].sort((a, b) => a - b);
    assert.deepEqual(seen, sort === 'asc' ? rising : rising.reverse());
    assert.equal(new Set(seen).size, 6);
  }
  assert.equal((await lab.api('/projects?pagination=keyset&order_by=name')).status, 405);
});
