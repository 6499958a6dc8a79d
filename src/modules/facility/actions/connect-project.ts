import { GitLab, type Label, type Project } from '../../../connectors/gitlab/index.ts';
import { AppError, type Clock, UpstreamError } from '../../../core/index.ts';
import { FacilityConfig, projectSettings } from '../config.ts';
import { desiredBadge } from '../domain/badge-content.ts';
import { type BadgeStep, planBadges } from '../domain/badge-plan.ts';
import { roster } from '../domain/device-roster.ts';
import { DEFAULT_RULES } from '../domain/label-rules.ts';
import { hasAllEvents, hookAddress, tokenHealth } from './check-health.ts';
import { readBadges } from './read-project.ts';

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
  /** What stands in the way or should be known; a person decides. */
  warnings: string[];
  labels: { name: string; color: string; description: string }[];
  /** One that exists already is given our secret, since nobody can read the one it has. */
  hook: { address: string; existing: number | null; missingEvents: boolean };
  badges: BadgeStep[];
}

/** Looks at everything and changes nothing. */
export async function planConnection(connection: Connection, clock: Clock): Promise<ConnectionPlan> {
  const gitlab = clientOf(connection, clock);
  const project = await gitlab.project(connection.project);
  const existing = await gitlab.labels(project.id);
  const labels = missingLabels(existing, connection.devices);
  const address = hookAddress(connection.publicUrl, connection.integration);
  const warnings = await warningsOf(gitlab, project, clock);
  const hook = (await readable(() => gitlab.hooks(project.id), [])).find(({ url }) => url === address);
  return {
    project,
    warnings,
    labels,
    hook: { address, existing: hook?.id ?? null, missingEvents: hook !== undefined && !hasAllEvents(hook) },
    badges: connection.badges
      ? await planFirstBadges(gitlab, connection, project, [...existing, ...labels.map(pretended)])
      : [],
  };
}

export interface ConnectionResult {
  labels: number;
  badges: number;
}

/** Creates the labels and badges that are missing, and the hook with this secret. Doing it again repairs. */
export async function connectProject(
  connection: Connection & { hookToken: string },
  clock: Clock,
): Promise<ConnectionResult> {
  const gitlab = clientOf(connection, clock);
  const plan = await planConnection(connection, clock);
  const { id } = plan.project;
  for (const label of plan.labels) await gitlab.createLabel(id, label);
  const { hookToken } = connection;
  const sslVerification = connection.publicUrl.startsWith('https:');
  const settings = { url: plan.hook.address, token: hookToken, sslVerification };
  if (plan.hook.existing === null) await gitlab.createHook(id, settings);
  else await gitlab.updateHook(id, plan.hook.existing, settings);
  const steps = connection.badges
    ? await planFirstBadges(gitlab, connection, plan.project, await gitlab.labels(id))
    : [];
  for (const step of steps) {
    if (step.do === 'create') await gitlab.createBadge(id, step.content);
    else if (step.do === 'update') await gitlab.updateBadge(id, step.id, step.content);
    else await gitlab.deleteBadge(id, step.id);
  }
  return { labels: plan.labels.length, badges: steps.length };
}

function clientOf(connection: Connection, clock: Clock): GitLab {
  return new GitLab({ url: connection.url, token: connection.token, clock });
}

function missingLabels(existing: readonly Label[], devices: readonly string[]): ConnectionPlan['labels'] {
  const names = new Set(existing.map((label) => label.name));
  const folded = new Set(existing.map((label) => label.name.toLowerCase()));
  const specials = DEFAULT_RULES.specials
    .filter(({ label }) => !folded.has(label.toLowerCase()))
    .map(({ label }) => ({
      name: label,
      color: SPECIAL_COLOURS[label] ?? DEVICE_COLOUR,
      description: SPECIAL_TEXTS[label] ?? '',
    }));
  const wanted = [...new Set(devices.map((device) => `${DEFAULT_RULES.prefix}${device}`))];
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
  else if (tokenHealth(token, clock.now()).problem === 'expiring')
    warnings.push(`The token ends on ${token.expires_at}.`);
  return warnings;
}

async function planFirstBadges(
  gitlab: GitLab,
  connection: Connection,
  project: Project,
  labels: readonly Pick<Label, 'id' | 'name' | 'color' | 'priority'>[],
): Promise<BadgeStep[]> {
  const { integration, url, token, publicUrl } = connection;
  const config = FacilityConfig.parse({
    integrations: [{ id: integration, url, token }],
    projects: [{ integration, project: project.id }],
  });
  const [settings] = projectSettings(config, 'UTC');
  if (settings === undefined) throw new AppError('invalid', 'The project cannot be configured.');
  const known = { known: new Map<number, string>(), taken: new Set<string>() };
  const listed = labels.map(({ id, name, color, priority }) => ({
    id,
    name,
    colour: color,
    priority: priority ?? null,
  }));
  const sorted = listed.sort((a, b) => (a.name < b.name ? -1 : 1));
  const entries = roster(sorted, settings.rules, { ...settings.order, title: project.name }, known);
  const projectUrl = project.web_url.replace(/\/+$/, '');
  const place = { integration, mode: 'stable', link: 'issues', publicUrl, projectUrl } as const;
  const desired = entries.map(({ key, label }) => desiredBadge({ key, label, shows: '', hasIssue: false }, place));
  return planBadges(desired, await readBadges(gitlab, project.id), { integration, prefix: settings.rules.prefix });
}

/** A label that is going to be made, for the plan. */
function pretended(
  label: { name: string; color: string },
  index: number,
): Pick<Label, 'id' | 'name' | 'color' | 'priority'> {
  return { id: Number.MAX_SAFE_INTEGER - index, name: label.name, color: label.color, priority: null };
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
