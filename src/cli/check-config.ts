import { modules } from '../app/modules.ts';
import { configFile, environment, loadConfig, type Mistake, mistakesText } from '../platform/config/index.ts';
import { CONFIG_AND_JSON, readArguments, showUsage } from './arguments.ts';
import type { Command, Io } from './command.ts';

const USAGE = `Usage: signalbox check-config [FILE] [--json]
Ends with 0 when the configuration is good, 1 when it has mistakes, 2 when it cannot be read.`;

export const command: Command = {
  name: 'check-config',
  summary: 'Report every mistake in a configuration file at once',
  run: checkConfig,
};

async function checkConfig(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, CONFIG_AND_JSON);
  if (values.help || positionals.length > 1) return showUsage(io, USAGE, values.help);
  const env = environment();
  const file = configFile(positionals[0] ?? values.config, env);
  const sections = Object.fromEntries(modules.map((module) => [module.name, module.config]));
  const result = loadConfig({ file, env, sections });
  const mistakes: readonly Mistake[] = result.ok ? [] : result.mistakes;
  if (values.json) io.print(JSON.stringify({ file: file ?? null, ok: result.ok, mistakes }));
  else if (result.ok) io.print(`${file ?? 'The configuration from the environment'} is good.`);
  else io.error(mistakesText(mistakes, file));
  return result.ok ? 0 : 1;
}
