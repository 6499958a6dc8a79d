import { after, describe, it } from 'node:test';
import { openTestDatabase } from '../../../../test/support/databases.ts';
import { until } from '../../../../test/support/until.ts';
import { ANONYMOUS, StatusChanged, systemClock } from '../../../core/index.ts';
import type { EventStream, Web } from '../../../platform/http/index.ts';
import { createJournal, journalSchema } from '../../../platform/journal/index.ts';
import { createLogger } from '../../../platform/log/index.ts';
import { ComponentStream } from './stream.ts';

type Serve = Parameters<Web['stream']>[2];

async function world() {
  const db = await openTestDatabase({ parts: [journalSchema] });
  const log = createLogger('silent');
  const journal = createJournal({ db, clock: systemClock, log });
  await journal.start();
  after(() => journal.stop());
  let serve: Serve | undefined;
  const stream = new ComponentStream({
    db,
    journal,
    log,
    areas: () => [],
    reads: { visibilities: async (keys) => new Map(keys.map((key) => [key, 'public'])) },
  });
  stream.register({ stream: (_path: string, _about: unknown, handler: Serve) => void (serve = handler) } as Web);
  return {
    /** A page that is opened. */
    comes: () => {
      const told: string[] = [];
      const closed = new AbortController();
      const line: EventStream = { send: ({ event = '' }) => void told.push(event), closed: closed.signal };
      const served = serve?.({ actor: ANONYMOUS, lastEventId: null } as Parameters<Serve>[0], line);
      return { told, leave: () => closed.abort(), served };
    },
    happens: () => {
      const payload = { key: 'a/b', name: 'B', visibility: 'public', from: 'operational', to: 'degraded' } as const;
      const change = { ...payload, state: null, since: systemClock.now() };
      return db.write((tx) => journal.publish(tx, StatusChanged, { key: 'a/b', payload: change }));
    },
  };
}

describe('the stream of changes', () => {
  it('is alive for who comes in the moment in which the last one leaves', async () => {
    const { comes, happens } = await world();
    for (let ticks = 0; ticks < 12; ticks += 1) {
      const first = comes();
      await until('the first is told that it may begin', () => first.told.includes('ready'));
      first.leave();
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      const second = comes();
      await first.served;
      await happens();
      await until(`the second hears, ${ticks} ticks later`, () => second.told.includes('component.status_changed'));
      second.leave();
      await second.served;
    }
  });
});
