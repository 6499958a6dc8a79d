import { AppError } from '../../core/index.ts';
import { type Config, type LoadOptions, loadConfig, requireConfig } from './load-config.ts';
import type { Mistake } from './read/mistake.ts';
import { changedSections } from './running.ts';

export type Reload =
  | {
      ok: true;
      /** Sections in which something is different now. */
      changed: readonly string[];
      /** Keys that were changed and keep their running value until the next start. */
      needsRestart: readonly string[];
      /** What listeners threw: the configuration is in force, but not every part took it. */
      failures: readonly unknown[];
    }
  | { ok: false; mistakes: readonly Mistake[] };

type Listener = (config: Config, before: Config) => void;

/** The configuration in force. Made from files without mistakes, or not at all: the constructor throws them. */
export class ConfigHolder {
  #current: Config;
  readonly #options: LoadOptions;
  readonly #listeners = new Set<Listener>();

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#current = requireConfig(options);
  }

  current(): Config {
    return this.#current;
  }

  /** Reads everything again: the whole new configuration counts from now on, or the old one stays whole. */
  reload(): Reload {
    const before = this.#current;
    const result = this.#load(before);
    if (!result.ok) return result;
    this.#current = result.config;
    const failures: unknown[] = [];
    for (const listener of this.#listeners) {
      try {
        listener(result.config, before);
      } catch (error) {
        // Every listener hears of the change, whatever another makes of it.
        failures.push(error);
      }
    }
    return { ok: true, changed: changedSections(before, result.config), needsRestart: result.needsRestart, failures };
  }

  /** Calls after each change; the answer ends it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #load(running: Config): ReturnType<typeof loadConfig> {
    try {
      return loadConfig({ ...this.#options, running });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const remedy = 'Put the file back; until then the configuration in force stays.';
      return { ok: false, mistakes: [{ path: '', problem: error.message.replace(/\.$/, ''), remedy }] };
    }
  }
}
