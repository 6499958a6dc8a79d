import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SECOND } from '../core/index.ts';
import type { Logger } from '../platform/log/index.ts';

const END_WITHIN_MS = 9 * SECOND;

/** Waits for SIGTERM or SIGINT, then stops within ten seconds; a second signal ends at once. */
export async function untilStopped(stop: () => Promise<void>, log: Logger): Promise<void> {
  const signal = await Promise.race(['SIGTERM', 'SIGINT'].map(async (name) => (await once(process, name)) && name));
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

/** How a person opens what listens there. */
export function localUrl({ address, port }: AddressInfo, basePath: string): string {
  const host =
    address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address.includes(':') ? `[${address}]` : address;
  return `http://${host}:${port}${basePath}`;
}
