import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signWebhook } from '../../../../simulators/gitlab/index.ts';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { DAY, HOUR, MINUTE, type Signal } from '../../../core/index.ts';
import { forgetDeliveries } from '../store/delivery-store.ts';
import { migrations } from '../store/migrations/index.ts';
import { findProject } from '../store/project-store.ts';
import { type FacilityTables, tables } from '../store/schema.ts';
import { acceptDelivery } from './accept-delivery.ts';
import {
  type FacilityWorld,
  facilityWorld,
  HOOK_TOKEN,
  PROJECT,
  type Published,
  type Received,
  TOKEN,
} from './facility-world.cases.ts';

const signals = (news: Published[]): Signal[] =>
  news.filter(({ type }) => type === 'component.signal_reported').map(({ payload }) => payload as Signal);
const SIGNING = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

async function settled(world: FacilityWorld): Promise<Published[]> {
  await world.gitlab.hooks.idle();
  return world.news();
}

async function readWorld(options: Parameters<typeof facilityWorld>[0] = {}): Promise<FacilityWorld> {
  const world = await facilityWorld(options);
  await world.reconcile();
  world.news();
  world.clock.pass(5000);
  return world;
}

function again(
  world: FacilityWorld,
  received: Received | undefined,
  change: Record<string, string> = {},
): Promise<void> {
  assert.ok(received);
  return acceptDelivery(world.context, { ...received, headers: { ...received.headers, ...change } });
}

