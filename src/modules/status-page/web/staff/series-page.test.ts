import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { A, B, type Fields, mistakeAt, type StaffWorld, staffWorld, ticked, valueOf } from './staff-world.cases.ts';

const LIST = '/maintenances/series';
const XSS = '"><script>alert(1)</script>';

describe('the pages of recurring maintenances', () => {
  let world: StaffWorld;
  before(async () => {
    world = await staffWorld();
  });
  after(() => world.stop());

  const year = new Date().getUTCFullYear() + 1;
  const series = (more: Fields = {}): Fields => ({
    title: 'Weekly backup',
    description: 'Disks are copied.',
    components: [A],
    startLocal: `${year}-01-04T22:30`,
    zone: 'Europe/Rome',
    hours: '1',
    minutes: '30',
    every: '1',
    unit: 'weeks',
    weekday: ['MO', 'TH'],
    ending: 'never',
    ...more,
  });
  const idOf = async (title: string) =>
    new RegExp(`series/([^"/]+)">${title}<`).exec((await world.open(LIST)).body)?.[1] ?? '';
  const rules = async () => [...(await world.open(LIST)).body.matchAll(/<code>([^<]+)</g)].map((match) => match[1]);

  it('make the rule of simple choices', async () => {
    const cases: [fields: Fields, rule: string][] = [
      [{}, 'FREQ=WEEKLY;BYDAY=MO,TH'],
      [{ every: '2', weekday: [] }, 'FREQ=WEEKLY;INTERVAL=2'],
      [{ unit: 'days', every: '3', ending: 'count', count: '5' }, 'FREQ=DAILY;INTERVAL=3;COUNT=5'],
      [{ unit: 'months' }, 'FREQ=MONTHLY'],
      [{ unit: 'months-weekday', ordinal: '-1', ordinalDay: 'FR' }, 'FREQ=MONTHLY;BYDAY=-1FR'],
      [{ unit: 'years', ending: 'until', until: `${year + 3}-12-31` }, `FREQ=YEARLY;UNTIL=${year + 3}1231`],
      [{ rule: 'FREQ=MONTHLY;BYMONTHDAY=1,15' }, 'FREQ=MONTHLY;BYMONTHDAY=1,15'],
    ];
    for (const [index, [fields, rule]] of cases.entries()) {
      const title = `Series number ${index}`;
      assert.equal((await world.send(`${LIST}/new`, series({ title, ...fields }))).location, LIST);
      assert.ok((await rules()).includes(rule), `${rule} is not among ${(await rules()).join(' ')}`);
      const { body } = await world.open(`${LIST}/${await idOf(title)}`);
      assert.equal(valueOf(body, 'startLocal'), `${year}-01-04T22:30`);
      for (const [name, value] of Object.entries({ hours: '1', minutes: '30', ...fields })) {
        if (name === 'weekday') assert.deepEqual(ticked(body, 'weekday'), value);
        else assert.equal(valueOf(body, name), value, `${name} of ${rule}`);
      }
    }
  });

  it('show the next ten in the zone of the series, without those left out, and store nothing', async () => {
    const before = await rules();
    const preview = series({
      do: 'preview',
      zone: 'America/New_York',
      startLocal: `${year}-03-01T22:30`,
      unit: 'days',
      exceptions: `${year}-03-02`,
    });
    const { status, body } = await world.send(`${LIST}/new`, preview);
    assert.equal(status, 200);
    const items = [...(/<h2>The next ten.*?<\/ol>/s.exec(body)?.[0] ?? '').matchAll(/<li>(.*?)<\/li>/g)].map(
      (match) => match[1] ?? '',
    );
    assert.equal(items.length, 10);
    assert.match(items[0] ?? '', /1 Mar \d+, 22:30 – .*2 Mar \d+, 00:00/);
    assert.match(items[1] ?? '', /3 Mar/);
    assert.match(items[9] ?? '', /11 Mar \d+, 22:30/, 'nothing changes on the wall when the clocks do');
    assert.equal(valueOf(body, 'title'), 'Weekly backup');
    assert.deepEqual(await rules(), before);
    const over = await world.send(
      `${LIST}/new`,
      series({ do: 'preview', startLocal: '2020-01-01T10:00', ending: 'count', count: '1' }),
    );
    assert.match(over.body, /does not come any more/);
  });

  it('keep everything typed beside each mistake', async () => {
    const wrong: [fields: Fields, field: string, sentence: RegExp, at?: string][] = [
      [{ title: 'Tiny' }, 'title', /8 to 200/],
      [{ description: '' }, 'description', /going to be done/],
      [{ components: [] }, 'components', /at least one/],
      [{ startLocal: '' }, 'startLocal', /first one/],
      [{ zone: 'Nowhere' }, 'zone', /time zone/],
      [{ hours: '0', minutes: '0' }, 'durationMinutes', /1 minute to 31 days/],
      [{ hours: '9999' }, 'durationMinutes', /31 days/],
      [{ every: '0' }, 'rule', /INTERVAL=0/],
      [{ rule: 'FREQ=HOURLY' }, 'rule', /FREQ=HOURLY is not supported.*Remedy/, 'rule-text'],
      [{ ending: 'until', until: '' }, 'rule', /UNTIL/],
      [{ exceptions: 'tomorrow' }, 'exceptions', /YYYY-MM-DD/],
      [{ contactEmail: 'nobody' }, 'contactEmail', /e-mail/],
    ];
    for (const [fields, name, sentence, at = name] of wrong) {
      const { status, body } = await world.send(`${LIST}/new`, series(fields));
      assert.equal(status, 422, `${name}: ${JSON.stringify(fields)}`);
      assert.match(mistakeAt(body, at) ?? 'none', sentence);
      for (const [field, value] of Object.entries(series(fields))) {
        if (Array.isArray(value)) assert.deepEqual(ticked(body, field), value);
        else assert.equal(valueOf(body, field), value, `${field} is lost when ${name} is wrong`);
      }
    }
  });

  it('say what is wrong with a rule in the language of the visitor', async () => {
    const { headers, csrf } = world.people.operator;
    const fields = { ...series({ rule: 'FREQ=DAILY;BYHOUR=3' }), csrf: await csrf() };
    for (const act of ['save', 'preview']) {
      const { body } = await world.post(`${LIST}/new`, { ...fields, do: act }, { ...headers, 'accept-language': 'it' });
      const said = mistakeAt(body, 'rule-text') ?? 'nothing';
      assert.match(said, /^Questa ripetizione non va bene\. BYHOUR non è ammesso\. Rimedio: l’ora è/, act);
      assert.doesNotMatch(said, /cannot|Remedy/, act);
    }
  });

  it('change a series, tell a conflict, and send again', async () => {
    await world.send(`${LIST}/new`, series({ title: 'Monthly patches' }));
    const path = `${LIST}/${await idOf('Monthly patches')}`;
    const changed = series({ title: 'Monthly patches', components: [A, B], version: '1' });
    assert.equal((await world.send(path, changed)).location, LIST);
    assert.deepEqual(ticked((await world.open(path)).body), [A, B]);
    const late = await world.send(path, series({ title: 'Patches of mine', version: '1' }));
    assert.equal(late.status, 409);
    assert.match(late.body, /What is stored now.*Monthly patches/s);
    assert.equal(valueOf(late.body, 'title'), 'Patches of mine');
    assert.equal(valueOf(late.body, 'version'), '2');
    assert.equal((await world.send(path, series({ title: 'Patches of mine', version: '2' }))).location, LIST);
  });

  it('end a series after asking back', async () => {
    await world.send(`${LIST}/new`, series({ title: 'Ending soon' }));
    const path = `${LIST}/${await idOf('Ending soon')}`;
    assert.match((await world.open(path)).body, /class="confirm"/);
    assert.equal((await world.send(`${path}/end`, { version: '9' })).status, 409);
    assert.equal((await world.send(`${path}/end`, { version: '1' })).location, LIST);
    const { body } = await world.open(path);
    assert.match(body, /has ended and cannot be changed/);
    const late = await world.send(path, series({ version: '2' }));
    assert.equal(late.status, 409);
    assert.match(late.body, /Make a new one/);
  });

  it('are for operators, need the token, and escape whatever was typed', async () => {
    assert.match((await world.get(LIST)).headers.get('location') ?? '', /\/login/);
    for (const path of [LIST, `${LIST}/new`]) {
      for (const role of ['viewer', 'reporter', 'creator'] as const) {
        assert.equal((await world.open(path, role)).status, 403);
      }
      assert.equal((await world.open(path, 'admin')).status, 200);
    }
    assert.equal((await world.send(`${LIST}/new`, series(), 'creator')).status, 403);
    assert.equal((await world.post(`${LIST}/new`, series(), world.people.operator.headers)).status, 403);
    assert.equal((await world.open(`${LIST}/none`)).status, 404);
    const hostile = Object.fromEntries(
      Object.keys(series({ rule: '', exceptions: '', until: '', count: '' })).map((name) => [name, XSS]),
    );
    const { status, body } = await world.send(`${LIST}/new`, hostile);
    assert.equal(status, 422);
    assert.doesNotMatch(body, /<script>alert/);
  });
});

