import { GitLab, type Label, type Project } from '../../../connectors/gitlab/index.ts';
import { AppError, type Clock, UpstreamError } from '../../../core/index.ts';
import { tokenProblem } from '../config.ts';
import type { BadgeStep } from '../domain/badge-plan.ts';
import type { ProjectLabel } from '../domain/device-roster.ts';
import { DEFAULT_RULES, deviceLabel, type LabelRules } from '../domain/label-rules.ts';
import { hasAllEvents, hookAddress, tokenHealth } from './check-health.ts';
import { configuredProject, type Installation, planBadgesToConnect } from './first-badges.ts';
import { writeBadge } from './write-badges.ts';

const MAINTAINER = 40;
const DEVICE_COLOUR = '#009966';
const SPECIAL_COLOURS: Readonly<Record<string, string>> = {
  CRITICAL: '#dc143c',
  Information: '#1f75cb',
  Logbook: '#6699cc',
};
const SPECIAL_TEXTS: Readonly<Record<string, string>> = {
  CRITICAL: 'The device cannot be used: DOWN.',
  Information: 'The device works and there is something to know: RUNNING | INFO.',
  Logbook: 'An entry in the log that does not change the light.',
};

export interface Connection {
  url: string;
  token: string;
  project: string | number;
  /** Name of the instance in our configuration. */
  integration: string;
  publicUrl: string;
  /** Devices to create labels for, without the prefix. */
  devices: readonly string[];
  badges: boolean;
}

/** What connecting a project takes, found out by reading only. */
export interface ConnectionPlan {
  project: Project;
  /** The project as the configuration has it already, with the webhook secret that its server knows. */
  configured: { id: string; hookToken: string | null } | null;
  /** What stands in the way or should be known; a person decides. */
  warnings: string[];
  labels: { name: string; color: string; description: string }[];
  /** One that exists already is given our secret, since nobody can read the one it has. */
  hook: { address: string; existing: number | null; missingEvents: boolean };
  badges: BadgeStep[];
}

/** Looks at everything and changes nothing. Of a project that is configured already it follows the configuration. */
export async function planConnection(
  connection: Connection,
  clock: Clock,
  installation: Installation | null = null,
): Promise<ConnectionPlan> {
  const gitlab = clientOf(connection, clock);
  const project = await gitlab.project(connection.project);
  const existing = await gitlab.labels(project.id);
  const { integration, publicUrl, devices } = connection;
  const settings = configuredProject(installation, integration, project);
  const labels = missingLabels(existing, settings?.rules ?? DEFAULT_RULES, devices);
  const address = hookAddress(publicUrl, integration);
  const warnings = await warningsOf(gitlab, project, clock);
  const hook = (await readable(() => gitlab.hooks(project.id), [])).find(({ url }) => url === address);
  const coming = labels.map(pretended);
  return {
    project,
    configured: settings === null ? null : { id: settings.id, hookToken: settings.hookSecrets.token ?? null },
    warnings,
    labels,
    hook: { address, existing: hook?.id ?? null, missingEvents: hook !== undefined && !hasAllEvents(hook) },
    badges: connection.badges
      ? (await planBadgesToConnect(gitlab, { integration, publicUrl, project, coming, installation }, clock)).map(
          withoutPretence,
        )
      : [],
  };
}

export interface ConnectionResult {
  labels: number;
  badges: number;
}

/**
 * Creates the labels and badges that are missing, and the hook with this secret. Doing it again repairs. A project that is
 * configured may be read by the server, or connected by somebody else, at the same time: it is held for as long.
 */
export async function connectProject(
  connection: Connection & { hookToken: string },
  clock: Clock,
  installation: Installation | null = null,
): Promise<ConnectionResult> {
  const gitlab = clientOf(connection, clock);
  const project = await gitlab.project(connection.project);
  const settings = configuredProject(installation, connection.integration, project);
  const hold = settings === null ? undefined : await installation?.hold?.(settings);
  let result: ConnectionResult;
  try {
    result = await writeConnection(gitlab, connection, { clock, installation, mayWrite: async () => hold?.renew() });
  } catch (error) {
    // The first error says what went wrong; a claim that cannot be given back runs out by itself.
    await hold?.end().catch(() => undefined);
    throw error;
  }
  await hold?.end();
  return result;
}

