import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { CREATOR, OPERATOR, person, statusPageWorld } from '../../../../test/support/status-page-world.ts';
import { type SubscriptionWorld, subscriptionWorld } from '../../../../test/support/subscription-world.ts';
import { type Actor, addMs, DAY, HOUR, MINUTE } from '../../../core/index.ts';
import { listDeliveries } from '../store/delivery-read.ts';
import { listSubscriptions, managedSubscription, subscriptionsById } from '../store/subscription-read.ts';
import { countOfTarget } from '../store/subscription-store.ts';
import { addComponents } from './add-components.ts';
import { announceMaintenance } from './announce-maintenance.ts';
import { cancelMaintenance } from './cancel-maintenance.ts';
import { checkByClock } from './check-by-clock.ts';
import { correctUpdate } from './correct-update.ts';
import { tidySubscriptions } from './keep-outbox.ts';
import { removeSubscription, retryDeliveries, sendTest } from './operate-subscriptions.ts';
import { postUpdate } from './post-update.ts';
import { reviewMaintenance } from './review-maintenance.ts';
import { saveSeries } from './save-series.ts';
import type { WrittenStep } from './staff-news.ts';
import { LEASE, takeNext } from './take-delivery.ts';

const A = 'status-page/a';
const ADMIN = person('admin');
const BOARD = 'board@example.org';
const TEAM = 'team@example.org';
const MAIL = { maintenance_mail: { reviewers: [BOARD] } };
type Options = Parameters<typeof subscriptionWorld>[1];

async function staffed(open: Parameters<typeof subscriptionWorld>[0], config: object = {}, more: Options = {}) {
  return await subscriptionWorld(open, { ...more, config: { ...MAIL, ...config } });
}

async function announced({ context, clock }: SubscriptionWorld, actor: Actor, more: object = {}): Promise<number> {
  const start = addMs(clock.now(), 3 * DAY);
  const input = { title: 'New disks', description: 'Disks.', components: [A], start, end: addMs(start, HOUR) };
  const { id } = await announceMaintenance(context, actor, { ...input, contactEmail: TEAM, ...more });
  assert.ok(id !== null);
  return id;
}

/** What arrived since the last look, as `to: state`. */
async function arrived(world: SubscriptionWorld): Promise<string[]> {
  await world.deliver();
  const mails = world.mail.mails.splice(0);
  return mails.map(({ to, subject }) => `${to}: ${subject.replace('[Maintenance] New disks — ', '')}`).sort();
}

