import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { eachDatabase, freshAddress, type OpenTestDatabase } from '../../../../test/support/databases.ts';
import { MACHINE, reportingOver, reportWorld } from '../../../../test/support/report-world.ts';
import { systemClock } from '../../../core/index.ts';
import { migrate, openDatabase } from '../../../platform/database/index.ts';
import { levelOfImpact } from '../domain/incident.ts';
import { readIncidents } from '../store/incident-read.ts';
import { lockIncidents } from '../store/incident-store.ts';

const SERVICES = 120;
const ROUNDS = 4;

interface Answered {
  key: string;
  impact: number;
}

/** Runs one process, or two beside each other, and kills them after so many answers; gives the answers. */
async function killedAfter(
  count: number,
  url: string,
  keys: readonly string[],
  processes: number,
): Promise<Answered[]> {
  const program = join(import.meta.dirname, 'killed-reporter.cases.ts');
  const answered: Answered[] = [];
  const children = Array.from({ length: processes }, (_, index) =>
    spawn(process.execPath, [program, url, String(1 + count * 31 + index), ...keys], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  await Promise.all(
    children.map(async (child) => {
      const exited = once(child, 'exit');
      for await (const line of createInterface(child.stdout)) {
        const [key = '', impact = ''] = line.split(' ');
        answered.push({ key, impact: Number(impact) });
        if (answered.length >= count) for (const one of children) one.kill('SIGKILL');
      }
      await exited;
      assert.equal(child.signalCode, 'SIGKILL');
    }),
  );
  return answered;
}

eachDatabase((_open, engine) => {
  it('keeps what was answered, and one incident per impact, when the process is killed inside reports', async () => {
    const url = await freshAddress(engine);
    const open: OpenTestDatabase = async ({ parts = [], ...options } = {}) => {
      const db = await openDatabase({ url, ...options });
      await migrate(db, parts);
      return db;
    };
    const world = await reportWorld(open);
    const names = Array.from({ length: SERVICES }, (_, index) => ({ name: `service ${index}` }));
    const keys = await world.catalog(...names);
    await world.db.close();

    const least = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
      const answered = await killedAfter(15 + 23 * round, url, keys, engine === 'postgres' ? 2 : 1);
      for (const { key, impact } of answered) least.set(key, Math.max(impact, least.get(key) ?? 0));
    }

    await using db = await openDatabase({ url });
    const { journal, reads } = reportingOver(db, systemClock);
    // PostgreSQL may still be committing for a process that was killed: whoever has the lock after it sees all of that.
    await db.write((tx) => lockIncidents(tx));
    await journal.drain();
    const { incidents } = await readIncidents(db, { kind: 'system', name: 'test' }, null);
    const opened = incidents.filter(({ end }) => end === null);
    const impacts = opened.map(({ impact }) => impact);
    assert.deepEqual(impacts.toSorted(), [...new Set(impacts)].toSorted(), 'one open incident per impact');
    const members = opened.flatMap(({ components, impact }) => components.map((key) => ({ key, impact })));
    assert.equal(new Set(members.map(({ key }) => key)).size, members.length, 'a component is in one of them');
    const held = new Map(members.map(({ key, impact }) => [key, impact]));
    const lost = [...least].filter(([key, impact]) => (held.get(key) ?? 0) < impact);
    assert.deepEqual(lost, [], 'answered and lost');
    const facts = incidents.flatMap(({ updates }) => updates.flatMap(({ fact }) => (fact === null ? [] : [fact.kind])));
    const count = (kind: string) => facts.filter((one) => one === kind).length;
    assert.equal(count('component_moved_to'), count('component_moved_from'), 'each move is told on both sides');
    const levels = await reads.levels(MACHINE);
    const wrong = members.filter(({ key, impact }) => levels.get(key) !== levelOfImpact(impact));
    assert.deepEqual(wrong, [], 'the light follows the incident');
    assert.ok(count('component_moved_to') > 0 && least.size > SERVICES / 3);
  });
});
