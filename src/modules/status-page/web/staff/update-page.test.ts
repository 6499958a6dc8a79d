import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addMs, DAY, HOUR, MINUTE } from '../../../../core/index.ts';
import { A, B, C, mistakeAt, plain, type StaffWorld, staffWorld, valueOf } from './staff-world.cases.ts';
import { localIn } from './zoned-fields.ts';

const XSS = '"><script>alert(1)</script>';

describe('the form that tells what is new', () => {
  let world: StaffWorld;
  before(async () => {
    world = await staffWorld();
  });
  after(() => world.stop());

  const local = (milliseconds: number) => localIn(addMs(world.app.clock.now(), milliseconds), 'Europe/Rome');
  const opened = (more = {}, keys = [A, B]) => world.incident({ title: 'Uploads fail', impact: 1, ...more }, keys);
  const planned = (more = {}) =>
    world.incident(
      {
        type: 'maintenance',
        title: 'New firmware',
        description: 'Switches are replaced.',
        impact: 0,
        status: 'planned',
        start: addMs(world.app.clock.now(), DAY),
        end: addMs(world.app.clock.now(), DAY + HOUR),
        ...more,
      },
      [C],
    );
  const version = async (id: number) => valueOf((await world.open(`/incidents/${id}/update`)).body, 'version') ?? '';
  const update = async (id: number, fields = {}, as: 'creator' | 'operator' = 'operator') =>
    await world.send(
      `/incidents/${id}/update`,
      { version: await version(id), status: 'analysing', text: 'We are on it.', ...fields },
      as,
    );

  it('stands on the page of the incident, for staff only', async () => {
    const id = await opened();
    const { body } = await world.open(`/incidents/${id}`, 'creator');
    assert.match(body, /id="update"/);
    assert.equal(valueOf(body, 'status'), 'analysing');
    for (const role of ['viewer', 'reporter'] as const) {
      assert.doesNotMatch((await world.open(`/incidents/${id}`, role)).body, /id="update"|For staff/);
    }
    assert.doesNotMatch((await world.get(`/incidents/${id}`)).body, /id="update"|For staff/);
  });

  it('tells beside each update who wrote it, to staff only', async () => {
    const at = addMs(world.now, -HOUR);
    const rows = [
      { at, text: 'A switch is replaced.', createdBy: 'user:ada' },
      { at, text: 'It was deployed.', createdBy: 'token:robot <b>' },
    ];
    const id = await world.incident({ title: 'Uploads fail', createdBy: 'user:grace' }, [A], rows);
    const path = `/incidents/${id}`;
    const timeline = (body: string) => /<ol class="timeline">.*?<\/ol>/s.exec(body)?.[0] ?? '';
    for (const role of ['creator', 'operator'] as const) {
      const { body } = await world.open(path, role);
      assert.match(timeline(body), / · by ada\b/);
      assert.match(timeline(body), / · by robot &lt;b&gt;/);
      assert.match(body, /<dt>Author<\/dt><dd>grace<\/dd>/);
    }
    const cookie = { ...world.people.operator.headers, 'accept-language': 'it' };
    assert.match(timeline((await world.get(path, cookie)).body), / · di ada\b/);
    const others = [await world.get(path), await world.open(path, 'viewer'), await world.open(path, 'reporter')];
    for (const { body } of others) {
      assert.match(timeline(body), /A switch is replaced/);
      assert.doesNotMatch(timeline(body), /\bby\b/);
      assert.doesNotMatch(body, /\b(?:ada|robot|grace)\b/);
    }
  });

  it('offers only what may be said now', async () => {
    const offered = async (id: number, as: 'creator' | 'operator' = 'operator') => {
      const select = /<select id="status"[^>]*>(.*?)<\/select>/s.exec(
        (await world.open(`/incidents/${id}`, as)).body,
      )?.[1];
      return [...(select ?? '').matchAll(/value="([^"]+)"/g)].map((match) => match[1]);
    };
    const open = ['detected', 'analysing', 'fixing', 'impact changed', 'observing', 'resolved'];
    assert.deepEqual(await offered(await opened()), open);
    const { now } = world;
    assert.deepEqual(await offered(await opened({ status: 'resolved', end: now })), ['reopened', 'changed']);
    const id = world.made(
      await world.send(
        '/incidents/new',
        {
          type: 'maintenance',
          title: 'Rack moves',
          description: 'A rack moves.',
          components: [C],
          start: local(3 * DAY),
          end: local(4 * DAY),
          contactEmail: 'team@example.org',
        },
        'creator',
      ),
    );
    assert.deepEqual(await offered(id, 'creator'), ['pending_review', 'cancelled']);
    assert.equal((await offered(id)).length, 7);
  });

  it('posts an update, changes the impact, resolves, and reopens', async () => {
    const id = await opened({}, [C]);
    assert.equal(world.made(await update(id, { status: 'fixing', text: 'A **switch** broke.' }, 'creator')), id);
    assert.match((await world.get(`/incidents/${id}`)).body, /A <strong>switch<\/strong> broke\./);
    world.made(await update(id, { status: 'impact changed', impact: '3', text: 'It is worse.' }));
    world.made(await update(id, { status: 'resolved', text: 'It works again.' }));
    const { body } = await world.get(`/api/incidents/${id}`);
    const { impact, status, end } = JSON.parse(body) as { impact: number; status: string; end: string };
    assert.deepEqual([impact, status], [3, 'resolved']);
    assert.ok(end);
    const again = await world.open(`/incidents/${id}/update?status=reopened`);
    assert.equal(valueOf(again.body, 'status'), 'reopened');
    world.made(await update(id, { status: 'reopened', text: 'Not quite.' }));
    assert.match((await world.get(`/api/incidents/${id}`)).body, /"status":"reopened"/);
  });

  it('moves the dates of a maintenance, and changes title and description, only where they were touched', async () => {
    const id = await planned();
    const changed = await update(id, {
      status: 'modified',
      text: 'One day later.',
      start: '2030-06-01T10:00',
      end: '2030-06-01T12:00',
      zone: 'America/New_York',
      title: 'New firmware',
      wasTitle: 'New firmware',
      description: 'Switches and routers.',
      wasDescription: 'Switches are replaced.',
    });
    world.made(changed);
    const { body } = await world.get(`/api/incidents/${id}`);
    assert.match(body, /"start":"2030-06-01T14:00:00.000Z","end":"2030-06-01T16:00:00.000Z"/);
    assert.match(body, /"title":"New firmware","description":"Switches and routers\."/);
  });

  it('keeps everything typed beside each mistake', async () => {
    const incident = await opened();
    const maintenance = await planned();
    const closed = await opened({ status: 'resolved', end: world.now });
    const wrong: [id: number, fields: Record<string, string>, field: string, sentence: RegExp][] = [
      [incident, { text: '' }, 'text', /Write something/],
      [incident, { status: 'nonsense' }, 'status', /Choose a status/],
      [incident, { status: 'planned' }, 'status', /another kind/],
      [incident, { status: 'reopened' }, 'status', /have ended/],
      [incident, { status: 'impact changed' }, 'impact', /new impact/],
      [incident, { impact: '3' }, 'impact', /only/],
      [incident, { at: local(HOUR) }, 'at', /future/],
      [incident, { at: local(-3 * HOUR) }, 'at', /before the start/],
      [incident, { at: 'noon' }, 'at', /date and a time/],
      [incident, { zone: 'Nowhere' }, 'zone', /time zone/],
      [incident, { title: 'Tiny', wasTitle: 'Uploads fail' }, 'title', /8 to 200/],
      [closed, { status: 'fixing' }, 'status', /has ended/],
      [closed, { status: 'changed', start: local(HOUR) }, 'start', /future/],
      [maintenance, { status: 'completed' }, 'status', /not started/],
      [maintenance, { status: 'modified', end: local(HOUR) }, 'end', /after the start/],
      [maintenance, { status: 'planned', description: '', wasDescription: 'x' }, 'description', /going to be done/],
    ];
    for (const [id, fields, name, sentence] of wrong) {
      const { status, body } = await update(id, { text: 'Typed with care', ...fields });
      assert.equal(status, 422, `${name}: ${JSON.stringify(fields)}`);
      assert.match(mistakeAt(body, name) ?? 'none', sentence);
      const typed: Record<string, string> = { text: 'Typed with care', ...fields };
      for (const [field, value] of Object.entries(typed)) {
        if (['wasTitle', 'wasDescription', 'status'].includes(field)) continue;
        assert.equal(valueOf(body, field), value, `${field} is lost when ${name} is wrong`);
      }
    }
  });

  it('tells who changed what in the meantime, keeps the text, and sends it again against the new version', async () => {
    const id = await opened();
    const stale = await version(id);
    world.made(
      await update(id, {
        status: 'fixing',
        text: 'Anna writes.',
        title: 'Uploads fail in Reg1',
        wasTitle: 'Uploads fail',
      }),
    );
    const mine = {
      version: stale,
      status: 'observing',
      text: 'I write too.',
      title: 'Uploads fail',
      wasTitle: 'Uploads fail',
    };
    const late = await world.send(`/incidents/${id}/update`, mine, 'creator');
    assert.equal(late.status, 409);
    assert.match(late.body, /Somebody was faster/);
    assert.match(plain(late.body), new RegExp(`${world.people.operator.name} set it to “Fixing”`));
    assert.equal(valueOf(late.body, 'text'), 'I write too.');
    assert.equal(valueOf(late.body, 'status'), 'observing');
    assert.equal(valueOf(late.body, 'title'), 'Uploads fail in Reg1', 'what was not touched follows');
    const fresh = valueOf(late.body, 'version') ?? '';
    assert.equal(Number(fresh), Number(stale) + 1);
    const retried = { ...mine, version: fresh, title: 'Uploads fail in Reg1', wasTitle: 'Uploads fail in Reg1' };
    world.made(await world.send(`/incidents/${id}/update`, retried, 'creator'));
    const { body } = await world.get(`/api/incidents/${id}`);
    assert.match(body, /Anna writes\..*|I write too\./s);
    assert.match(body, /"title":"Uploads fail in Reg1"/);
  });

  it('asks for the version of a maintenance', async () => {
    const id = await planned();
    const { status, body } = await update(id, { version: '', status: 'planned' });
    assert.equal(status, 422);
    assert.match(body, /Nothing was saved yet/);
  });

  it('puts the words of a template behind what was typed, with its status', async () => {
    const words = { name: 'Watching', status: 'observing', text: 'We watch it.' };
    assert.equal((await world.send('/admin/templates', words)).status, 303);
    const template = /templates\?id=([^"]+)"/.exec((await world.open('/admin/templates')).body)?.[1] ?? '';
    const id = await opened();
    assert.match((await world.open(`/incidents/${id}`)).body, /Watching \(Observing\)/);
    const { status, body } = await update(id, { do: 'template', template, text: 'The switch is back.' });
    assert.equal(status, 200);
    assert.equal(valueOf(body, 'text'), 'The switch is back.\n\nWe watch it.');
    assert.equal(valueOf(body, 'status'), 'observing');
  });

  it('previews harmlessly and escapes whatever was typed', async () => {
    const id = await opened();
    const preview = await update(id, { do: 'preview', text: `**bold** ${XSS}` });
    assert.equal(preview.status, 200);
    assert.match(preview.body, /<strong>bold<\/strong>/);
    const names = [
      'text',
      'title',
      'description',
      'at',
      'start',
      'end',
      'zone',
      'impact',
      'status',
      'template',
      'version',
      'wasTitle',
    ];
    const hostile = await update(id, Object.fromEntries(names.map((name) => [name, XSS])));
    assert.equal(hostile.status, 422);
    for (const { body } of [preview, hostile]) assert.doesNotMatch(body, /<script>alert/);
    assert.equal(valueOf(hostile.body, 'text'), XSS);
  });

  it('is for those who may write this one', async () => {
    const id = await opened();
    const fields = { status: 'fixing', text: 'Not mine to say.' };
    const path = `/incidents/${id}/update`;
    assert.match((await world.get(path)).headers.get('location') ?? '', /\/login\?returnTo=/);
    assert.equal((await world.post(path, fields)).status, 401);
    for (const role of ['viewer', 'reporter'] as const) {
      assert.equal((await world.open(path, role)).status, 403);
      assert.equal((await world.send(path, fields, role)).status, 403);
    }
    world.made(await world.send(path, fields, 'admin'));
    const foreign = await planned();
    assert.equal((await world.open(`/incidents/${foreign}/update`, 'creator')).status, 403);
    assert.match((await world.open(`/incidents/${foreign}`, 'creator')).body, /Somebody else announced/);
    const refused = await world.send(
      `/incidents/${foreign}/update`,
      { ...fields, status: 'planned', version: '1' },
      'creator',
    );
    assert.equal(refused.status, 403);
    assert.match(refused.body, /Ask its author or an operator/);
    assert.equal(valueOf(refused.body, 'text'), 'Not mine to say.');
    assert.equal((await world.open('/incidents/99999/update')).status, 404);
    assert.equal((await world.open('/incidents/x/update')).status, 404);
    assert.equal((await world.post(path, fields, world.people.operator.headers)).status, 403, 'no token');
  });

  it('keeps two updates of one minute apart', async () => {
    const id = await opened({ start: addMs(world.app.clock.now(), -10 * MINUTE) });
    const at = local(-2 * MINUTE);
    world.made(await update(id, { at, text: 'One.' }));
    world.made(await update(id, { at, text: 'Two.' }));
  });
});
