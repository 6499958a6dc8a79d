import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve as resolvePath } from 'node:path';
import type * as z from 'zod';
import { AppError } from '../../core/index.ts';
import type { Environment } from './environment.ts';
import { allPaths } from './keys.ts';
import { explainIssues } from './read/explain-issue.ts';
import { type Mistake, mistakesText } from './read/mistake.ts';
import { overlayEnvironment } from './read/overlay.ts';
import { pemMistakes } from './read/pem-files.ts';
import { Resolver } from './read/resolve.ts';
import { type Branch, joined, type TreeNode, treeOf } from './read/tree.ts';
import { type ReadYaml, readYaml } from './read/yaml-source.ts';
import { changedAtStartOnly, pathTexts, withRunning } from './running.ts';
import { type DatabaseSettings, platformSections } from './sections.ts';
import { shapeOf } from './shape.ts';

/** Configuration sections by name; a module's is called like the module. */
export type Sections = Readonly<Record<string, z.core.$ZodType>>;

type Platform = { readonly [K in keyof typeof platformSections]: z.output<(typeof platformSections)[K]> };

/** The whole configuration, frozen. The sections of modules stand under the modules' names. */
export type Config = Omit<Platform, 'database'> & {
  readonly database: Omit<z.output<typeof DatabaseSettings>, 'url' | 'backup'> & {
    readonly url: string;
    readonly backup: z.output<typeof DatabaseSettings>['backup'] & { readonly folder: string };
  };
  /** True when the demo runs: pages say so, and not everything has to be set. */
  readonly demo: boolean;
  readonly [section: string]: unknown;
};

export interface LoadOptions {
  /** The YAML file; absent: only defaults, `values` and the environment. */
  file?: string | undefined;
  /** Set by the program itself, below file and environment: the demo, tests. */
  values?: Readonly<Record<string, unknown>>;
  env: Environment;
  /** The sections of the modules. */
  sections: Sections;
  /** `demo` and `tool` (commands that answer no requests) do without http.public_url. */
  purpose?: 'serve' | 'demo' | 'tool';
  /** What is in force: keys that count at start only keep these values. */
  running?: Config;
  /** Folder that relative paths start from; the working folder if absent. */
  folder?: string;
}

export type LoadResult =
  | { ok: true; config: Config; needsRestart: readonly string[] }
  | { ok: false; mistakes: Mistake[] };

/** Reads everything and either gives the whole configuration or all its mistakes. Throws only if the file cannot be read. */
export function loadConfig(options: LoadOptions): LoadResult {
  const sections = allSections(options.sections);
  const source: ReadYaml = options.file === undefined ? { node: null, mistakes: [] } : readYaml(readText(options.file));
  const unread: Mistake[] = source.mistakes.map(({ reason: _reason, ...mistake }) => mistake);
  if (unread.length > 0 && source.remains?.kind !== 'branch') return { ok: false, mistakes: unread };
  const given = joined(treeOf(options.values ?? {}), source.node ?? source.remains ?? treeOf({}));
  if (given.kind !== 'branch') {
    const remedy = 'Write sections such as "http:" with their keys indented below.';
    return { ok: false, mistakes: [{ path: '', ...given.origin, problem: 'the file is not a group of keys', remedy }] };
  }
  const root: Branch = { ...given, entries: new Map(given.entries) };
  applyShortVariables(root, options);
  const overlaid = overlayEnvironment(root, options.env, sections);
  const folder = options.folder ?? process.cwd();
  const resolver = new Resolver({
    env: options.env,
    folders: {
      file: options.file === undefined ? folder : dirname(resolvePath(folder, options.file)),
      environment: folder,
    },
    everywhere: allPaths(sections),
  });
  const mistakes = [...overlaid];
  // What the reader could not take is empty now: nobody is told that it is missing.
  const empty = source.mistakes.filter(({ reason }) => reason.code !== 'key_twice').map(({ path }) => path);
  const checked = check(root, sections, resolver);
  const port = portOf(options.env);
  if (port === null) mistakes.push(PORT_MISTAKE);
  mistakes.push(...resolver.mistakes, ...checked.mistakes);
  // Commands may run as a user who cannot read the key, and serve nothing.
  if (options.purpose !== 'tool') mistakes.push(...pemMistakes({ sections, values: checked.values, resolver, folder }));
  const all = [...unread, ...mistakes.filter(({ path }) => path === '' || !empty.includes(path))];
  if (all.length > 0) return { ok: false, mistakes: all.sort(byPlace) };
  return { ok: true, ...inForce(checked.config as Unfinished, options, { sections, port: port ?? undefined }) };
}

/** A reload changes nothing that is bound to the running process: a link must not name a prefix nobody serves yet. */
function inForce(
  values: Unfinished,
  options: LoadOptions,
  { sections, port }: { sections: Sections; port: number | undefined },
): { config: Config; needsRestart: readonly string[] } {
  const fresh = finished(values, options, port);
  const { running } = options;
  const kept = running === undefined ? [] : changedAtStartOnly(sections, running, fresh);
  if (running === undefined || kept.length === 0) return { config: deepFreeze(fresh), needsRestart: [] };
  const config = finished(withRunning(values, running, kept) as Unfinished, options, port);
  return { config: deepFreeze(config), needsRestart: pathTexts(kept) };
}

