import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addMs, type Clock, HOUR, MINUTE, toMs } from '../../src/core/index.ts';
import { startApp, type TestApp } from '../support/start-app.ts';

/** A clock that is set by hand, also backwards. */
class SetClock implements Clock {
  #now: string;
  constructor(now: string) {
    this.#now = now;
  }
  now(): string {
    return this.#now;
  }
  set(now: string): void {
    this.#now = now;
  }
  move(milliseconds: number): void {
    this.#now = addMs(this.#now, milliseconds);
  }
}

interface Answer {
  level: string;
  since: string;
  uptime: Record<string, Record<string, number | null>>;
  days: { day: string; uptime: Record<string, number> }[];
}

describe('attack 28: clocks that jump', () => {
  const clock = new SetClock('2026-11-20T10:00:00.000Z');
  let box: TestApp;
  let token: string;
  before(async () => {
    box = await startApp({ clock });
    token = await box.token('signals:write', 'components:create');
  });
  after(() => box.stop());

  async function say(level: string, more: Record<string, string> = {}): Promise<number> {
    const signal = {
      component: 'lab/clock',
      source: 's',
      name: 'p',
      level,
      expiresAt: addMs(clock.now(), 15 * MINUTE),
      ...more,
    };
    const answer = await fetch(`${box.url}/api/signals`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(signal),
    });
    return answer.status;
  }

  async function look(): Promise<Answer> {
    await box.app.jobs.runDue();
    await box.app.journal.drain();
    const answer = (await (await fetch(`${box.url}/api/components/lab/clock`)).json()) as Answer;
    for (const uptime of [...Object.values(answer.uptime), ...answer.days.map((day) => day.uptime)]) {
      for (const part of ['up', 'down', 'maintenance', 'unknown', 'degraded', 'window'] as const) {
        const value = uptime[part];
        if (typeof value === 'number') assert.ok(value >= 0, `${part} is ${value}`);
      }
      const { availability, coverage } = uptime;
      for (const share of [availability, coverage]) {
        if (typeof share === 'number') assert.ok(share >= 0 && share <= 1, String(share));
      }
    }
    assert.ok(toMs(answer.since) <= toMs(clock.now()) + 2 * HOUR);
    return answer;
  }

  it('an hour forwards makes what expired unknown; after an hour back it runs out again in its time, and no earlier time is shown as longer', async () => {
    assert.equal(await say('operational'), 200);
    assert.equal((await look()).level, 'operational');
    clock.move(HOUR);
    assert.equal((await look()).level, 'unknown');
    clock.move(-HOUR);
    // By the clock as it is now the report still holds for a quarter of an hour.
    assert.match((await look()).level, /^(operational|unknown)$/);
    clock.move(16 * MINUTE);
    assert.equal((await look()).level, 'unknown', 'nobody has looked since');
    const page = await fetch(`${box.url}/components/lab/clock?again`);
    assert.equal(page.status, 200);
    const words = (await page.text()).replaceAll(/<[^>]*>/g, ' ');
    assert.doesNotMatch(words, /[\s(][-−]\d+ (s|min|h|d)\b|NaN|Invalid Date/);
  });

  it('goes on with the next report after each jump', async () => {
    for (const jump of [HOUR, -HOUR, 2 * HOUR, -30 * MINUTE]) {
      clock.move(jump);
      await box.app.jobs.runDue();
      assert.equal(await say('degraded'), 200);
      clock.move(MINUTE);
      assert.equal(await say('major_outage'), 200);
      assert.equal((await look()).level, 'major_outage', `after ${jump}`);
      clock.move(MINUTE);
      assert.equal(await say('operational'), 200);
      assert.equal((await look()).level, 'operational', `after ${jump}`);
    }
  });

  it('gives the day of 25 and the day of 23 hours one cell each, never more than it lasted', async () => {
    for (const [from, day, hours] of [
      ['2027-03-27T22:00:00.000Z', '2027-03-28', 23],
      ['2027-10-30T21:00:00.000Z', '2027-10-31', 25],
    ] as const) {
      clock.set(from);
      assert.equal(await say('operational', { expiresAt: addMs(from, 60 * HOUR) }), 200);
      clock.move(50 * HOUR);
      const { days } = await look();
      assert.equal(days.filter((cell) => cell.day === day).length, 1);
      const cell = days.find((one) => one.day === day);
      const { up = 0, down = 0, unknown = 0, maintenance = 0, window = 0 } = cell?.uptime ?? {};
      assert.equal(up + down + unknown + maintenance, window, day);
      assert.equal(window, hours * HOUR, day);
      assert.equal(new Set(days.map((one) => one.day)).size, 90);
    }
  });
});
