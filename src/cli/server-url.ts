import { AppError } from '../core/index.ts';
import { configFile, type Environment, requireConfig } from '../platform/config/index.ts';

const FALLBACK = 'http://127.0.0.1:8080';

/** The running server that a command asks: as told, else that of the configuration, else the usual one. */
export async function serverUrl(
  asked: { url?: string | undefined; config?: string | undefined },
  env: Environment,
): Promise<string> {
  if (asked.url !== undefined) return checkedUrl(asked.url);
  const file = configFile(asked.config, env);
  if (file === undefined) return FALLBACK;
  const { modules } = await import('../app/index.ts');
  const sections = Object.fromEntries(modules.map((module) => [module.name, module.config]));
  return requireConfig({ file, env, sections, purpose: 'tool' }).http.public_url;
}

function checkedUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '');
  throw new AppError('invalid', `"${text}" is not an address: write http://host:port.`);
}
