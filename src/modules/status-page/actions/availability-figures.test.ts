import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ANONYMOUS, addMs, type Clock, DAY, HOUR, type Instant, MINUTE } from '../../../core/index.ts';
import { StatusPageConfig } from '../config.ts';
import { findIncident, saveIncident } from '../store/incident-store.ts';
import type { StatusPageTables } from '../store/schema.ts';
import { type PageWorld, pageWorld } from '../web/page-world.cases.ts';
import { availabilityFigures, type FiguresContext } from './availability-figures.ts';
import { freezeEndedMonths } from './freeze-months.ts';

const KEY = 'status-page/obs-reg1';

class TestClock implements Clock {
  at: Instant = '2026-09-01T00:00:00.000Z';
  now(): Instant {
    return this.at;
  }
}

describe('availability by month', () => {
  const clock = new TestClock();
  let world: PageWorld;
  let context: FiguresContext;

  before(async () => {
    world = await pageWorld({ clock, values: { site: { timezone: 'UTC' } } });
    const { db, components } = world.app;
    const config = StatusPageConfig.parse(undefined);
    const site = { title: '', publicUrl: world.url, basePath: '', timezone: 'UTC', demo: false };
    context = { db, clock, components, config: () => config, site: () => site, downFrom: () => 'major_outage' };
  });
  after(() => world.stop());

  async function figure(month: string) {
    const figures = await availabilityFigures(context, ANONYMOUS, [KEY]);
    return figures.get(KEY)?.find((one) => one.month === month)?.uptime;
  }

  it('counts an outage once, however many incidents say so, and splits it at the end of the month', async () => {
    clock.at = '2026-10-20T00:00:00.000Z';
    const ended = { impact: 3, status: 'resolved' } as const;
    const until = '2026-10-03T00:00:00.000Z';
    await world.incident({ title: 'A', ...ended, start: '2026-09-29T00:00:00.000Z', end: until }, [KEY]);
    await world.incident({ title: 'B', ...ended, start: '2026-09-30T00:00:00.000Z', end: '2026-10-02T00:00:00.000Z' }, [
      KEY,
    ]);
    assert.equal((await figure('2026-09'))?.down, 2 * DAY);
    const october = await figure('2026-10');
    assert.equal(october?.down, 2 * DAY);
    assert.equal(october.window, 19 * DAY);
  });

  it('counts a lesser impact as degraded, not as down', async () => {
    const degraded = { title: 'C', impact: 1, status: 'resolved' } as const;
    await world.incident({ ...degraded, start: '2026-10-05T00:00:00.000Z', end: '2026-10-06T00:00:00.000Z' }, [KEY]);
    const october = await figure('2026-10');
    assert.equal(october?.down, 2 * DAY);
    assert.equal(october.degraded, DAY);
  });

  it('counts what still goes on up to now', async () => {
    const id = await world.incident({ title: 'D', impact: 3, status: 'fixing', start: addMs(clock.at, -HOUR) }, [KEY]);
    assert.equal((await figure('2026-10'))?.down, 2 * DAY + HOUR);
    clock.at = addMs(clock.at, 30 * MINUTE);
    assert.equal((await figure('2026-10'))?.down, 2 * DAY + HOUR + 30 * MINUTE);
    await world.app.db.write(async (tx) => {
      const incident = await findIncident(tx, id);
      if (incident !== null) await saveIncident(tx, { ...incident, status: 'resolved', end: clock.at });
    });
  });

  it('claims nothing for the time before anybody watched', async () => {
    const august = await figure('2026-08');
    assert.equal(august?.availability, null);
    assert.equal(august.coverage, 0);
  });

  it('reckons an ended month the same again from what is kept for ever, should its figures be lost', async () => {
    clock.at = '2026-10-04T00:00:00.000Z';
    const { db } = world.app;
    const months = db.for<StatusPageTables>();
    const kept = async () =>
      (await months.selectFrom('status_page_month').selectAll().orderBy('component').orderBy('month').execute()).map(
        ({ frozen_at: _at, ...figures }) => JSON.stringify(figures),
      );
    await freezeEndedMonths(context);
    const before = await kept();
    assert.ok(before.some((row) => row.includes('2026-09')));
    await db.write(async (tx) => {
      await tx.for<StatusPageTables>().deleteFrom('status_page_month').execute();
    });
    await world.app.journal.prune(clock.at);
    await freezeEndedMonths(context);
    assert.deepEqual(await kept(), before);
  });

  it('leaves an ended month as it was, whatever is written about it afterwards', async () => {
    clock.at = '2026-10-04T00:00:00.000Z';
    await freezeEndedMonths(context);
    const before = await figure('2026-09');
    await world.incident(
      { title: 'E', impact: 3, status: 'resolved', start: '2026-09-10T00:00:00.000Z', end: '2026-09-11T00:00:00.000Z' },
      [KEY],
    );
    assert.deepEqual(await figure('2026-09'), before);
    assert.equal(await freezeEndedMonths(context), 0);
  });

  it('is a page and a file, with the share that was watched beside it', async () => {
    clock.at = '2026-10-20T00:30:00.000Z';
    const { body } = await world.get('/availability');
    assert.match(body, /Object Storage/);
    assert.doesNotMatch(body, /Secret Vault|Hidden/);
    const { body: csv, headers } = await world.get('/availability?format=csv&region=Reg1');
    assert.match(headers.get('content-type') ?? '', /^text\/csv/);
    const line = csv.split('\r\n').find((one) => one.startsWith(`${KEY},Object Storage,Reg1,Storage,2026-09,`));
    assert.match(line ?? '', /,172800,/);
    assert.doesNotMatch(csv, /Reg2|vault/i);
  });
});
