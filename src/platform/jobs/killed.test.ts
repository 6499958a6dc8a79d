import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { eachDatabase } from '../../../test/support/databases.ts';
import { until } from '../../../test/support/until.ts';
import { addMs, type Clock, MINUTE } from '../../core/index.ts';
import { createJobs, jobsSchema } from './index.ts';
import type { JobsTables } from './schema.ts';

const log = pino({ level: 'silent' });

describe('jobs of a process that was killed', () => {
  eachDatabase((open, engine) => {
    it(
      engine === 'sqlite' ? 'are due again as soon as the next one starts' : 'are taken over after a minute',
      async () => {
        let now = '2026-11-20T10:00:00.000Z';
        const clock: Clock = { now: () => now };
        const db = await open({ parts: [jobsSchema], clock });
        const forever = Promise.withResolvers<undefined>();
        const dead = createJobs({ db, clock, log });
        let began = 0;
        dead.add({
          name: 'look',
          schedule: { everyMs: 30_000 },
          run: async () => {
            began += 1;
            await forever.promise;
          },
        });
        dead.trigger('look');
        const running = dead.runDue();
        await until('it runs', () => began === 1);

        const next = createJobs({ db, clock, log });
        let ran = 0;
        next.add({
          name: 'look',
          schedule: { everyMs: 30_000 },
          run: async () => {
            ran += 1;
          },
        });
        if (engine === 'postgres') {
          await next.runDue();
          assert.equal(ran, 0, 'another process may still be at it');
          now = addMs(now, MINUTE + 1);
        }
        await next.start();
        await until('it is done', () => ran === 1);
        await next.stop();
        const row = await db.for<JobsTables>().selectFrom('jobs_job').select('claimed_by').executeTakeFirst();
        assert.equal(row?.claimed_by, null);
        forever.resolve(undefined);
        await running;
      },
    );
  });
});
