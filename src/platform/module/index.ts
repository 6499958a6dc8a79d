import type * as z from 'zod';
import type { Actor, Clock, ComponentKey, ComponentReader, JournalEvent, Level } from '../../core/index.ts';
import type { Config, SiteConfig } from '../config/index.ts';
import type { Database, Migration, TableDeclarations } from '../database/index.ts';
import type { Html } from '../html/index.ts';
import type { Page, Visit, Web } from '../http/index.ts';
import type { Language } from '../i18n/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { Journal } from '../journal/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import type { Channels } from '../notifications/index.ts';

/** What a module gets to work with. `config()` is always the current one: a reload swaps it whole. */
export interface ModuleContext<C = unknown> {
  config(): C;
  site(): SiteConfig;
  db: Database;
  journal: Journal;
  jobs: Jobs;
  web: Web;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  components: ComponentReader;
  /** Ways to reach people and their programs. */
  channels: Channels;
  /** Whether a mail server is configured. */
  canMail(): boolean;
  /** What every module handed back, this one's included; complete once all are registered. */
  areas(): readonly Area[];
  /** Sections of the configuration that belong to no module. */
  settings(): Pick<Config, 'availability' | 'retention' | 'data' | 'demo'>;
}

/** A registered module. */
export interface Area extends ModuleParts {
  name: string;
}

/** What an area adds to the overview (contracts §1). */
export interface Overview {
  /** One card: the area's name and its state in a few words. Null: nothing to show to this viewer. */
  tile?(visit: Visit): Promise<Html | null>;
  /** What stands before the lists: the news that everybody came for. */
  lead?(visit: Visit): Promise<Html | null>;
  /** A block beside the lists. */
  panel?(visit: Visit): Promise<Html | null>;
  /** How regions are called, in the order in which they stand; those that no area names are called as they are. */
  regions?(): Promise<readonly { id: string; label: string }[]>;
}

export interface NavigationEntry {
  path: string;
  label(language: Language): string;
  /** Whether to show it to this actor, e.g. because the area is configured. */
  visible(actor: Actor): boolean;
  /** Pages behind it; each of them shows all of them as tabs (`Page.tab`). */
  tabs?: readonly NavigationEntry[];
  /** Shows how things are at this moment: a wall screen turns to it. */
  wall?: boolean;
}

/** What pages show anew although no component changed, such as the words about an incident. */
export interface News {
  /** Types of journal events. */
  events: readonly string[];
  /** Cursors of those that change what everybody sees; members are told of all. */
  forEverybody(events: readonly JournalEvent[]): Promise<ReadonlySet<string>>;
}

/** What `register` hands back. */
export interface ModuleParts {
  overview?: Overview;
  navigation?: readonly NavigationEntry[];
  /** Feeds of everything, or of one component, that its page and the overview offer to readers. */
  feeds?(visit: Visit, key?: ComponentKey): NonNullable<Page['alternates']>;
  /** A block on the page of a component. */
  componentPanel?(visit: Visit, key: ComponentKey): Promise<Html | null>;
  /** What `/api/stream` tells open pages besides what happens to components. */
  news?: News;
  /** Pages of administration, made with `adminPage` of platform/auth: tabs beside those of accounts. */
  administration?: readonly NavigationEntry[];
  /** The area's own word for a level, where no report says one or none may be told; the same in every language. */
  word?(level: Level): string | null;
  /**
   * What a badge of this area adds to the state, such as "Updated 3 d ago"; only what everybody may know. Null: nothing.
   */
  badgeDetail?(key: ComponentKey, language: Language): Promise<string | null>;
  /** Only `components` gives it; handed to the other modules' contexts. */
  reader?: ComponentReader;
  /** Runs after migrations, before requests are answered. */
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

/** One area of the product: a folder under src/modules, and a line in app/modules.ts. */
export interface Module<C = unknown> {
  name: string;
  /** The section of the configuration file, with its defaults; absent section = parsed from undefined. */
  config: z.ZodType<C>;
  tables: TableDeclarations;
  migrations: readonly Migration[];
  register(context: ModuleContext<C>): ModuleParts;
}
