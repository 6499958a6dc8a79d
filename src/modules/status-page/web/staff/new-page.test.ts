import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addMs, DAY, HOUR } from '../../../../core/index.ts';
import { A, B, C, mistakeAt, plain, type StaffWorld, staffWorld, ticked, valueOf } from './staff-world.cases.ts';
import { localIn } from './zoned-fields.ts';

const NEW = '/incidents/new';
const XSS = '"><script>alert(1)</script>';

describe('the page on which incidents begin', () => {
  let world: StaffWorld;
  before(async () => {
    world = await staffWorld({ values: { 'status-page': { contact_domains: ['example.org'] } } });
  });
  after(() => world.stop());

  /** As a field for date and time gives it, in the zone of the site. */
  const local = (milliseconds: number, zone = 'Europe/Rome') =>
    localIn(addMs(world.app.clock.now(), milliseconds), zone);
  const incident = (more = {}) => ({ type: 'incident', title: 'Uploads fail', impact: '2', components: [A], ...more });
  const plan = (more = {}) => ({
    type: 'maintenance',
    title: 'New firmware',
    description: 'Switches are replaced.',
    components: [A, B],
    start: local(3 * DAY),
    end: local(3 * DAY + HOUR),
    contactEmail: 'team@example.org',
    ...more,
  });

  it('has an address for each kind, and offers zones with that of the site chosen', async () => {
    for (const [type, heading] of [
      ['incident', 'Report an incident'],
      ['maintenance', 'Announce a maintenance'],
      ['info', 'Publish an information'],
    ] as const) {
      const { status, body } = await world.open(`${NEW}?type=${type}`);
      assert.equal(status, 200);
      assert.match(body, new RegExp(`<h1>${heading}</h1>`));
      assert.equal(valueOf(body, 'zone'), 'Europe/Rome');
      assert.match(body, /<option value="UTC">UTC<\/option>/);
    }
    const { body } = await world.open(`${NEW}?component=${A}`);
    assert.deepEqual(ticked(body), [A]);
  });

  it('opens an incident now, which everybody reads at once', async () => {
    const id = world.made(await world.send(NEW, incident({ text: 'We **look** into it.' }), 'creator'));
    const { body } = await world.get(`/incidents/${id}`);
    assert.match(body, /Uploads fail/);
    assert.match(body, /We <strong>look<\/strong> into it\./);
    assert.match(body, /Major issue/);
  });

  it('reads the start in the zone that was chosen, also over a change of the clocks', async () => {
    for (const [zone, start, expected] of [
      ['Europe/Rome', '2026-01-10T12:00', '2026-01-10T11:00:00.000Z'],
      ['America/New_York', '2025-07-10T12:00', '2025-07-10T16:00:00.000Z'],
      ['UTC', '2025-07-10T12:00', '2025-07-10T12:00:00.000Z'],
      ['Europe/Rome', '2025-03-30T02:30', '2025-03-30T01:30:00.000Z'],
    ] as const) {
      const id = world.made(await world.send(NEW, incident({ zone, start })));
      assert.match((await world.get(`/api/incidents/${id}`)).body, new RegExp(`"start":"${expected}"`));
    }
  });

  it('takes whole services, the product of regions and categories, and keys of other areas', async () => {
    const id = world.made(await world.send(NEW, incident({ components: [], service: 'Storage/Object Storage' })));
    const { components } = JSON.parse((await world.get(`/api/incidents/${id}`)).body) as {
      components: { key: string }[];
    };
    assert.deepEqual(components.map(({ key }) => key).sort(), [A, B]);

    const chosen = await world.send(NEW, incident({ components: [], do: 'choose', quickRegion: 'Reg1' }));
    assert.equal(chosen.status, 200);
    assert.deepEqual(ticked(chosen.body).sort(), [A, C]);
    assert.equal(valueOf(chosen.body, 'title'), 'Uploads fail');
    const narrowed = await world.send(
      NEW,
      incident({ components: [], do: 'choose', quickRegion: 'Reg1', quickCategory: 'Storage' }),
    );
    assert.deepEqual(ticked(narrowed.body), [A]);
    const service = await world.send(
      NEW,
      incident({
        components: [],
        do: 'choose',
        quickRegion: 'Reg2',
        service: ['Storage/Object Storage', 'Compute & Co/Virtual Servers'],
      }),
    );
    assert.deepEqual(ticked(service.body), [B], 'whole services, in the regions that were chosen');

    const unknown = await world.send(NEW, incident({ otherComponents: 'facility/none, nonsense' }));
    assert.equal(unknown.status, 422);
    assert.match(
      mistakeAt(unknown.body, 'components') ?? '',
      /no component facility\/none.*(at least one component|area\/name)/,
    );
    const missing = await world.send(NEW, incident({ otherComponents: 'facility/none' }));
    assert.equal(
      mistakeAt(missing.body, 'components'),
      'There is no component facility/none: choose one that the page lists.',
    );
    assert.equal(valueOf(missing.body, 'otherComponents'), 'facility/none');
  });

  it('says every mistake at once, of the fields and of the rules', async () => {
    const opened = incident({ title: 'Short', start: local(HOUR), otherComponents: 'facility/none' });
    const { body, status } = await world.send(NEW, opened);
    assert.equal(status, 422);
    assert.match(mistakeAt(body, 'title') ?? '', /8 to 200/);
    assert.match(mistakeAt(body, 'start') ?? '', /future/);
    assert.match(mistakeAt(body, 'components') ?? '', /no component facility\/none/);
    const planned = await world.send(NEW, plan({ title: 'Short', description: '', end: local(-HOUR) }));
    assert.match(mistakeAt(planned.body, 'title') ?? '', /8 to 200/);
    assert.match(mistakeAt(planned.body, 'description') ?? '', /going to be done/);
    assert.match(mistakeAt(planned.body, 'end') ?? '', /after the start/);
  });

  it('takes no text for a template: what is typed is shown as it was typed', async () => {
    const text = '{{7*7}} #{7*7} <%= 7*7 %> {% include "x" %}';
    const id = world.made(await world.send(NEW, incident({ title: text, text })));
    for (const path of [`/incidents/${id}`, '/feeds/all.rss', `/api/incidents/${id}`]) {
      const { body } = await world.get(path);
      assert.match(body, /\{\{7\*7\}\} #\{7\*7\}/, path);
      assert.doesNotMatch(body, /\b49\b/, path);
    }
  });

  it('keeps everything typed beside each mistake', async () => {
    const wrong: [fields: Record<string, string | string[]>, field: string, sentence: RegExp][] = [
      [incident({ title: 'Short' }), 'title', /8 to 200/],
      [incident({ title: `L${'o'.repeat(200)}ng` }), 'title', /8 to 200/],
      [incident({ description: 'x'.repeat(1501) }), 'description', /1,500/],
      [incident({ impact: '0' }), 'impact', /Choose an impact/],
      [incident({ components: [] }), 'components', /at least one component/],
      [incident({ start: local(HOUR) }), 'start', /future/],
      [incident({ start: 'yesterday' }), 'start', /date and a time/],
      [incident({ zone: 'Mars/Base' }), 'zone', /time zone/],
      [incident({ text: 'x'.repeat(10_001) }), 'text', /10,000/],
      [plan({ description: '' }), 'description', /going to be done/],
      [plan({ start: '' }), 'start', /date and a time/],
      [plan({ end: '' }), 'end', /date and a time/],
      [plan({ end: local(2 * DAY) }), 'end', /after the start/],
      [plan({ contactEmail: 'nobody' }), 'contactEmail', /e-mail address/],
      [plan({ contactEmail: 'team@elsewhere.net' }), 'contactEmail', /example\.org/],
      [plan({ type: 'info', end: local(DAY) }), 'end', /after the start/],
    ];
    for (const [fields, name, sentence] of wrong) {
      const { status, body } = await world.send(NEW, { text: 'Typed with care', ...fields });
      assert.equal(status, 422, `${name}: ${JSON.stringify(fields)}`);
      assert.match(mistakeAt(body, name) ?? 'none', sentence);
      assert.match(body, new RegExp(`href="#${name}"`));
      for (const [field, value] of Object.entries({ text: 'Typed with care', ...fields })) {
        if (value === '0') continue; // Not to be chosen on the page.
        if (field === 'contactEmail' && fields['type'] === 'info') continue;
        if (field === 'components') assert.deepEqual(ticked(body), value);
        else assert.equal(valueOf(body, field), value, `${field} is lost when ${name} is wrong`);
      }
    }
    const two = await world.send(NEW, incident({ title: '', components: [] }));
    assert.ok(mistakeAt(two.body, 'title') && mistakeAt(two.body, 'components'), 'all mistakes are told at once');
  });

  it('asks an author for a contact address, and an operator not', async () => {
    const asked = await world.send(NEW, plan({ contactEmail: '' }), 'creator');
    assert.match(mistakeAt(asked.body, 'contactEmail') ?? '', /e-mail/);
    world.made(await world.send(NEW, plan({ contactEmail: '' })));
  });

  it('announces at once for an operator, and for an author after a review', async () => {
    const planned = world.made(await world.send(NEW, plan()));
    assert.equal((await world.get(`/incidents/${planned}`)).status, 200);
    const waiting = world.made(await world.send(NEW, plan({ title: 'Rack moves' }), 'creator'));
    assert.equal((await world.get(`/incidents/${waiting}`)).status, 404);
    assert.match((await world.open(`/incidents/${waiting}`, 'creator')).body, /Waiting for review/);
  });

  it('asks back at short notice, keeps everything, and announces when that is confirmed', async () => {
    const soon = plan({ start: local(2 * HOUR), end: local(3 * HOUR) });
    const asked = await world.send(NEW, soon);
    assert.equal(asked.status, 422);
    assert.match(asked.body, /at short notice/);
    assert.match(asked.body, /name="confirmed"/);
    assert.equal(valueOf(asked.body, 'start'), soon.start);
    assert.deepEqual(ticked(asked.body), [A, B]);
    world.made(await world.send(NEW, { ...soon, confirmed: 'yes' }));
  });

  it('previews Markdown harmlessly and stores nothing', async () => {
    const before = (await world.get('/api/incidents')).body;
    const { status, body } = await world.send(
      NEW,
      incident({ do: 'preview', title: '', text: `**bold** ${XSS} [x](javascript:alert(1))` }),
    );
    assert.equal(status, 200);
    assert.match(body, /<strong>bold<\/strong>/);
    assert.doesNotMatch(body, /<script>alert|href="javascript/);
    assert.equal((await world.get('/api/incidents')).body, before);
  });

  it('escapes whatever was typed, in every field', async () => {
    const fields = {
      title: XSS,
      description: XSS,
      text: XSS,
      start: XSS,
      zone: XSS,
      otherComponents: XSS,
      impact: XSS,
    };
    const { status, body } = await world.send(NEW, { ...incident(), ...fields, quickRegion: XSS });
    assert.equal(status, 422);
    assert.doesNotMatch(body, /<script>alert/);
    assert.equal(valueOf(body, 'title'), XSS);
  });

  it('speaks Italian', async () => {
    const { headers } = world.people.creator;
    const fields = { csrf: await world.people.creator.csrf(), ...incident({ title: 'Breve' }) };
    const { body } = await world.post(NEW, fields, { ...headers, 'accept-language': 'it' });
    assert.match(plain(body), /Scrivi da 8 a 200 caratteri/);
    assert.match(body, /Segnala un incidente/);
  });

  it('is for authors and above; anonymous visitors sign in and come back', async () => {
    const anonymous = await world.get(`${NEW}?type=info`);
    assert.equal(anonymous.status, 303);
    assert.match(anonymous.headers.get('location') ?? '', /\/login\?returnTo=%2Fincidents%2Fnew%3Ftype%3Dinfo/);
    assert.equal((await world.post(NEW, incident())).status, 401);
    for (const role of ['viewer', 'reporter'] as const) {
      assert.equal((await world.open(NEW, role)).status, 403);
      assert.equal((await world.send(NEW, incident(), role)).status, 403);
      assert.doesNotMatch((await world.open('/', role)).body, /href="\/incidents\/new"/);
    }
    for (const role of ['creator', 'operator', 'admin'] as const) {
      assert.equal((await world.open(NEW, role)).status, 200);
      assert.match((await world.open('/', role)).body, /href="\/incidents\/new"/);
      world.made(await world.send(NEW, incident(), role));
    }
  });

  it('refuses a form without the token of the session, or from elsewhere', async () => {
    const { headers } = world.people.operator;
    assert.equal((await world.post(NEW, incident(), headers)).status, 403);
    const other = { csrf: await world.people.creator.csrf(), ...incident() };
    assert.equal((await world.post(NEW, other, headers)).status, 403);
    const own = { csrf: await world.people.operator.csrf(), ...incident() };
    assert.equal((await world.post(NEW, own, { ...headers, 'sec-fetch-site': 'cross-site' })).status, 403);
  });
});
