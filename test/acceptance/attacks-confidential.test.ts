import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Issue } from '../../simulators/gitlab/index.ts';
import { hookHeaders, issueEvent, type Lab, startLab } from '../support/lab.ts';
import { type Route, withRoutes } from '../support/routes.ts';
import { type Asked, addresses, askAll, openStream, placesOf } from '../support/surface.ts';
import { until } from '../support/until.ts';

const TITLE = 'ZQXTITLE vacuum <sabotage>';
const MARKS = ['ZQXTITLE', 'ZQXTEXT', 'ZQXNOTE', 'ZQXLABEL', 'ZQXAUTHOR', '918273', 'sabotage'];
const KEYS = ['facility/krios', 'facility/talos'];

describe('attack 3: a confidential issue in a public byte', () => {
  let lab: Lab;
  let routes: readonly Route[];
  let stream: Awaited<ReturnType<typeof openStream>>;
  let issue: Issue;

  const everything = () => askAll(lab.box.url, addresses(routes, KEYS, ['?q=zqx', '?q=918', '?project=lab/301']));

  before(async () => {
    ({ started: lab, routes } = await withRoutes(() => startLab()));
    stream = await openStream(lab.box.url, { 'last-event-id': '0' });
    const { gitlab, project } = lab;
    const author = gitlab.world.addUser({ name: 'ZQXAUTHOR', username: 'zqxauthor' });
    issue = gitlab.world.openIssue(project, {
      title: TITLE,
      description: 'ZQXTEXT',
      labels: ['D:Krios', 'CRITICAL', 'ZQXLABEL'],
      confidential: true,
      iid: 918273,
      author,
    });
    gitlab.world.comment(issue, 'ZQXNOTE', author);
    await lab.settled();
    await until('the light is red', async () => (await lab.level('facility/krios')) === 'major_outage');
  });
  after(async () => {
    await stream.close();
    await lab[Symbol.asyncDispose]();
  });

  function assertSilent(answers: readonly Asked[]): void {
    for (const mark of MARKS) assert.deepEqual(placesOf(mark, answers), [], mark);
    for (const mark of MARKS) assert.ok(!stream.told().includes(mark), `the stream tells ${mark}`);
    for (const mark of MARKS)
      assert.deepEqual(
        lab.box.log.filter((line) => line.includes(mark)),
        [],
        `a log line tells ${mark}`,
      );
  }

  it('counts for the light, and nothing of it stands on any page, badge, file, stream, metric or log line', async () => {
    const answers = await everything();
    assert.ok(answers.length > 200, `${answers.length} answers`);
    assert.ok(answers.filter(({ status }) => status === 200).length > 100);
    assertSilent(answers);
    assert.match(await lab.text('/facility'), /A confidential report/);
    assert.match(await lab.text('/facility', { headers: { 'accept-language': 'it' } }), /Una segnalazione riservata/);
    assert.match(stream.told(), /"to":"major_outage"/);
  });

  it('is found by no search', async () => {
    for (const q of ['zqx', '918273', 'sabotage', 'vacuum']) {
      const list = JSON.parse(await lab.text(`/api/components?q=${q}`)) as { total: number };
      assert.equal(list.total, 0, q);
    }
  });

  it('is not in the database either: no word of it but its labels', async () => {
    const texts = MARKS.filter((mark) => mark !== '918273' && mark !== 'ZQXLABEL');
    const files = (await readdir(lab.box.folder)).filter((name) => name.startsWith('signalbox.'));
    assert.ok(files.length > 0);
    for (const file of files) {
      const bytes = await readFile(join(lab.box.folder, file), 'latin1');
      for (const mark of texts) assert.ok(!bytes.includes(mark), `${file} holds ${mark}`);
    }
  });

  it('is not told by an error about its own broken event', async () => {
    const event = issueEvent({ id: 918273, title: TITLE, confidential: true, labels: ['D:Krios', 'ZQXLABEL'] });
    const broken = { ...event, object_attributes: { ...(event['object_attributes'] as object), id: 'ZQXTEXT' } };
    const bodies = [JSON.stringify(broken), JSON.stringify(event).slice(0, -9), `[${JSON.stringify(event)}]`];
    const answers = await Promise.all(
      bodies.map(async (body) => {
        const answer = await fetch(`${lab.box.url}/hooks/gitlab/lab`, { method: 'POST', headers: hookHeaders(), body });
        return {
          path: 'hook',
          language: 'en' as const,
          status: answer.status,
          type: '',
          headers: answer.headers,
          body: await answer.text(),
        };
      }),
    );
    assert.ok(answers.every(({ status }) => status < 500));
    assertSilent(answers);
    await lab.settled();
  });

  /** What may differ between two askings of the same thing: moments at which something was looked at or drawn. */
  function still({ path, language, status, body }: Asked): [string, string] {
    const text = body
      .replaceAll(/before=[^"]+/g, 'before=MOMENT')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z/g, (moment) => (moment === since ? 'SINCE' : 'MOMENT'))
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
      .replaceAll(/>[^<>]*\d\d:\d\d(:\d\d)?[^<>]*<\/time>/g, '>TIME</time>')
      .replaceAll(
        /"(up|down|unknown|maintenance|degraded|window|coverage|availability|percent)":[\d.e-]+/g,
        '"$1":SHARE',
      )
      .replaceAll(/"until":(null|"MOMENT")/g, '"until":NOW')
      .replaceAll(/still so|è ancora così|(for |per )?\b\d+ (s|min)\b/g, 'A WHILE')
      .replaceAll(/[\d.,]+(&nbsp;|\s)?%/g, '%')
      .replaceAll(/,[01](\.[\de-]+)?(?=[,\r])/g, ',SHARE')
      // How long nobody had watched yet at the beginning of the window, which moves on.
      .replaceAll(/(?<=,MOMENT,MOMENT,)[\d.]+(?=,,unknown,)/g, 'A WHILE');
    const asked = text.replace(/"requestId":"[^"]*"|(?<=<p class="soft">)[^<]*ID-[^<]*(?=<\/p>)/g, '');
    return [`${status} ${path} ${language}`, asked];
  }
  let since = '';

  it('changes nothing but level and since: other title, text, number, comments and times give the same public bytes', async () => {
    const shown = (answers: readonly Asked[]) =>
      new Map(answers.filter(({ path }) => !/^\/(metrics|login|forgot)/.test(path)).map(still));
    const { gitlab, project } = lab;
    const list = JSON.parse(await lab.text('/api/components/facility/krios')) as { since: string };
    since = list.since;
    const before = shown(await everything());
    const toldBefore = stream.told().replaceAll(/: alive\n\n/g, '');
    gitlab.world.editIssue(issue, { title: 'Something else', description: 'other words' });
    gitlab.world.comment(issue, 'more');
    const twin = gitlab.world.openIssue(project, {
      title: 'Another one',
      labels: ['D:Krios', 'CRITICAL'],
      confidential: true,
    });
    await lab.settled();
    gitlab.world.closeIssue(issue);
    gitlab.world.comment(twin, 'later');
    await lab.settled();
    const answers = await everything();
    const after = shown(answers);
    for (const moment of [issue.updatedAt, twin.updatedAt])
      assert.deepEqual(placesOf(moment, answers), [], 'a time of it');
    assert.deepEqual([...after.keys()], [...before.keys()]);
    for (const [path, text] of after) assert.equal(difference(before.get(path) ?? '', text), '', path);
    const now = JSON.parse(await lab.text('/api/components/facility/krios')) as { since: string };
    assert.equal(now.since, since);
    assert.equal(stream.told().replaceAll(/: alive\n\n/g, ''), toldBefore, 'live pages are told nothing');
  });

  it('takes its words back from every page when it becomes confidential after it was public', async () => {
    const { gitlab, project } = lab;
    const open = gitlab.world.openIssue(project, {
      title: 'ZQXONCE public',
      labels: ['D:Talos', 'CRITICAL'],
      iid: 7766551,
    });
    await until('it is told', async () => (await lab.text('/facility')).includes('ZQXONCE'));
    gitlab.world.editIssue(open, { confidential: true });
    await lab.settled();
    await until('the page has forgotten', async () => !(await lab.text('/facility')).includes('ZQXONCE'));
    const answers = await everything();
    for (const mark of ['ZQXONCE', '7766551']) assert.deepEqual(placesOf(mark, answers), [], mark);
    assert.equal(await lab.level('facility/talos'), 'major_outage');
  });
});

/** Where two texts part, short enough to read; an empty text when nowhere. */
function difference(a: string, b: string): string {
  if (a === b) return '';
  let at = 0;
  while (a[at] === b[at]) at += 1;
  return `…${a.slice(at - 60, at + 60)}… became …${b.slice(at - 60, at + 60)}…`;
}