async function writeConnection(
  gitlab: GitLab,
  connection: Connection & { hookToken: string },
  { clock, installation, mayWrite }: { clock: Clock; installation: Installation | null; mayWrite: () => Promise<void> },
): Promise<ConnectionResult> {
  const plan = await planConnection({ ...connection, badges: false }, clock, installation);
  const { project, labels, hook } = plan;
  for (const label of labels) {
    await mayWrite();
    await gitlab.createLabel(project.id, label);
  }
  const { integration, publicUrl, hookToken } = connection;
  const settings = { url: hook.address, token: hookToken, sslVerification: publicUrl.startsWith('https:') };
  await mayWrite();
  if (hook.existing === null) await gitlab.createHook(project.id, settings);
  else await gitlab.updateHook(project.id, hook.existing, settings);
  // Planned only now: the labels have their numbers, and keys may be made of them.
  const steps = connection.badges
    ? await planBadgesToConnect(gitlab, { integration, publicUrl, project, coming: [], installation }, clock)
    : [];
  for (const step of steps) {
    await mayWrite();
    await writeBadge(gitlab, project.id, step);
  }
  return { labels: labels.length, badges: steps.length };
}

/** Throws for what cannot be an access token; whether it is one, only GitLab knows. */
export function requireAccessToken(token: string): void {
  const problem = tokenProblem(token);
  if (problem === null) return;
  const remedy = 'Make one in GitLab (Settings, Access tokens) with the scope api and the role Maintainer.';
  throw new AppError('invalid', `The access token ${problem}. ${remedy}`);
}

function clientOf(connection: Connection, clock: Clock): GitLab {
  requireAccessToken(connection.token);
  return new GitLab({ url: connection.url, token: connection.token, clock });
}

function missingLabels(
  existing: readonly Label[],
  rules: LabelRules,
  devices: readonly string[],
): ConnectionPlan['labels'] {
  const names = new Set(existing.map((label) => label.name));
  const fold = (name: string): string => (rules.caseSensitive ? name : name.toLowerCase());
  const folded = new Set(existing.map((label) => fold(label.name)));
  // A usual label that the configuration gave another meaning is for its owner to make.
  const specials = DEFAULT_RULES.specials
    .filter((special) => rules.specials.includes(special) && !folded.has(fold(special.label)))
    .map(({ label }) => ({
      name: label,
      color: SPECIAL_COLOURS[label] ?? DEVICE_COLOUR,
      description: SPECIAL_TEXTS[label] ?? '',
    }));
  const wanted = [...new Set(devices.map((device) => deviceLabel(rules, device)))];
  const made = wanted
    .filter((name) => !names.has(name))
    .map((name) => ({ name, color: DEVICE_COLOUR, description: 'A device.' }));
  return [...specials, ...made];
}

async function warningsOf(gitlab: GitLab, project: Project, clock: Clock): Promise<string[]> {
  const warnings: string[] = [];
  const { project_access: own, group_access: group } = project.permissions ?? {};
  const role = Math.max(own?.access_level ?? 0, group?.access_level ?? 0);
  if (role < MAINTAINER)
    warnings.push('The token does not have the role Maintainer: labels, webhook and badges cannot be written.');
  const token = await readable(() => gitlab.tokenSelf(), null);
  if (token === null) return [...warnings, 'GitLab does not tell scopes and end of this token.'];
  if (!token.scopes.includes('api')) warnings.push('The token lacks the scope "api": nothing can be written.');
  if (token.expires_at === null || token.expires_at === undefined)
    warnings.push('The token never ends; one that ends after a year at most is safer.');
  else if (tokenHealth(token, { now: clock.now(), badges: true }).problem === 'expiring')
    warnings.push(`The token ends on ${token.expires_at}.`);
  return warnings;
}

/** A label that is going to be made; GitLab gives it its number, so it takes one that nobody has. */
function pretended({ name, color }: ConnectionPlan['labels'][number], index: number): ProjectLabel {
  return { id: Number.MAX_SAFE_INTEGER - index, name, colour: color, priority: null };
}

/** The number may stand in the key of a device whose name is taken. */
function withoutPretence(step: BadgeStep): BadgeStep {
  if (step.do === 'delete') return step;
  const name = step.content.name.replace(/-90071992547\d{5}$/, '-<number of its label>');
  return { ...step, content: { ...step.content, name } };
}

/** Some things a weaker token may not see; that is a warning, not the end. */
async function readable<T, E>(read: () => Promise<T>, otherwise: E): Promise<T | E> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UpstreamError && error.reason === 'auth') return otherwise;
    throw error;
  }
}
