import type { Clock, ComponentReader } from '../core/index.ts';
import type { Config, SiteConfig } from '../platform/config/index.ts';
import type { Database } from '../platform/database/index.ts';
import type { Web } from '../platform/http/index.ts';
import type { Jobs } from '../platform/jobs/index.ts';
import type { Journal } from '../platform/journal/index.ts';
import type { Logger } from '../platform/log/index.ts';
import type { Metrics } from '../platform/metrics/index.ts';
import type { Area, Module } from '../platform/module/index.ts';
import type { Channels } from '../platform/notifications/index.ts';

interface Shared {
  config: () => Config;
  site: () => SiteConfig;
  db: Database;
  journal: Journal;
  jobs: Jobs;
  web: Web;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  channels: Channels;
  canMail: () => boolean;
}

/** Registers the modules in their order; each sees all of them through its context. */
export function registerModules(modules: readonly Module[], shared: Shared): readonly Area[] {
  const { config, log, ...common } = shared;
  const areas: Area[] = [];
  for (const module of modules) {
    const parts = module.register({
      ...common,
      config: () => config()[module.name],
      settings: config,
      log: log.child({ part: module.name }),
      components: readerOf(areas),
      areas: () => areas,
    });
    areas.push({ ...parts, name: module.name });
  }
  return areas;
}

/** The reader that one of the areas gives; asked for at each use, since it may be registered later. */
export function readerOf(areas: readonly Area[]): ComponentReader {
  const reader = () => {
    const found = areas.find((area) => area.reader)?.reader;
    if (!found) throw new Error('No module gives the reader of components.');
    return found;
  };
  return {
    levels: (viewer) => reader().levels(viewer),
    statuses: (viewer, keys) => reader().statuses(viewer, keys),
    known: (viewer) => reader().known(viewer),
    rows: (viewer, filter) => reader().rows(viewer, filter),
    periods: (viewer, key, window) => reader().periods(viewer, key, window),
    periodsOf: (viewer, keys, window) => reader().periodsOf(viewer, keys, window),
  };
}
