import type { App } from '../../../src/app/index.ts';
import { type Instant, MINUTE, system } from '../../../src/core/index.ts';
import { checkByClock } from '../../../src/modules/status-page/actions/check-by-clock.ts';
import { provisionCatalog } from '../../../src/modules/status-page/actions/provision-catalog.ts';
import type { StatusPageContext } from '../../../src/modules/status-page/actions/status-page-context.ts';
import { statusPageMetrics } from '../../../src/modules/status-page/actions/status-page-metrics.ts';
import type { StatusPageConfig } from '../../../src/modules/status-page/config.ts';
import { type Config, siteConfig } from '../../../src/platform/config/index.ts';
import type { Database, Tx } from '../../../src/platform/database/index.ts';
import { createLogger } from '../../../src/platform/log/index.ts';
import { catalogueText } from './catalogue.data.ts';

/** Something that people or machines did, and when. */
export interface Deed {
  at: Instant;
  act(context: StatusPageContext): Promise<void>;
}

const UNIT_MS = MINUTE;

/**
 * Carries out deeds of the past with the actions of the status page and the clock of their day. All that are due at
 * once share one transaction, since a commit for each would take most of the time of seeding.
 */
export class CloudDesk {
  readonly #context: StatusPageContext;
  readonly #clock: { at: Instant };
  #deeds: readonly Deed[];

  constructor(app: App, { config, clock, deeds }: { config: Config; clock: { at: Instant }; deeds: readonly Deed[] }) {
    const section = config['status-page'] as StatusPageConfig;
    this.#context = {
      config: () => section,
      site: () => siteConfig(config),
      db: app.db,
      journal: app.journal,
      clock: app.clock,
      log: createLogger('silent'),
      components: app.components,
      metrics: statusPageMetrics(app.metrics),
      // A year of history is no news.
      tellStaff: async () => undefined,
    };
    this.#clock = clock;
    this.#deeds = deeds.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  }

  /** The services come into being, as of the clock. */
  async provision(): Promise<void> {
    await provisionCatalog(this.#context, system('demo'), { text: catalogueText() });
    await this.#context.journal.drain();
  }

  /** Does what is due up to this moment, at which the clock stands afterwards. */
  async catchUp(until: Instant): Promise<void> {
    const due = this.#deeds.filter(({ at }) => at <= until);
    this.#deeds = this.#deeds.slice(due.length);
    if (due.length === 0) {
      this.#clock.at = until;
      return;
    }
    await this.#context.db.write(
      async (tx) => {
        const context = within(this.#context, tx);
        for (const { at, act } of due) {
          this.#clock.at = at;
          await act(context);
        }
        this.#clock.at = until;
        await checkByClock(context);
      },
      { timeoutMs: UNIT_MS },
    );
  }
}

/** The same, with all its transactions being one. */
function within(context: StatusPageContext, tx: Tx): StatusPageContext {
  const db: Database = {
    engine: tx.engine,
    for: () => tx.for(),
    write: (unit) => unit(tx),
    ping: () => context.db.ping(),
    snapshot: (reads) => tx.snapshot(reads),
    close: () => context.db.close(),
  };
  return { ...context, db };
}
