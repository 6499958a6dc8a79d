import { OPERATOR, statusPageWorld } from '../../../../test/support/status-page-world.ts';
import { subscriptionContext } from '../../../../test/support/subscription-context.ts';
import { MINUTE } from '../../../core/index.ts';
import { migrate, openDatabase } from '../../../platform/database/index.ts';
import { deliverDue } from './deliver.ts';
import { takeOverDeliveries } from './keep-outbox.ts';
import { openIncident } from './open-incident.ts';
import { postUpdate } from './post-update.ts';
import type { SubscriptionContext } from './subscription-context.ts';

/**
 * Run as a process of its own by deliver-kill.test.ts: opens and resolves an incident, and dies where it is told to,
 * as by a power cut. Without a place to die it sends what is left and ends by itself.
 */

const [url = '', round = '0', place = '', message = '1'] = process.argv.slice(2);

const world = await statusPageWorld(
  async ({ parts = [], ...options } = {}) => {
    const db = await openDatabase({ url, ...options });
    await migrate(db, parts);
    return db;
  },
  { components: ['status-page/a', 'status-page/b'] },
);
const context = subscriptionContext(world, 9);
// Each round begins after everything that the one before had begun has run out.
world.clock.go(Number(round) * 30 * MINUTE);
await takeOverDeliveries(context);

let sent = 0;
const { webhook } = context.channels;
const die = () => process.kill(process.pid, 'SIGKILL');
const deadly: SubscriptionContext = {
  ...context,
  channels: {
    ...context.channels,
    webhook: {
      ...webhook,
      send: async (...given) => {
        const isLast = ++sent === Number(message);
        if (isLast && place === 'taken') die();
        await webhook.send(...given);
        if (isLast && place === 'sent') die();
      },
    },
  },
};

const settle = async () => {
  await world.journal.drain();
  world.clock.go(MINUTE);
  await deliverDue(deadly, new AbortController().signal);
};

if (place !== '') {
  const { id } = await openIncident(context, OPERATOR, {
    title: 'Storage is down',
    impact: 2,
    components: ['status-page/a'],
  });
  process.stdout.write(`${id}\n`);
  if (place === 'stored') die();
  await settle();
  await postUpdate(context, OPERATOR, id, { status: 'resolved', text: 'It works again.' });
  if (place === 'stored late') die();
  await settle();
  // Where it dies later than everything was sent: then nothing of it is left for the next.
  die();
}
for (let turn = 0; turn < 5; turn += 1) await settle();
process.exit(0);
