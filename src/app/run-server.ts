import { once } from 'node:events';
import { AppError, SECOND } from '../core/index.ts';
import type { Logger } from '../platform/log/index.ts';
import type { App } from './create-app.ts';

const END_WITHIN_MS = 9 * SECOND;
const TIDY_AFTER_MS = 5 * SECOND;

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

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses that port',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'ports below 1024 need the right to bind them',
};

/** Begins to answer requests. What cannot be listened on ends the program, with its reason instead of a stack. */
export async function listenOrStop(app: App, host: string, port: number): Promise<void> {
  try {
    await app.listen(host, port);
  } catch (cause) {
    await app.stop();
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const why = WHY[code];
    if (why === undefined) throw cause;
    const message = `Cannot listen on ${host}:${port}: ${why}. Set http.listen to another address.`;
    throw new AppError('unavailable', message, { cause });
  }
  setTimeout(tidyUp, TIDY_AFTER_MS).unref();
}

/** Starting leaves megabytes that V8 keeps while nothing happens. `gc` is there when bin/signalbox is who starts us. */
function tidyUp(): void {
  void globalThis.gc?.({ type: 'major', execution: 'async', flavor: 'last-resort' });
}
