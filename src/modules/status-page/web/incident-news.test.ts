import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { listen } from '../../../../test/support/listen.ts';
import { addMs, HOUR } from '../../../core/index.ts';
import { pageWorld } from './page-world.cases.ts';

describe('what open pages are told of incidents', async () => {
  const world = await pageWorld({ scheduled: false });
  after(() => world.stop());
  const token = await world.token('incidents:write', 'read');
  const send = async (path: string, body: object, method = 'POST') => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(world.url + path, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    assert.ok(answer.ok, text);
    await world.app.journal.drain();
    return JSON.parse(text) as { id: number };
  };
  /** Opened by somebody who has the page before him. */
  const watching = async (as?: string) => {
    const page = listen(world.url, as === undefined ? {} : { token: as });
    after(() => page.stop());
    assert.equal((await page.next()).event, 'ready');
    return async () => {
      const { event, data } = await page.next();
      return [event, data];
    };
  };
  const NEWS = ['news', '{}'];

  it('says so when an update changes no level', async () => {
    const keys = ['status-page/obs-reg1'];
    const { id } = await send('/api/incidents', {
      type: 'incident',
      title: 'Slow uploads',
      impact: 1,
      components: keys,
    });
    const next = await watching();
    await send(`/api/incidents/${id}/updates`, { status: 'identified', text: 'A disk is slow.' });
    assert.deepEqual(await next(), NEWS);
    await send(`/api/incidents/${id}/updates`, { status: 'resolved', text: 'It was replaced.' });
    const heard = [await next(), await next()].map(([event]) => event).sort();
    assert.deepEqual(heard, ['component.status_changed', 'news']);
  });

  it('gives nothing away of what is for members: a draft, or a component', async () => {
    const [everybody, member] = [await watching(), await watching(token)];
    const ended = { title: 'Over since long', status: 'resolved', end: addMs(world.now, -HOUR) } as const;
    const over = await world.incident(ended, ['status-page/vm-reg1'], [{ at: addMs(world.now, -HOUR), text: 'Done.' }]);
    assert.deepEqual([await member(), await everybody()], [NEWS, NEWS]);
    await send(`/api/incidents/${over}/postmortem`, { text: 'A draft.', publish: false }, 'PUT');
    assert.deepEqual(await member(), NEWS);
    const start = addMs(world.now, 100 * HOUR);
    const words = { title: 'Disks are swapped', description: 'In both regions.', start, end: addMs(start, HOUR) };
    const info = { type: 'info', title: 'New addresses', description: 'From June on.' };
    await send('/api/incidents', { ...info, components: ['status-page/vault'] });
    assert.deepEqual(await member(), NEWS);
    const draft = { ...words, components: ['status-page/vm-reg1'] };
    const reviewed = await world.incident(
      { ...draft, type: 'maintenance', status: 'pending_review', impact: 0, title: 'A draft of a plan' },
      draft.components,
    );
    assert.ok(reviewed > 0);
    assert.deepEqual(await member(), NEWS);
    await send('/api/incidents', { ...info, components: ['status-page/vm-reg1'] });
    assert.deepEqual(await everybody(), NEWS);
    const cursor = await world.app.journal.head(world.app.db);
    const late = listen(world.url, { after: cursor });
    await send('/api/incidents', { ...info, components: ['status-page/vm-reg1'] });
    assert.equal((await late.next()).event, 'news', 'and who comes back hears what was missed');
    late.stop();
  });

  it('tells of a post-mortem that everybody may read, and that it was withdrawn', async () => {
    const everybody = await watching();
    const ended = { title: 'Over since long', status: 'resolved', end: addMs(world.now, -HOUR) } as const;
    const over = await world.incident(ended, ['status-page/vm-reg1'], [{ at: addMs(world.now, -HOUR), text: 'Done.' }]);
    assert.deepEqual(await everybody(), NEWS);
    for (const publish of [true, false]) {
      await send(`/api/incidents/${over}/postmortem`, { text: 'A cable broke.', publish }, 'PUT');
      assert.deepEqual(await everybody(), NEWS);
    }
  });
});
