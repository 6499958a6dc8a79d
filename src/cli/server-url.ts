import { AppError } from '../core/index.ts';
import { configFile, type Environment, requireConfig } from '../platform/config/index.ts';

const USUAL_PORT = '8080';

/**
 * The running server that a command asks: as told, else that of the configuration. Without one a server listens on this
 * machine, at PORT if it is set.
 */
export async function serverUrl(
  asked: { url?: string | undefined; config?: string | undefined },
  env: Environment,
): Promise<string> {
  if (asked.url !== undefined) return checkedUrl(asked.url);
  const file = configFile(asked.config, env);
  if (file === undefined) return `http://127.0.0.1:${portOf(env)}`;
  const { modules } = await import('../app/index.ts');
  const sections = Object.fromEntries(modules.map((module) => [module.name, module.config]));
  return requireConfig({ file, env, sections, purpose: 'tool' }).http.public_url;
}

function portOf({ PORT: text = '' }: Environment): string {
  if (text === '') return USUAL_PORT;
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535) return text;
  throw new AppError('invalid', `PORT is not the port of a server: ${text.slice(0, 20)}. Say the address with --url.`);
}

function checkedUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '');
  throw new AppError('invalid', `"${text}" is not an address: write http://host:port.`);
}
