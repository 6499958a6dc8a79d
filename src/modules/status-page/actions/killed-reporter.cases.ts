import { reportingOver } from '../../../../test/support/report-world.ts';
import { systemClock } from '../../../core/index.ts';
import { openDatabase } from '../../../platform/database/index.ts';
import { reportStatus } from './report-status.ts';

/**
 * Run as a process of its own by report-kill.test.ts: takes reports of some monitors until it is killed. Each is told on
 * stdout when it is answered, so when what it led to is durable. machine-driven: only a test starts it.
 */

const [url = '', seed = '1', ...keys] = process.argv.slice(2);
const MONITORS = 8;
const db = await openDatabase({ url });
const { context, journal } = reportingOver(db, systemClock);
await journal.start();

let state = Number(seed);
function pick(below: number): number {
  state = (state * 48271) % 2147483647;
  return state % below;
}

async function monitor(name: string): Promise<never> {
  for (;;) {
    const key = keys[pick(keys.length)] ?? '';
    const impact = 1 + pick(3);
    const [outcome] = await reportStatus(
      context,
      { kind: 'token', id: name, name, scopes: ['signals:write'] },
      { components: [{ key, visibility: 'public' }], impact },
    );
    process.stdout.write(`${key} ${impact} ${outcome?.kind} ${outcome?.incident.id}\n`);
  }
}

await Promise.all(Array.from({ length: MONITORS }, (_, index) => monitor(`monitor ${index}`)));
