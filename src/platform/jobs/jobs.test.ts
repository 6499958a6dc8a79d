import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eachDatabase } from '../../../test/support/databases.ts';
import { addMs, type Clock, DAY, HOUR, type Instant, MINUTE, SECOND } from '../../core/index.ts';
import type { OpenedDatabase } from '../database/index.ts';
import { createLogger } from '../log/index.ts';
import { createJobs, type Job, type Jobs, jobsSchema } from './index.ts';

class ManualClock implements Clock {
  #now: Instant = '2026-03-01T08:00:00.000Z';

  now(): Instant {
    return this.#now;
  }

  advance(milliseconds: number): void {
    this.#now = addMs(this.#now, milliseconds);
  }
}

const EVERY_HOUR = { everyMs: HOUR };

eachDatabase((open) => {
  async function world() {
    const clock = new ManualClock();
    const db = await open({ parts: [jobsSchema], clock });
    return { clock, db, jobs: jobsOn(db) };
  }

  function jobsOn(db: OpenedDatabase, lines?: string[]): Jobs {
    const log = lines
      ? createLogger('info', { write: (line: string) => void lines.push(line) })
      : createLogger('silent');
    return createJobs({ db, clock: db.clock, log });
  }

  /** A job that counts its runs. */
  function counting(jobs: Jobs, job: Partial<Job> = {}): { runs: number } {
    const count = { runs: 0 };
    jobs.add({
      name: 'test.count',
      schedule: EVERY_HOUR,
      run: async () => {
        count.runs += 1;
      },
      ...job,
    });
    return count;
  }

  async function state(jobs: Jobs): Promise<Awaited<ReturnType<Jobs['list']>>[number]> {
    const [only, ...others] = await jobs.list();
    assert.ok(only);
    assert.deepEqual(others, []);
    return only;
  }

  describe('a job', () => {
    it('runs at once the first time and then again after its pause', async () => {
      const { clock, jobs } = await world();
      const count = counting(jobs);
      await jobs.runDue();
      await jobs.runDue();
      assert.equal(count.runs, 1);
      clock.advance(HOUR - 1);
      await jobs.runDue();
      assert.equal(count.runs, 1);
      clock.advance(1);
      await jobs.runDue();
      assert.equal(count.runs, 2);
    });

    it('with a pattern runs at that local time, also across a change of the clocks', async () => {
      const { clock, jobs } = await world();
      const count = counting(jobs, { schedule: { cron: '30 3 * * *', zone: 'Europe/Rome' } });
      await jobs.runDue();
      assert.equal(count.runs, 0);
      assert.equal((await state(jobs)).nextAt, '2026-03-02T02:30:00.000Z');
      clock.advance(29 * DAY);
      await jobs.runDue();
      assert.equal(count.runs, 1);
      assert.equal((await state(jobs)).nextAt, '2026-03-31T01:30:00.000Z');
    });

    it('that was missed during days of downtime is caught up once', async () => {
      const { clock, db, jobs } = await world();
      counting(jobs);
      await jobs.runDue();
      clock.advance(5 * DAY);
      const after = jobsOn(db);
      const count = counting(after);
      await after.runDue();
      await after.runDue();
      assert.equal(count.runs, 1);
      assert.equal((await state(after)).nextAt, addMs(clock.now(), HOUR));
    });

    it('neither storms nor stalls when the clock jumps by an hour, forth or back', async () => {
      const { clock, jobs } = await world();
      const count = counting(jobs, { schedule: { everyMs: 10 * MINUTE } });
      await jobs.runDue();
      clock.advance(HOUR);
      await jobs.runDue();
      await jobs.runDue();
      assert.equal(count.runs, 2);
      clock.advance(-HOUR);
      await jobs.runDue();
      assert.equal(count.runs, 2);
      clock.advance(10 * MINUTE);
      await jobs.runDue();
      assert.equal(count.runs, 3);
    });

    it('that fails is recorded and logged, and runs again at its time', async () => {
      const { clock, db } = await world();
      const lines: string[] = [];
      const jobs = jobsOn(db, lines);
      let broken = true;
      counting(jobs, {
        run: async () => {
          if (broken) throw new Error('the other side is asleep');
        },
      });
      await jobs.runDue();
      assert.equal((await state(jobs)).error, 'the other side is asleep');
      const entry = JSON.parse(lines[0] ?? '{}') as Record<string, unknown>;
      assert.deepEqual([entry['level'], entry['job'], entry['msg']], [40, 'test.count', 'job failed']);
      broken = false;
      clock.advance(HOUR);
      await jobs.runDue();
      const healed = await state(jobs);
      assert.equal(healed.error, null);
      assert.equal(healed.startedAt, clock.now());
      assert.equal(healed.finishedAt, clock.now());
    });

    it('that is asked for runs before its time, once for many calls', async () => {
      const { jobs } = await world();
      const count = counting(jobs);
      await jobs.runDue();
      jobs.trigger('test.count');
      jobs.trigger('test.count');
      await jobs.runDue();
      await jobs.runDue();
      assert.equal(count.runs, 2);
    });

    it('that is asked for while it runs, runs once more', async () => {
      const { jobs } = await world();
      let runs = 0;
      jobs.add({
        name: 'test.again',
        schedule: EVERY_HOUR,
        run: async () => {
          runs += 1;
          if (runs === 1) jobs.trigger('test.again');
        },
      });
      await jobs.runDue();
      assert.equal(runs, 2);
    });

    it('is refused when its name is taken or its pattern is none, and cannot be asked for unknown', async () => {
      const { jobs } = await world();
      counting(jobs);
      assert.throws(() => counting(jobs), /two jobs named test.count/);
      assert.throws(() => counting(jobs, { name: 'a', schedule: { cron: 'whenever', zone: 'UTC' } }));
      assert.throws(() => counting(jobs, { name: 'b', schedule: { cron: '0 3 * * *', zone: 'Mars/Olympus' } }));
      assert.throws(() => counting(jobs, { name: 'c', schedule: { everyMs: 0 } }), /more than 0/);
      assert.throws(() => jobs.trigger('test.unknown'), /no job named test.unknown/);
    });
  });

  describe('of several processes', () => {
    it('one runs a job that is due', async () => {
      const { db } = await world();
      const all = [jobsOn(db), jobsOn(db), jobsOn(db)];
      const counts = all.map((jobs) => counting(jobs));
      await Promise.all(all.map((jobs) => jobs.runDue()));
      assert.equal(
        counts.reduce((sum, { runs }) => sum + runs, 0),
        1,
      );
    });

    it('another takes over a job whose process died, after a minute without renewal', async () => {
      const { clock, db, jobs } = await world();
      const begun = Promise.withResolvers<undefined>();
      const gate = Promise.withResolvers<undefined>();
      const stuck = { timeoutMs: HOUR, schedule: { everyMs: MINUTE } };
      counting(jobs, {
        ...stuck,
        run: async () => {
          begun.resolve(undefined);
          await gate.promise;
        },
      });
      const running = jobs.runDue();
      await begun.promise;
      const other = jobsOn(db);
      const count = counting(other, stuck);
      clock.advance(MINUTE - 1);
      await other.runDue();
      assert.equal(count.runs, 0);
      clock.advance(1);
      await other.runDue();
      assert.equal(count.runs, 1);
      const { finishedAt } = await state(other);
      clock.advance(SECOND);
      gate.resolve(undefined);
      await running;
      assert.equal((await state(other)).finishedAt, finishedAt, 'the late one no longer speaks for the job');
    });

    it('a claim from before the clock was set back does not hold for hours', async () => {
      const { clock, db, jobs } = await world();
      const gate = Promise.withResolvers<undefined>();
      const begun = Promise.withResolvers<undefined>();
      const short = { timeoutMs: MINUTE, schedule: { everyMs: MINUTE } };
      clock.advance(HOUR);
      counting(jobs, {
        ...short,
        run: async () => {
          begun.resolve(undefined);
          await gate.promise;
        },
      });
      const running = jobs.runDue();
      await begun.promise;
      clock.advance(-HOUR);
      const other = jobsOn(db);
      const count = counting(other, short);
      await other.runDue();
      clock.advance(MINUTE);
      await other.runDue();
      assert.equal(count.runs, 1);
      gate.resolve(undefined);
      await running;
    });
  });

  describe('once started', () => {
    it('jobs run by themselves, also when asked for', async () => {
      const { jobs } = await world();
      const runs = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
      let count = 0;
      counting(jobs, { run: async () => runs[count++]?.resolve(undefined) });
      await jobs.start();
      await runs[0]?.promise;
      jobs.trigger('test.count');
      await runs[1]?.promise;
      await jobs.stop();
      assert.equal(count, 2);
    });

    it('stop ends what runs and has it run again at the next start', async () => {
      const { db, jobs } = await world();
      const begun = Promise.withResolvers<undefined>();
      counting(jobs, {
        run: (signal) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(new Error('cut off')));
            begun.resolve(undefined);
          }),
      });
      await jobs.start();
      await begun.promise;
      await jobs.stop();
      assert.equal((await state(jobs)).error, null);
      const next = jobsOn(db);
      const count = counting(next);
      await next.runDue();
      assert.equal(count.runs, 1);
    });

    it('a run that outlives its time is told so', async () => {
      const { jobs } = await world();
      const told = Promise.withResolvers<string>();
      counting(jobs, {
        timeoutMs: 20,
        run: (signal) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              told.resolve((signal.reason as DOMException).name);
              reject(new Error('out of time'));
            });
          }),
      });
      await jobs.runDue();
      assert.equal(await told.promise, 'TimeoutError');
      assert.equal((await state(jobs)).error, 'out of time');
    });
  });
});
