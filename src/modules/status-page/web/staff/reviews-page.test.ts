import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../../../../test/support/until.ts';
import { addMs, DAY, HOUR } from '../../../../core/index.ts';
import { C, type StaffWorld, staffWorld } from './staff-world.cases.ts';
import { localIn } from './zoned-fields.ts';

const XSS = '<script>alert(1)</script>';

describe('the list of what waits for a review', () => {
  let world: StaffWorld;
  before(async () => {
    world = await staffWorld();
  });
  after(() => world.stop());

  const local = (milliseconds: number) => localIn(addMs(world.now, milliseconds), 'Europe/Rome');
  const announce = async (title: string) =>
    world.made(
      await world.send(
        '/incidents/new',
        {
          type: 'maintenance',
          title,
          description: 'Switches are **replaced**.',
          components: [C],
          start: local(3 * DAY),
          end: local(3 * DAY + HOUR),
          contactEmail: 'team@example.org',
        },
        'creator',
      ),
    );
  const decide = async (id: number, fields: Record<string, string>) =>
    await world.send('/reviews', { incident: String(id), version: '1', ...fields });

  const waiting = async () => Number(/Reviews \((\d+)\)/.exec((await world.open('/')).body)?.[1] ?? 0);

  it('is empty at first, with what to do next', async () => {
    assert.match((await world.open('/reviews')).body, /Nothing waits for a review/);
  });

  it('counts in the navigation of operators, shows what is planned, and filters', async () => {
    await announce('Firmware of the racks');
    await announce(`Cables ${XSS}`);
    await until('both are counted', async () => (await world.open('/')).body.includes('Reviews (2)'));
    assert.doesNotMatch((await world.open('/', 'creator')).body, /Reviews/);
    const { body } = await world.open('/reviews');
    assert.match(body, /Switches are <strong>replaced<\/strong>/);
    assert.match(body, /team@example\.org/);
    assert.doesNotMatch(body, /<script>alert/);
    const filtered = await world.open('/reviews?q=racks+FIRMWARE');
    assert.match(filtered.body, /Firmware of the racks/);
    assert.doesNotMatch(filtered.body, /Cables/);
    assert.match((await world.open('/reviews?q=nowhere')).body, /Nothing matches/);
  });

  it('shows authors their own, without the buttons, and nothing of others', async () => {
    await world.incident(
      {
        type: 'maintenance',
        title: 'Of somebody else',
        impact: 0,
        status: 'pending_review',
        told: false,
        start: addMs(world.now, DAY),
      },
      [C],
    );
    const { body } = await world.open('/reviews', 'creator');
    assert.match(body, /Firmware of the racks/);
    assert.doesNotMatch(body, /Of somebody else|value="approve"/);
    assert.match((await world.open('/reviews')).body, /Of somebody else/);
  });

  it('decides in place, and keeps the comment when that is refused', async () => {
    const id = await announce('Power of the racks');
    const silent = await decide(id, { do: 'reject' });
    assert.equal(silent.status, 422);
    assert.match(silent.body, new RegExp(`id="text-${id}-error"`));
    const stale = await decide(id, { do: 'approve', version: '7', text: 'Typed with care' });
    assert.equal(stale.status, 409);
    assert.match(stale.body, /Somebody was faster/);
    assert.match(stale.body, />\nTyped with care<\/textarea>/);
    assert.equal((await decide(id, { do: 'approve', text: 'Good.' })).location, '/reviews');
    assert.doesNotMatch((await world.open('/reviews')).body, /Power of the racks/);
    const late = await decide(id, { do: 'reject', version: '2', text: 'Typed too late' });
    assert.equal(late.status, 409);
    assert.match(late.body, /Typed too late/);
    assert.equal((await decide(await announce('Doors of the racks'), { do: 'dance' })).status, 422);
  });

  it('lets go of what is given back until its author has changed it, and shows it to both meanwhile', async () => {
    const before = await waiting();
    const id = await announce('Fans of the racks');
    await until('it is counted', async () => (await waiting()) === before + 1);
    await decide(id, { do: 'return', text: `Which **night**? ${XSS}` });
    await until('it is not counted', async () => (await waiting()) === before);
    const list = (await world.open('/reviews')).body;
    const [above = '', below = ''] = list.split('id="with-authors"');
    assert.doesNotMatch(above, /Fans of the racks/);
    assert.match(below, /With their authors/);
    assert.match(below, /Fans of the racks.*Given back<\/b>.*by .*Which <strong>night<\/strong>\?/s);
    assert.doesNotMatch(below, /value="approve"|Change it or write|<script>alert/);
    assert.doesNotMatch(
      (await world.open('/reviews?q=cables')).body,
      /With their authors/,
      'the filter holds for both',
    );
    for (const path of ['/reviews', `/incidents/${id}`]) {
      const { body } = await world.open(path, 'creator');
      assert.match(body, /Given back<\/b>.*Which <strong>night.*and it is reviewed again\./s, path);
      assert.match(body, new RegExp(`href="/incidents/${id}/update\\?open=more"`), path);
    }
    assert.match((await world.open('/maintenances', 'creator')).body, /Fans of the racks.*?Given back/s);
    assert.equal((await world.get(`/incidents/${id}`)).status, 404);
    const words = { version: '2', do: 'save', status: 'pending_review', text: 'Tuesday night.', zone: 'UTC' };
    const sent = await world.send(`/incidents/${id}/update`, words, 'creator');
    assert.equal(sent.status, 303, sent.body);
    await until('it is counted again', async () => (await waiting()) === before + 1);
    assert.doesNotMatch((await world.open('/reviews')).body, /With their authors|Given back<\/b>/);
    const page = (await world.open(`/incidents/${id}`, 'creator')).body;
    assert.doesNotMatch(page, /and it is reviewed again\./);
    assert.match(page, /<b>Given back<\/b> <span/, 'the story keeps it');
    assert.match(page, /Changed by its author: it waits for its review again\./);
    assert.equal((await decide(id, { do: 'approve', version: '3' })).location, '/reviews');
  });

  it('can still be approved by an operator after it was given back', async () => {
    const id = await announce('Rails of the racks');
    await decide(id, { do: 'return', text: 'Which?' });
    assert.match((await world.open(`/incidents/${id}`)).body, /It is with its author/);
    const approve = { do: 'approve', version: '2' };
    assert.equal((await world.send(`/incidents/${id}/review`, approve)).location, '/reviews');
    assert.doesNotMatch((await world.open('/reviews')).body, /Rails of the racks/);
  });

  it('is for authors and above, and decisions for operators', async () => {
    assert.match((await world.get('/reviews')).headers.get('location') ?? '', /\/login/);
    for (const role of ['viewer', 'reporter'] as const) assert.equal((await world.open('/reviews', role)).status, 403);
    const fields = { incident: '1', version: '1', do: 'approve' };
    assert.equal((await world.send('/reviews', fields, 'creator')).status, 403);
    assert.equal((await world.post('/reviews', fields)).status, 401);
    assert.equal((await world.post('/reviews', fields, world.people.operator.headers)).status, 403);
  });
});