/** As `loadConfig`, for commands that can only give up: throws all mistakes as one error. */
export function requireConfig(options: LoadOptions): Config {
  const result = loadConfig(options);
  if (result.ok) return result.config;
  const fields = result.mistakes.map(({ path, problem, remedy }) => ({
    pointer: `/${path.replace(/\[(\d+)\]/g, '.$1').replaceAll('.', '/')}`,
    detail: `${problem}. ${remedy}`,
  }));
  throw new AppError('invalid', mistakesText(result.mistakes, options.file), { fields });
}

/** The file to read: the one asked for, SIGNALBOX_CONFIG, or signalbox.yaml in the working folder if there is one. */
export function configFile(asked: string | undefined, env: Environment): string | undefined {
  const named = asked ?? env['SIGNALBOX_CONFIG'];
  if (named !== undefined && named !== '') return named;
  return existsSync('signalbox.yaml') ? 'signalbox.yaml' : undefined;
}

export function allSections(sections: Sections): Sections {
  for (const name of Object.keys(sections)) {
    if (Object.hasOwn(platformSections, name)) throw new Error(`The section "${name}" belongs to the platform.`);
  }
  return { ...platformSections, ...sections };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (code === 'ENOENT') {
      throw new AppError(
        'not_found',
        `There is no file ${file}. \`signalbox init ${file}\` writes one to begin with.`,
        { cause },
      );
    }
    throw new AppError('unavailable', `${file} cannot be read (${code}).`, { cause });
  }
}

function applyShortVariables(root: Branch, { env, purpose = 'serve' }: LoadOptions): void {
  const folder = env['SIGNALBOX_DATA'];
  if (folder !== undefined && folder !== '')
    setKey(root, ['data', 'folder'], { value: folder, variable: 'SIGNALBOX_DATA' });
  const http = root.entries.get('http')?.node;
  const hasUrl = http?.kind === 'branch' && http.entries.has('public_url');
  if (purpose !== 'serve' && !hasUrl) {
    const port = portOf(env) ?? 8080;
    setKey(root, ['http', 'public_url'], { value: `http://127.0.0.1:${port}` });
  }
}

function setKey(
  root: Branch,
  [section, key]: readonly [string, string],
  set: { value: string; variable?: string },
): void {
  const origin = set.variable === undefined ? {} : { variable: set.variable };
  const old = root.entries.get(section)?.node;
  const entries = new Map(old?.kind === 'branch' ? old.entries : []);
  const node: TreeNode = { kind: 'leaf', value: set.value, origin, reading: 'literal' };
  entries.set(key, { node, origin });
  root.entries.set(section, {
    node: { kind: 'branch', entries, origin: old?.origin ?? origin },
    origin: old?.origin ?? origin,
  });
}

const PORT_MISTAKE: Mistake = {
  path: 'http.listen',
  variable: 'PORT',
  problem: 'is not a port',
  remedy: 'Set PORT to a number from 0 (any free one) to 65535, or do not set it.',
};

/** undefined: not set; null: not a port. */
function portOf(env: Environment): number | null | undefined {
  const text = env['PORT'];
  if (text === undefined || text === '') return undefined;
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : null;
}

function check(
  root: Branch,
  sections: Sections,
  resolver: Resolver,
): { config: Record<string, unknown>; values: unknown; mistakes: Mistake[] } {
  const shape = { ...shapeOf([]), keys: new Map(Object.entries(sections).map(([name, schema]) => [name, [schema]])) };
  const values = resolver.resolveRoot(root, shape);
  const config: Record<string, unknown> = {};
  const issues: z.core.$ZodIssue[] = [];
  for (const [name, schema] of Object.entries(sections)) {
    // A section that is absent is one without keys, where its schema does not say what absence means.
    const value = values[name] ?? (shapeOf([schema]).keys.size > 0 ? {} : undefined);
    const result = (schema as z.ZodType).safeParse(value);
    if (result.success) config[name] = result.data;
    else issues.push(...result.error.issues.map((issue) => ({ ...issue, path: [name, ...issue.path] })));
  }
  return { config, values, mistakes: explainIssues(issues, { sections, values, resolver }) };
}

type Unfinished = Platform & Record<string, unknown>;

/** What depends on several sections, or on the machine. */
function finished(config: Unfinished, options: LoadOptions, port: number | undefined): Config {
  const folder = resolvePath(options.folder ?? process.cwd(), config.data.folder);
  const listenSet = Object.keys(options.env).some((name) => /^SIGNALBOX__HTTP__LISTEN$/i.test(name));
  const listen = port === undefined || listenSet ? config.http.listen : { ...config.http.listen, port };
  const { database } = config;
  return {
    ...config,
    http: { ...config.http, listen },
    data: { ...config.data, folder },
    database: {
      ...database,
      url: database.url ?? `sqlite:${join(folder, 'signalbox.db')}`,
      backup: { ...database.backup, folder: database.backup.folder ?? join(folder, 'backups') },
    },
    demo: options.purpose === 'demo',
  };
}

function byPlace(a: Mistake, b: Mistake): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0) || (a.path < b.path ? -1 : 1);
}

function deepFreeze<T>(value: T): T {
  // Buffers cannot be frozen, and a frozen Map is none the less open: schemas give plain values.
  if (Array.isArray(value) || isPlainObject(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    (Object.getPrototypeOf(value) ?? Object.prototype) === Object.prototype
  );
}