describe('the page of words for updates', () => {
  let world: StaffWorld;
  before(async () => {
    world = await staffWorld();
  });
  after(() => world.stop());
  const PATH = '/admin/templates';

  it('adds, changes and deletes them', async () => {
    assert.equal(
      (await world.send(PATH, { name: 'Watching', status: 'observing', text: 'We watch it.', position: '2' })).status,
      303,
    );
    const { body } = await world.open(PATH);
    const id = /templates\?id=([^"]+)"/.exec(body)?.[1] ?? '';
    const change = await world.open(`${PATH}?id=${id}`);
    assert.deepEqual(
      [valueOf(change.body, 'name'), valueOf(change.body, 'status'), valueOf(change.body, 'position')],
      ['Watching', 'observing', '2'],
    );
    assert.equal((await world.send(PATH, { id, name: 'We watch', text: 'We still watch it.' })).status, 303);
    assert.match((await world.open(PATH)).body, /We watch.*We still watch it\./s);
    assert.equal((await world.send(`${PATH}/delete`, { id })).status, 303);
    assert.match((await world.open(PATH)).body, /There are none yet/);
    assert.equal((await world.open(`${PATH}?id=${id}`)).status, 404);
  });

  it('keeps what was typed beside each mistake, harmlessly', async () => {
    const wrong = await world.send(PATH, { name: '', text: '', position: 'x', status: 'nonsense' });
    assert.equal(wrong.status, 422);
    for (const name of ['name', 'text', 'position', 'status']) assert.ok(mistakeAt(wrong.body, name), name);
    const kept = await world.send(PATH, { name: XSS, text: XSS, position: '-1' });
    assert.deepEqual(
      [valueOf(kept.body, 'name'), valueOf(kept.body, 'text'), valueOf(kept.body, 'position')],
      [XSS, XSS, '-1'],
    );
    assert.doesNotMatch(kept.body, /<script>alert/);
    assert.match((await world.send(PATH, { do: 'preview', name: 'x', text: '**bold**' })).body, /<strong>bold/);
  });

  it('is for operators', async () => {
    assert.equal((await world.open(PATH, 'creator')).status, 403);
    assert.equal((await world.send(PATH, { name: 'x', text: 'x' }, 'creator')).status, 403);
    assert.equal((await world.send(`${PATH}/delete`, { id: 'x' }, 'creator')).status, 403);
    assert.equal((await world.post(PATH, { name: 'x', text: 'x' }, world.people.operator.headers)).status, 403);
    assert.match((await world.get(PATH)).headers.get('location') ?? '', /\/login/);
  });
});