describe('acceptDelivery', () => {
  it('lets the light follow the event itself, without asking GitLab anything', async () => {
    const world = await readWorld();
    world.gitlab.requests.reset();
    world.issue('Cooling alarm', ['D:Cryo A', 'CRITICAL']);
    const news = await settled(world);
    assert.deepEqual(
      news.map(({ type, key }) => [type, key]),
      [
        ['component.signal_reported', 'facility/cryo-a'],
        ['facility.delivery_accepted', PROJECT],
      ],
    );
    assert.equal(signals(news)[0]?.state, 'DOWN');
    assert.equal(world.gitlab.requests.list().length, 0);
    assert.deepEqual(
      world.received.map(({ status }) => status),
      [204],
    );
  });

  it('turns it green again when the issue is closed', async () => {
    const world = await readWorld();
    const issue = world.issue('Cooling alarm', ['D:Cryo A', 'CRITICAL']);
    await settled(world);
    world.clock.pass(2000);
    world.gitlab.world.closeIssue(issue);
    assert.deepEqual(
      signals(await settled(world)).map(({ state }) => state),
      ['RUNNING'],
    );
  });

  it('sees which device a label was taken from', async () => {
    const world = await readWorld();
    const issue = world.issue('Alarm', ['D:Cryo A']);
    await settled(world);
    world.clock.pass(2000);
    world.gitlab.world.editIssue(issue, { labels: ['D:Laser 2'] });
    const changed = signals(await settled(world)).map(({ component, state }) => [component, state]);
    assert.deepEqual(changed.toSorted(), [
      ['facility/cryo-a', 'RUNNING'],
      ['facility/laser-2', 'LIMITED'],
    ]);
  });

  it('answers a repeated delivery well and does nothing', async () => {
    const world = await readWorld();
    world.gitlab.hooks.trouble({ mode: 'duplicate', count: 1 });
    world.issue('Alarm', ['D:Cryo A']);
    await settled(world);
    assert.deepEqual(
      world.received.map(({ status }) => status),
      [204, 204],
    );
    assert.equal(world.counts['delivery accepted'], 1);
    assert.equal(world.counts['delivery duplicate'], 1);
    world.clock.pass(23 * HOUR);
    await again(world, world.received[0]);
    assert.equal(world.counts['delivery duplicate'], 2);
    assert.deepEqual(world.news(), []);
  });

  it('forgets deliveries after two days, not before', async () => {
    const world = await readWorld();
    world.issue('Alarm', ['D:Cryo A']);
    await settled(world);
    world.clock.pass(2 * DAY);
    await world.db.write((tx) => forgetDeliveries(tx, world.clock.now()));
    assert.deepEqual(await world.db.for<FacilityTables>().selectFrom('facility_delivery').selectAll().execute(), []);
  });

  it('tells events apart that come without any key', async () => {
    const world = await readWorld();
    const issue = world.issue('Alarm', ['D:Cryo A']);
    await settled(world);
    const [first] = world.received;
    assert.ok(first);
    const { 'idempotency-key': _key, 'webhook-id': _id, ...headers } = first.headers;
    await acceptDelivery(world.context, { ...first, headers });
    await acceptDelivery(world.context, { ...first, headers });
    world.clock.pass(2000);
    world.gitlab.world.closeIssue(issue);
    await settled(world);
    const closed = world.received.at(-1);
    assert.ok(closed);
    await acceptDelivery(world.context, { ...closed, headers });
    assert.equal(world.counts['delivery accepted'], 4);
    assert.equal(world.counts['delivery duplicate'], 1);
  });

  it('takes two changes of one second, and two events it cannot read, though they come without any key', async () => {
    const world = await readWorld();
    const issue = world.issue('Alarm', ['D:Cryo A']);
    await settled(world);
    const [first] = world.received;
    assert.ok(first);
    const { 'idempotency-key': _key, 'webhook-id': _id, 'x-gitlab-event-uuid': _uuid, ...headers } = first.headers;
    world.gitlab.world.editIssue(issue, { labels: ['D:Cryo A', 'CRITICAL'] });
    await settled(world);
    const worse = world.received.at(-1);
    assert.ok(worse);
    const strange = (id: number): Buffer =>
      Buffer.from(
        JSON.stringify({ object_kind: 'issue', project: { id: 301 }, object_attributes: { id, state: 'new' } }),
      );
    const before = world.counts['delivery accepted'] ?? 0;
    for (const body of [first.body, worse.body, strange(1), strange(2)])
      await acceptDelivery(world.context, { ...first, headers, body });
    assert.equal((world.counts['delivery accepted'] ?? 0) - before, 4);
    await acceptDelivery(world.context, { ...first, headers, body: strange(2) });
    assert.equal(world.counts['delivery duplicate'], 1);
  });

  it('does not show an older state when events come in the wrong order', async () => {
    const world = await readWorld();
    world.gitlab.hooks.trouble({ mode: 'hold', count: 3 });
    const issue = world.issue('Alarm', ['D:Cryo A', 'CRITICAL']);
    world.clock.pass(2000);
    world.gitlab.world.editIssue(issue, { labels: ['D:Cryo A'] });
    world.clock.pass(2000);
    world.gitlab.world.closeIssue(issue);
    await world.gitlab.hooks.release('reverse');
    assert.deepEqual(signals(world.news()), []);
    const row = await findProject(world.db, PROJECT);
    assert.ok(row && row.dirty_seq > row.done_seq, 'the project is read again all the same');
  });

  it('does not let a reading that began before an event undo it', async () => {
    const world = await readWorld();
    const { gitlab } = world;
    gitlab.faults.add({ kind: 'latency', ms: 300, path: '/api/v4/projects/301/badges', times: 1 });
    const reading = world.reconcile();
    while (gitlab.requests.list({ path: '/api/v4/projects/301/issues' }).length < 2) await new Promise(setImmediate);
    world.clock.pass(100);
    world.issue('Alarm', ['D:Cryo A', 'CRITICAL']);
    await gitlab.hooks.idle();
    await reading;
    assert.deepEqual(
      signals(world.news()).map(({ state }) => state),
      ['DOWN'],
    );
  });

  it('lets a reading correct every event that was stored before it, in the same millisecond too', async () => {
    const world = await readWorld();
    world.gitlab.hooks.trouble({ mode: 'hold', count: 2 });
    const issue = world.issue('Alarm', ['D:Cryo A', 'CRITICAL']);
    world.gitlab.world.editIssue(issue, { labels: ['D:Cryo A'] });
    await world.gitlab.hooks.release('reverse');
    const states = (): string[] => signals(world.news()).map(({ state }) => state ?? '');
    assert.deepEqual(states(), ['LIMITED', 'DOWN'], 'events of one second cannot be told apart');
    await world.reconcile();
    assert.deepEqual(states(), ['LIMITED']);
  });

  it('reads again for a comment, whose event says nothing about labels', async () => {
    const world = await readWorld();
    const issue = world.issue('Alarm', ['D:Cryo A']);
    await settled(world);
    world.gitlab.world.comment(issue, 'Spare part ordered.');
    assert.deepEqual(
      (await settled(world)).map(({ type }) => type),
      ['facility.delivery_accepted'],
    );
  });

  it('never tells more of a confidential issue than its level', async () => {
    const world = await readWorld();
    const issue = world.issue('Secret title', ['D:Cryo A', 'CRITICAL'], { confidential: true });
    world.gitlab.world.comment(issue, 'Secret comment');
    const news = await settled(world);
    const [signal] = signals(news);
    assert.deepEqual(signal && Object.keys(signal).sort(), [
      'component',
      'confidential',
      'expiresAt',
      'level',
      'name',
      'observedAt',
      'source',
      'state',
    ]);
    assert.equal(signal?.level, 'major_outage');
    const stored = await everything(world);
    for (const secret of ['Secret', `issues/${issue.iid}`])
      assert.ok(!JSON.stringify([news, stored, world.log]).includes(secret), secret);
  });

  it('does not tell by the time of the evidence when somebody works on a confidential issue', async () => {
    const world = await facilityWorld();
    const secret = world.issue('Sabotage', ['D:Cryo A', 'CRITICAL'], { confidential: true });
    const open = world.issue('Laser adjusted', ['D:Laser 2']);
    await world.gitlab.hooks.idle();
    await world.reconcile();
    const planned = (await findProject(world.db, PROJECT))?.next_at;
    const typesAfter = async (happens: () => void): Promise<string[]> => {
      world.clock.pass(MINUTE);
      world.news();
      happens();
      await world.gitlab.hooks.idle();
      await world.reconcile();
      return world.news().map(({ type }) => type);
    };
    const comment = await typesAfter(() => void world.gitlab.world.comment(secret, 'again'));
    assert.deepEqual(comment, ['facility.delivery_accepted']);
    const edit = await typesAfter(() => void world.gitlab.world.editIssue(secret, { title: 'Worse' }));
    assert.deepEqual(edit, ['facility.delivery_accepted']);
    assert.equal((await findProject(world.db, PROJECT))?.next_at, planned);
    const both = await typesAfter(() => {
      world.gitlab.world.comment(secret, 'and again');
      world.gitlab.world.comment(open, 'done');
    });
    assert.ok(both.includes('component.evidence_renewed'));
  });

  it('forgets title and number of an issue that becomes confidential, even by a late event', async () => {
    const world = await readWorld();
    const issue = world.issue('Secret title', ['D:Cryo A', 'CRITICAL']);
    await settled(world);
    assert.match(JSON.stringify(await everything(world)), /Secret title/);
    world.clock.pass(2000);
    world.gitlab.hooks.trouble({ mode: 'hold', count: 1 });
    world.gitlab.world.editIssue(issue, { confidential: true });
    world.clock.pass(2000);
    world.gitlab.world.editIssue(issue, { confidential: false });
    await world.gitlab.hooks.idle();
    await world.gitlab.hooks.release();
    assert.doesNotMatch(JSON.stringify(await everything(world)), /Secret title|issues\/1"/);
  });

  it('ignores events of other kinds and other projects, and answers them well', async () => {
    const world = await readWorld();
    world.issue('Alarm', ['D:Cryo A']);
    await settled(world);
    const [received] = world.received;
    const pipeline = Buffer.from(JSON.stringify({ object_kind: 'pipeline', project: { id: 301 } }));
    const elsewhere = Buffer.from(JSON.stringify({ object_kind: 'note', project: { id: 999 }, object_attributes: {} }));
    assert.ok(received);
    for (const body of [pipeline, elsewhere]) await acceptDelivery(world.context, { ...received, body });
    assert.equal(world.counts['delivery ignored'], 2);
    assert.deepEqual(world.news(), []);
  });

  it('reads again for an issue event it cannot understand', async () => {
    const world = await readWorld();
    const body = Buffer.from(
      JSON.stringify({ object_kind: 'issue', project: { id: 301 }, object_attributes: { state: 'melted' } }),
    );
    const headers = { 'x-gitlab-token': HOOK_TOKEN, 'idempotency-key': 'k' };
    await acceptDelivery(world.context, { integration: 'lab', headers, body, ip: '::1' });
    assert.equal(world.counts['delivery accepted'], 1);
  });

  it('refuses what no GitLab sends', async () => {
    const world = await readWorld();
    const headers = { 'x-gitlab-token': HOOK_TOKEN };
    const deep = Buffer.from('['.repeat(100_000) + ']'.repeat(100_000));
    for (const body of [Buffer.from('{"text":"hello"}'), Buffer.from('{'), Buffer.from([0xff, 0xfe]), deep]) {
      await assert.rejects(acceptDelivery(world.context, { integration: 'lab', headers, body, ip: '::1' }), {
        code: 'invalid',
      });
    }
  });

  describe('refuses, and neither stores nor asks anything,', () => {
    it('a wrong, an empty and a missing token', async () => {
      const world = await readWorld();
      world.issue('Alarm', ['D:Cryo A']);
      await settled(world);
      world.gitlab.requests.reset();
      const before = await everything(world);
      const [received] = world.received;
      for (const token of ['not-the-token', '', `${HOOK_TOKEN} `]) {
        await assert.rejects(
          again(world, received, { 'x-gitlab-token': token, 'idempotency-key': token, 'webhook-id': token }),
          { code: 'unauthenticated' },
        );
      }
      assert.ok(received);
      const { 'x-gitlab-token': _token, ...headers } = received.headers;
      await assert.rejects(acceptDelivery(world.context, { ...received, headers }), { code: 'unauthenticated' });
      assert.deepEqual(await everything(world), before);
      assert.equal(world.gitlab.requests.list().length, 0);
      assert.doesNotMatch(world.log.join(''), /s3cr3t|not-the-token/);
    });

    it('the secret of another project of the same GitLab, and that of all when the project has its own', async () => {
      const world = await facilityWorld({
        config: (url) => ({
          integrations: [{ id: 'lab', url, token: TOKEN, hook_token: 'secret-of-all' }],
          projects: [
            { integration: 'lab', project: 301, hook_token: HOOK_TOKEN },
            { integration: 'lab', project: 302, hook_token: 'secret-of-302' },
          ],
        }),
      });
      world.issue('Alarm', ['D:Cryo A']);
      await settled(world);
      assert.equal(world.counts['delivery accepted'], 1);
      const [received] = world.received;
      for (const token of ['secret-of-302', 'secret-of-all', 'secret-of-none']) {
        await assert.rejects(again(world, received, { 'x-gitlab-token': token, 'idempotency-key': token }), {
          code: 'unauthenticated',
        });
      }
      assert.equal(world.counts['delivery accepted'], 1);
    });

    it('everything when no secret is configured', async () => {
      const world = await readWorld({ integration: { hook_token: undefined } });
      world.issue('Alarm', ['D:Cryo A']);
      await settled(world);
      assert.deepEqual(
        world.received.map(({ status }) => status),
        [401],
      );
    });

    it('an unsigned delivery when a signing token is configured, even with the right token', async () => {
      const world = await readWorld({ integration: { signing_token: SIGNING } });
      world.issue('Alarm', ['D:Cryo A']);
      await settled(world);
      assert.deepEqual(
        world.received.map(({ status }) => status),
        [401],
      );
    });

    it('a signed one that is an hour old, one whose body was written anew, and one with only foreign signatures', async () => {
      const world = await readWorld({ integration: { signing_token: SIGNING } });
      world.hook.signingToken = SIGNING;
      world.issue('Alarm', ['D:Cryo A']);
      await settled(world);
      const [received] = world.received;
      assert.ok(received);
      assert.equal(received.status, 204);
      const rewritten = Buffer.from(JSON.stringify(JSON.parse(Buffer.from(received.body).toString()), null, 1));
      await assert.rejects(acceptDelivery(world.context, { ...received, body: rewritten }), {
        code: 'unauthenticated',
      });
      const foreign = signWebhook(`whsec_${Buffer.alloc(32, 9).toString('base64')}`, {
        id: 'x',
        timestamp: 1,
        body: received.body.toString(),
      });
      await assert.rejects(again(world, received, { 'webhook-signature': `${foreign} ${foreign}` }), {
        code: 'unauthenticated',
      });
      const right = received.headers['webhook-signature'] ?? '';
      await again(world, received, { 'webhook-signature': `${foreign} ${right}` });
      world.clock.pass(HOUR);
      await assert.rejects(again(world, received), { code: 'unauthenticated' });
    });

    it('an address that is not allowed', async () => {
      const world = await readWorld({ integration: { allow_ips: ['10.0.0.0/8', '2001:db8::/32'] } });
      world.issue('Alarm', ['D:Cryo A']);
      await settled(world);
      const [received] = world.received;
      assert.ok(received);
      assert.equal(received.status, 403);
      for (const ip of ['10.1.2.3', '2001:db8::1']) await acceptDelivery(world.context, { ...received, ip });
      await assert.rejects(acceptDelivery(world.context, { ...received, ip: '192.168.1.1' }), { code: 'forbidden' });
    });

    it('an integration nobody has configured', async () => {
      const world = await readWorld();
      const delivery = {
        integration: 'nobody',
        headers: { 'x-gitlab-token': HOOK_TOKEN },
        body: Buffer.from('{}'),
        ip: '::1',
      };
      await assert.rejects(acceptDelivery(world.context, delivery), { code: 'not_found' });
    });
  });
});

describe('acceptDelivery with many at once', () => {
  eachDatabase((open) => {
    it('accepts each of 20 different and 20 equal deliveries exactly once', async () => {
      const db = await open({ parts: [{ name: 'facility', tables, migrations }] });
      const world = await readWorld({ db });
      world.issue('Alarm', ['D:Cryo A']);
      await settled(world);
      const [received] = world.received;
      const before = await findProject(db, PROJECT);
      const keys = Array.from({ length: 40 }, (_, index) => `key ${index < 20 ? index : 20}`);
      await Promise.all(keys.map((key) => again(world, received, { 'idempotency-key': key, 'webhook-id': key })));
      assert.equal(world.counts['delivery accepted'], 1 + 21);
      assert.equal(world.counts['delivery duplicate'], 19);
      assert.equal((await findProject(db, PROJECT))?.dirty_seq, (before?.dirty_seq ?? 0) + 21);
      const rows = await db.for<FacilityTables>().selectFrom('facility_delivery').selectAll().execute();
      assert.equal(rows.length, 1 + 21);
      // One reading is enough for those that were stored together.
      assert.ok(world.news().length <= 21);
    });

    it('shows the newest of events that are stored together', async () => {
      const db = await open({ parts: [{ name: 'facility', tables, migrations }] });
      const world = await readWorld({ db });
      world.issue('Alarm', ['D:Cryo A', 'CRITICAL']);
      await settled(world);
      const [received] = world.received;
      assert.ok(received);
      const seconds = [1, 2, 4, 3];
      const all = seconds.map((second) => {
        const body = JSON.parse(Buffer.from(received.body).toString()) as { object_attributes: { updated_at: string } };
        const at = new Date(Date.parse(body.object_attributes.updated_at) + second * 1000).toISOString();
        Object.assign(body.object_attributes, { title: `Alarm ${second}`, updated_at: at });
        return { ...received, body: Buffer.from(JSON.stringify(body)) };
      });
      await Promise.all(all.map((one, n) => again(world, one, { 'idempotency-key': `${n}`, 'webhook-id': `${n}` })));
      assert.equal(world.counts['delivery accepted'], 1 + 4);
      const issues = await db.for<FacilityTables>().selectFrom('facility_issue').select('title').execute();
      assert.deepEqual(issues, [{ title: 'Alarm 4' }]);
      assert.match(signals(world.news()).at(-1)?.summary ?? '', /Alarm 4/);
    });

    it('weighs all open issues of a device, whatever its name, and takes an issue of no device', async () => {
      const db = await open({ parts: [{ name: 'facility', tables, migrations }] });
      const names = ['100 %_!', 'say "a\\b"', "O'Neil 顕微鏡", 'x'];
      const world = await readWorld({ db, labels: ['CRITICAL', ...names.map((name) => `D:${name}`)] });
      for (const name of names) {
        const worse = world.issue('Smoke', [`D:${name}`, 'CRITICAL']);
        assert.deepEqual(
          signals(await settled(world)).map(({ state }) => state),
          ['DOWN'],
          name,
        );
        world.issue('Noise', [`D:${name}`]);
        assert.deepEqual(signals(await settled(world)), [], name);
        world.gitlab.world.closeIssue(worse);
        assert.deepEqual(
          signals(await settled(world)).map(({ state }) => state),
          ['LIMITED'],
          name,
        );
      }
      world.issue('Lunch', ['CRITICAL']);
      const many = Array.from({ length: 30 }, (_, n) => `D:none ${n}`);
      world.issue('Power cut', ['D:x', 'CRITICAL', ...many]);
      const news = await settled(world);
      assert.deepEqual(
        signals(news).map(({ component, state }) => [component, state]),
        [['facility/x', 'DOWN']],
      );
      assert.equal(world.received.at(-2)?.status, 204);
    });
  });
});

/** All rows of all our tables. */
async function everything(world: FacilityWorld): Promise<unknown[]> {
  const names = Object.keys(tables) as (keyof FacilityTables)[];
  return Promise.all(names.map((table) => world.db.for<FacilityTables>().selectFrom(table).selectAll().execute()));
}