eachDatabase((open) => {
  describe('mail to staff about a maintenance', () => {
    it('goes to reviewers and contact when a creator announces it, with what each has to know', async () => {
      const world = await staffed(open);
      const id = await announced(world, CREATOR);
      await world.deliver();
      const [board, team] = world.mail.mails.toSorted((a, b) => (a.to < b.to ? -1 : 1));
      assert.deepEqual([board?.to, team?.to], [BOARD, TEAM]);
      assert.equal(board?.subject, '[Maintenance] New disks — awaiting review');
      const text = board?.text ?? '';
      assert.match(text, new RegExp(`The maintenance “New disks” \\(number ${id}\\) waits for a review\\.`));
      assert.match(
        text,
        /Status: awaiting review\nPlanned for: 24 Nov 2026, 12:00 – 24 Nov 2026, 13:00 \(UTC\)\nAnnounced by: creator/,
      );
      assert.match(text, /21 Nov 2026, 12:00 \(UTC\)/);
      assert.match(text, new RegExp(`https://s\\.example/incidents/${id}/review\n`));
      assert.match(team?.text ?? '', new RegExp(`https://s\\.example/incidents/${id}\n`));
      assert.match(board?.html ?? '', /<h1[^>]*>New disks — awaiting review<\/h1>/);
      assert.doesNotMatch(board?.source ?? '', /List-Unsubscribe/i, 'nobody subscribed to it');
      assert.doesNotMatch(text, /Affected|status-page\/a/, 'components may be hidden');
    });

    it('has what its author wrote for the reviewers, and not the words of an operator that everybody reads', async () => {
      const world = await staffed(open);
      await announced(world, CREATOR, { text: 'Only at *night*.' });
      assert.match(await arrivedText(world), /waits for a review\.\s+Only at \*night\*\./);
      await announced(world, OPERATOR, { text: 'Only at *noon*.' });
      assert.doesNotMatch(await arrivedText(world), /noon/);
    });

    it('goes to the contact only when an operator or administrator announces it', async () => {
      const world = await staffed(open);
      await announced(world, OPERATOR);
      await announced(world, ADMIN);
      assert.deepEqual(await arrived(world), [`${TEAM}: scheduled`, `${TEAM}: scheduled`]);
    });

    it('follows the review: given back with the word for it, handed in again, approved', async () => {
      const world = await staffed(open);
      const { context } = world;
      const id = await announced(world, CREATOR);
      await arrived(world);
      await reviewMaintenance(context, OPERATOR, id, { version: 1, verdict: 'return', text: 'Which *night*?' });
      await world.deliver();
      const [back] = world.mail.mails;
      assert.match(
        back?.text ?? '',
        /was given back to its author[^]*Which \*night\*\?[^]*awaiting review → given back/,
      );
      assert.match(back?.text ?? '', /Changed by: operator/);
      assert.deepEqual(await arrived(world), [`${TEAM}: given back`]);
      const words = { status: 'pending_review', text: 'A word.' };
      await postUpdate(context, OPERATOR, id, { version: 2, ...words });
      assert.deepEqual(await arrived(world), [], 'only its author hands it in');
      await postUpdate(context, CREATOR, id, { version: 3, ...words });
      assert.match(await arrivedText(world), /waits for a review again\.\s+A word\.[^]*given back →/);
      assert.deepEqual(await arrived(world), [`${BOARD}: awaiting review`, `${TEAM}: awaiting review`]);
      await postUpdate(context, CREATOR, id, { version: 4, ...words });
      await addComponents(context, CREATOR, id, { version: 5, components: ['status-page/b'] });
      assert.deepEqual(await arrived(world), [], 'it waits as before');
      await reviewMaintenance(context, OPERATOR, id, { version: 6, verdict: 'approve' });
      assert.deepEqual(await arrived(world), [`${BOARD}: approved`, `${TEAM}: approved`]);
    });

    it('is none when the word of a giving back is corrected, at once or long after', async () => {
      const world = await staffed(open);
      const { context } = world;
      const id = await announced(world, CREATOR);
      const { update } = await reviewMaintenance(context, OPERATOR, id, {
        version: 1,
        verdict: 'return',
        text: 'When?',
      });
      await arrived(world);
      const row = { incident: id, update: update ?? 0 };
      await correctUpdate(context, OPERATOR, row, { version: 2, text: 'Wich night?' });
      assert.deepEqual(await arrived(world), []);
      await reviewMaintenance(context, OPERATOR, id, { version: 3, verdict: 'approve' });
      assert.deepEqual(await arrived(world), [`${BOARD}: approved`, `${TEAM}: approved`]);
      await correctUpdate(context, person('creator', 'other'), row, { version: 4, text: 'Which night?' });
      assert.deepEqual(await arrived(world), []);
    });

    it('tells the contact that it is rejected and why, or that its author cancelled it', async () => {
      const world = await staffed(open);
      const rejected = await announced(world, CREATOR);
      const cancelled = await announced(world, CREATOR);
      await arrived(world);
      const no = { version: 1, verdict: 'reject', text: 'Not this year.' };
      await reviewMaintenance(world.context, OPERATOR, rejected, no);
      assert.match(await arrivedText(world), /was rejected and does not take place\.[^]*Not this year\./);
      assert.deepEqual(await arrived(world), [`${TEAM}: rejected`]);
      await cancelMaintenance(world.context, CREATOR, cancelled, { version: 1 });
      assert.deepEqual(await arrived(world), [`${TEAM}: cancelled`]);
    });

    it('comes once for each transition of the clock, from the program, and never without one', async () => {
      const world = await staffed(open);
      const { context, clock } = world;
      const id = await announced(world, CREATOR);
      await reviewMaintenance(context, OPERATOR, id, { version: 1, verdict: 'approve' });
      await arrived(world);
      await checkByClock(context);
      assert.match(await arrivedText(world), /Status: approved → planned\nPlanned for: .*\nChanged by: the program/);
      assert.deepEqual(await arrived(world), [`${TEAM}: planned`]);
      await checkByClock(context);
      assert.deepEqual(await arrived(world), [], 'nothing changed');
      clock.go(3 * DAY);
      await Promise.all([checkByClock(context), checkByClock(context)]);
      assert.deepEqual(await arrived(world), [`${TEAM}: in progress`]);
      clock.go(HOUR);
      await checkByClock(context);
      assert.deepEqual(await arrived(world), [`${TEAM}: completed`]);
    });

    it('is one mail of several steps that the clock makes at once', async () => {
      const world = await staffed(open);
      const id = await announced(world, CREATOR);
      await reviewMaintenance(world.context, OPERATOR, id, { version: 1, verdict: 'approve' });
      await arrived(world);
      world.clock.go(3 * DAY + MINUTE);
      await checkByClock(world.context);
      assert.deepEqual(await arrived(world), [`${TEAM}: in progress`]);
    });

    it('is queued by no change that fails or conflicts', async () => {
      const world = await staffed(open);
      const id = await announced(world, CREATOR);
      const queued = async () => (await world.deliveries()).length;
      const before = await queued();
      const approve = { version: 7, verdict: 'approve' };
      await assert.rejects(reviewMaintenance(world.context, OPERATOR, id, approve), { code: 'conflict' });
      await assert.rejects(reviewMaintenance(world.context, CREATOR, id, approve), { code: 'forbidden' });
      await assert.rejects(announced(world, CREATOR, { title: '' }), { code: 'invalid' });
      const undone = world.db.write(async (tx) => {
        await world.context.tellStaff(tx, await step(world, id, 2));
        throw new Error('the change failed after all');
      });
      await assert.rejects(undone, /after all/);
      assert.equal(await queued(), before);
      const both = [OPERATOR, ADMIN].map((actor) =>
        reviewMaintenance(world.context, actor, id, { version: 1, verdict: 'approve' }),
      );
      assert.equal((await Promise.allSettled(both)).filter(({ status }) => status === 'fulfilled').length, 1);
      assert.equal(await queued(), before + 2);
    });

    it('has no second row when the same is published again, and one when something else is', async () => {
      const world = await staffed(open);
      const id = await announced(world, CREATOR);
      const publish = async (version: number) => {
        const told = await step(world, id, version);
        await world.db.write((tx) => world.context.tellStaff(tx, told));
        return (await world.deliveries()).length;
      };
      assert.deepEqual([await publish(2), await publish(2), await publish(3)], [4, 4, 6]);
    });

    it('reaches no contact outside the allowed domains, no excluded address, and no contact if that is off', async () => {
      const world = await staffed(open, {
        contact_domains: ['example.org'],
        maintenance_mail: { reviewers: [' Board@Example.org', BOARD, 'olga@elsewhere.example'], exclude: [TEAM] },
      });
      const id = await announced(world, CREATOR);
      const reviewers = [`${BOARD}: awaiting review`, 'olga@elsewhere.example: awaiting review'];
      assert.deepEqual(await arrived(world), reviewers, 'domains bind contacts only, and each address is told once');
      const outside = await step(world, id, 2);
      const after = { ...outside.after, contactEmail: 'eve@elsewhere.example' };
      await world.db.write((tx) => world.context.tellStaff(tx, { ...outside, after }));
      assert.deepEqual(await arrived(world), [`${BOARD}: approved`, 'olga@elsewhere.example: approved']);
      const off = await staffed(open, { maintenance_mail: { to_contact: false } });
      await announced(off, CREATOR);
      assert.deepEqual(await off.deliveries(), []);
    });

    it('is in the language of the configuration', async () => {
      const world = await staffed(open, { maintenance_mail: { language: 'it' } });
      await announced(world, OPERATOR);
      await world.deliver();
      assert.equal(world.mail.mails[0]?.subject, '[Manutenzione] New disks — programmata');
      assert.match(world.mail.mails[0]?.text ?? '', /La manutenzione «New disks» \(numero \d+\) è programmata\./);
      assert.match(world.mail.mails[0]?.text ?? '', /Prevista per: 24 nov 2026, 12:00 – 24 nov 2026, 13:00 \(UTC\)/);
    });

    it('is not queued while there is no mail server, nor for the days of a series', async () => {
      const bare = await statusPageWorld(open, { config: MAIL });
      const start = addMs(bare.clock.now(), 3 * DAY);
      const input = { title: 'New disks', description: 'Disks.', components: [A], start, end: addMs(start, HOUR) };
      await announceMaintenance(bare.context, CREATOR, { ...input, contactEmail: TEAM });
      assert.deepEqual(await listDeliveries(bare.db, { limit: 10 }), []);
      const world = await staffed(open);
      await saveSeries(world.context, OPERATOR, {
        title: 'Weekly backups',
        description: 'Backups.',
        components: [A],
        rule: 'FREQ=WEEKLY',
        zone: 'UTC',
        startLocal: '2026-11-25T02:00',
        durationMinutes: 60,
        contactEmail: TEAM,
      });
      assert.ok((await world.all()).length > 3);
      assert.deepEqual(await world.deliveries(), []);
    });

    it('is sent once although two deliver, and again under its id when the one that took it is gone', async () => {
      const world = await staffed(open);
      await announced(world, OPERATOR);
      const [line] = await world.deliveries();
      assert.ok(line);
      const taken = await takeNext(world.context, line.subscription);
      assert.ok(taken !== null && taken !== 'dropped', 'its process dies now');
      assert.equal(await world.deliver(), 0, 'somebody has it');
      world.clock.go(LEASE);
      await Promise.all([world.deliver(), world.deliver()]);
      await world.deliver();
      assert.deepEqual(
        world.mail.mails.map(({ messageId }) => messageId),
        [`<${line.id}@s.example>`],
      );
      const [done] = await world.deliveries();
      assert.deepEqual([done?.state, done?.attempts], ['sent', 2]);
    });

    it('that is refused for good fails, silences nobody, and goes out when it is tried again', async () => {
      const world = await staffed(open);
      const id = await announced(world, OPERATOR);
      world.mail.refuse({ code: 550, text: '5.1.1 nobody here' });
      await world.deliver();
      const [line] = await world.deliveries();
      assert.deepEqual([line?.state, line?.attempts], ['failed', 1]);
      const [owner] = await subscriptionsById(world.db, [line?.subscription ?? '']);
      assert.deepEqual([owner?.state, owner?.audience], ['active', 'staff']);
      world.mail.refuse(null);
      assert.equal(await retryDeliveries(world.context, ADMIN), 1);
      assert.deepEqual(await arrived(world), [`${TEAM}: scheduled`]);
      await cancelMaintenance(world.context, OPERATOR, id, { version: 1 });
      assert.deepEqual(await arrived(world), [`${TEAM}: cancelled`]);
    });

    it('is nothing that visitors or administrators of subscriptions get into their hands', async () => {
      const world = await staffed(open);
      await announced(world, CREATOR);
      const owners = await subscriptionsById(
        world.db,
        (await world.deliveries()).map(({ subscription }) => subscription),
      );
      assert.equal(owners.length, 2);
      assert.deepEqual(await listSubscriptions(world.db, { limit: 10 }), []);
      for (const { id, manageToken, targetHash, ownerHash } of owners) {
        assert.equal(await managedSubscription(world.db, manageToken), null);
        assert.equal(await countOfTarget(world.db, { targetHash, ownerHash }), 0);
        await assert.rejects(removeSubscription(world.context, ADMIN, id), { code: 'not_found' });
        await assert.rejects(sendTest(world.context, ADMIN, id), { code: 'not_found' });
      }
      await announced(world, OPERATOR, { contactEmail: undefined });
      await world.settleMessages();
      assert.ok(!world.mail.mails.some(({ subject }) => subject.startsWith('[Test]')), 'and no news of the page');
    });

    it('forgets an address when its last mail is forgotten', async () => {
      const world = await staffed(open);
      await announced(world, OPERATOR);
      await arrived(world);
      const [line] = await world.deliveries();
      const owner = async () => (await subscriptionsById(world.db, [line?.subscription ?? ''])).length;
      await tidySubscriptions(world.context);
      assert.equal(await owner(), 1);
      world.clock.go(31 * DAY);
      await tidySubscriptions(world.context);
      assert.equal(await owner(), 0);
    });
  });
});

/** The text of the newest mail, which stays where `arrived` finds it. */
async function arrivedText(world: SubscriptionWorld): Promise<string> {
  await world.deliver();
  return world.mail.mails.at(-1)?.text ?? '';
}

/** An approval, as the actions tell it. */
async function step({ view }: SubscriptionWorld, id: number, version: number): Promise<WrittenStep> {
  const found = await view(id);
  assert.ok(found);
  const after = { ...found, status: 'reviewed', version } as const;
  return { before: 'pending_review', after, update: null, handedIn: false, by: OPERATOR };
}
