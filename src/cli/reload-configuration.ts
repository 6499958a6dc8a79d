import type { ConfigHolder } from '../platform/config/index.ts';
import type { Logger } from '../platform/log/index.ts';

const AND = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** What SIGHUP does. The log is the only place where somebody learns that a change did not count. */
export function reloadConfiguration(holder: ConfigHolder, log: Logger): void {
  const result = holder.reload();
  if (!result.ok) {
    log.error({ mistakes: result.mistakes }, 'configuration not loaded, the old one stays');
    return;
  }
  for (const err of result.failures) log.error({ err }, 'a part of the program did not take the configuration over');
  const { needsRestart } = result;
  if (needsRestart.length === 0) {
    log.info('configuration loaded again');
    return;
  }
  const kept = 'the old values stay in force until Signalbox is restarted. Restart it, or take the change back';
  log.warn(
    { needsRestart },
    `configuration loaded again, except for what was changed in ${AND.format(needsRestart)}: ${kept}`,
  );
}
