import { modules } from '../app/index.ts';
import { type Config, configFile, type Environment, environment, requireConfig } from '../platform/config/index.ts';
import { type OpenedDatabase, openDatabase } from '../platform/database/index.ts';
import { makeDataFolder } from './data-folder.ts';

/** The configuration that commands about the database work with. What the process does not know is in `fallback`. */
export function readConfig(file: string | undefined, fallback: Environment = {}): Config {
  const env = { ...fallback, ...environment() };
  const sections = Object.fromEntries(modules.map((module) => [module.name, module.config]));
  return requireConfig({ file: configFile(file, env), env, sections, purpose: 'tool' });
}

/** The configured database as it is, whatever its migrations. */
export async function openConfigured(config: Config): Promise<OpenedDatabase> {
  await makeDataFolder(config.data.folder);
  return await openDatabase({ url: config.database.url });
}
