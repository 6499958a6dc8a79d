import { once } from 'node:events';
import { SECOND } from '../core/index.ts';
import type { Logger } from '../platform/log/index.ts';

const END_WITHIN_MS = 9 * SECOND;

/** Waits for SIGTERM or SIGINT, then stops within ten seconds; a second signal ends at once. */
export async function untilStopped(stop: () => Promise<void>, log: Logger): Promise<void> {
  const signal = await Promise.race(
    ['SIGTERM', 'SIGINT'].map(async (name) => {
      await once(process, name);
      return name;
    }),
  );
  log.info({ signal }, 'stopping');
  const giveUp = setTimeout(() => {
    log.error('not stopped in time, leaving what is still under way');
    process.exit(1);
  }, END_WITHIN_MS);
  for (const name of ['SIGTERM', 'SIGINT']) process.once(name, () => process.exit(1));
  await stop();
  clearTimeout(giveUp);
  log.info('stopped');
}
