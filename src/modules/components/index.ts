import { areaOf, type ComponentKey, type Level, MINUTE, SECOND } from '../../core/index.ts';
import type { Area, Module } from '../../platform/module/index.ts';
import { beat } from './actions/beat.ts';
import type { ComponentsContext } from './actions/components-context.ts';
import { componentsMetrics } from './actions/components-metrics.ts';
import { expireSignals } from './actions/expire-signals.ts';
import { endPresence, newPresence, showPresence } from './actions/presence.ts';
import { recordOwnDowntime } from './actions/record-own-downtime.ts';
import { settleAll } from './actions/settle-all.ts';
import { ComponentsConfig } from './config.ts';
import { registerJobs } from './jobs.ts';
import { registerListeners } from './listeners.ts';
import { registerStatusMetrics } from './status-metrics.ts';
import { createComponentReads } from './store/component-read.ts';
import { componentsMigrations } from './store/migrations/index.ts';
import { componentsTables } from './store/schema.ts';
import { registerApi } from './web/routes-api.ts';
import { registerPages } from './web/routes-pages.ts';
import { ComponentStream } from './web/stream.ts';

/** Each area's words, asked for at each use: areas are registered one after the other. */
function usualWordOf(areas: () => readonly Area[]): (key: ComponentKey, level: Level) => string | null {
  return (key, level) =>
    areas()
      .find(({ name }) => name === areaOf(key))
      ?.word?.(level) ?? null;
}

/** Components, what is claimed about them, and what follows: the one place where a status is decided. */
export const components: Module<ComponentsConfig> = {
  name: 'components',
  config: ComponentsConfig,
  tables: componentsTables,
  migrations: componentsMigrations,
  register(module) {
    const { config, db, journal, clock, log, metrics, web, site } = module;
    const downFrom = () => module.settings().availability.downFrom;
    const presence = newPresence();
    const context: ComponentsContext = {
      config,
      db,
      journal,
      clock,
      log,
      metrics: componentsMetrics(metrics),
      presence,
    };
    let beating: NodeJS.Timeout | undefined;
    const reads = createComponentReads({ db, clock, config, site, downFrom, usualWord: usualWordOf(module.areas) });
    const stream = new ComponentStream({ db, journal, reads, log, areas: module.areas });
    registerListeners(journal, context);
    registerJobs(module.jobs, context);
    registerStatusMetrics(metrics, reads, config);
    registerApi(web, { reads, clock, head: () => journal.head(db), context, stream });
    registerPages(web, { ...reads, reader: reads, context: module, downFrom });
    return {
      reader: reads,
      start: async () => {
        const missed = await recordOwnDowntime(context);
        if (missed > MINUTE) log.warn({ seconds: Math.round(missed / 1000) }, 'nobody watched since the last run');
        if (db.engine === 'postgres') {
          const show = () => showPresence(context).catch((err: unknown) => log.warn({ err }, 'no heartbeat'));
          beating = setInterval(() => void show(), 10 * SECOND).unref();
        }
        await expireSignals(context);
        await settleAll(context);
      },
      stop: async () => {
        stream.stop();
        // What is watched until now must not count as missed by the next start.
        await beat(context);
        clearInterval(beating);
        if (db.engine === 'postgres') await endPresence(context);
      },
    };
  },
};
