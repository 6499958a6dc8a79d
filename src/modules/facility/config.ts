import * as z from 'zod';
import { type HookSecrets, isSigningToken } from '../../connectors/gitlab/index.ts';
import { HOUR, LEVELS, MINUTE, SECOND, type Visibility } from '../../core/index.ts';
import { networkRange, secret, timeZone, webAddress } from '../../platform/config/index.ts';
import { BADGE_LINKS, BADGE_MODES, type BadgeLink, type BadgeMode } from './domain/badge-content.ts';
import { ORDERS, type OrderRules } from './domain/device-order.ts';
import { DEFAULT_RULES, type LabelLevel, type LabelRules, type SpecialLabel } from './domain/label-rules.ts';

const ID = /^[a-z0-9][a-z0-9-]{0,49}$/;
const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR };

/** `90s`, `5m`, `1h` as milliseconds. */
function duration(least: number, most: number, standard: string): z.ZodType<number, string | undefined> {
  return z
    .string()
    .regex(/^\d+(s|m|h)$/, 'write a whole number and s, m or h, such as 90s, 5m or 1h')
    .default(standard)
    .transform((text) => Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] ?? 0))
    .refine((ms) => ms >= least && ms <= most, `must be between ${least / SECOND}s and ${most / SECOND}s`);
}

const LabelLevelName = z.enum(LEVELS.filter((level): level is LabelLevel => level !== 'unknown'));

const LabelMeaning = z.union([
  z.literal('ignored'),
  z.literal('plain'),
  z.strictObject({
    state: z.string().min(1).max(40).describe('The word shown for it, such as MAINTENANCE.'),
    level: LabelLevelName.describe('How bad it is.'),
  }),
]);

/** Of an integration, for all its projects; of a project, instead of those. */
const secrets = {
  token: secret()
    .optional()
    .describe('Access token: scope api and role Maintainer, or read_api and Reporter without badges.'),
  hook_token: secret().optional().describe('The secret token of the webhook, at least 8 characters.'),
  signing_token: secret()
    .refine(isSigningToken, 'must be whsec_ and at least 16 bytes in base64')
    .optional()
    .describe('The signing token of the webhook (GitLab 19); a delivery without a good signature is then refused.'),
};

/** Why the configuration would not take this access token; null: it would. */
export function tokenProblem(token: string): string | null {
  const [issue] = secret().safeParse(token).error?.issues ?? [];
  if (issue === undefined) return null;
  return issue.code === 'too_small' ? `has fewer than ${issue.minimum} characters` : issue.message;
}

const Integration = z.strictObject({
  id: z
    .string()
    .regex(ID, 'use a-z, 0-9 and -, at most 50 characters')
    .describe('Name of this GitLab in addresses and keys.')
    .meta({ examples: ['gitlab'] }),
  url: webAddress()
    .describe('Address of the GitLab, as it calls itself (external_url).')
    .meta({ examples: ['https://gitlab.example.org'] }),
  ...secrets,
  allow_ips: z
    .array(networkRange())
    .optional()
    .describe('Addresses or networks that may call the hook. Absent: any that knows its secret.')
    .meta({ examples: [['192.0.2.0/24']] }),
});

const ProjectSection = z.strictObject({
  integration: z
    .string()
    .describe('Which GitLab it is in.')
    .meta({ examples: ['gitlab'] }),
  project: z
    .union([z.number().int().positive(), z.string().min(1).max(500)])
    .describe('Its number (Settings, General) or its path, such as lab/desk.')
    .meta({ examples: ['lab/desk'] }),
  ...secrets,
  title: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('How we call it; its name in GitLab if absent.')
    .meta({ examples: ['Front desk'] }),
  timezone: timeZone()
    .optional()
    .describe("Where its days begin; the site's zone if absent.")
    .meta({ examples: ['Europe/Rome'] }),
  visibility: z
    .enum(['public', 'members'])
    .optional()
    .describe('Who may see its devices. Absent: everybody if the GitLab project is public, else members.'),
  public_badges: z
    .boolean()
    .default(false)
    .describe('Whether the badges of a members-only project show the level to everybody.'),
  confidential: z
    .enum(['count', 'ignore'])
    .default('count')
    .describe('Whether confidential issues count for the light. Nothing else of them is ever shown.'),
  prefix: z.string().max(50).default(DEFAULT_RULES.prefix).describe('Labels that begin so are devices.'),
  scope: z
    .string()
    .max(50)
    .optional()
    .describe('Scope of scoped device labels: device for device::X.')
    .meta({ examples: ['device'] }),
  case_sensitive: z.boolean().default(false).describe('Whether special labels must be written exactly so.'),
  labels: z
    .record(z.string().min(1).max(255), LabelMeaning)
    .default({})
    .describe(
      'What further labels mean, or what CRITICAL, Information and Logbook mean instead; "plain" makes a label ordinary.',
    ),
  order: z.enum(ORDERS).default('colour').describe('Order of the devices, on the board and on the badges.'),
  device_order: z.array(z.string()).default([]).describe('With order: manual, the devices that come first.'),
  groups: z
    .record(z.string().regex(/^#[0-9a-fA-F]{6}$/, 'write a colour such as "#009966"'), z.string().min(1).max(100))
    .default({})
    .describe('Headings for label colours.'),
  badges: z
    .enum(BADGE_MODES)
    .default('stable')
    .describe(
      'stable: badge addresses never change. content: they change with the picture, for proxies that keep pictures. off: no badges.',
    ),
  badge_link: z
    .enum(BADGE_LINKS)
    .default('issues')
    .describe('Where a badge leads: to the open issues of the device in GitLab, or to its page here.'),
  reconcile_interval: duration(5 * MINUTE, 24 * HOUR, '1h').describe(
    'How often everything is read again even if GitLab says nothing.',
  ),
  coalesce_window: duration(0, 10 * SECOND, '2s').describe(
    'Least time between the starts of two readings when events come in a burst.',
  ),
});
type ProjectSection = z.output<typeof ProjectSection>;

/** Enough to see who belongs to whom, also while other keys are wrong: all mistakes are reported at once. */
const Belonging = z.looseObject({
  integrations: z.array(z.looseObject({ id: z.string() })),
  projects: z.array(z.looseObject({ integration: z.string() })),
});

const Facility = z.strictObject({
  integrations: z.array(Integration).default([]).describe('The GitLab instances.'),
  projects: z.array(ProjectSection).default([]).describe('The GitLab projects whose issues are the log of devices.'),
});

export const FacilityConfig = Facility.superRefine(reportStrangers, {
  when: ({ value }) => Belonging.safeParse(value).success,
})
  .prefault({})
  .describe('Devices of GitLab projects: labels make them, issues change their lights');
export type FacilityConfig = z.output<typeof FacilityConfig>;
export type IntegrationConfig = FacilityConfig['integrations'][number];

/** Names taken twice, projects without their integration or token. */
function reportStrangers(config: z.output<typeof Facility>, context: z.core.$RefinementCtx): void {
  const ids = config.integrations.map((integration) => integration.id);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) !== index) {
      context.addIssue({
        code: 'custom',
        path: ['integrations', index, 'id'],
        message: `"${id}" is taken by another integration`,
      });
    }
  });
  const projects = config.projects.map((project) => `${project.integration}/${project.project}`);
  config.projects.forEach((project, index) => {
    if (!ids.includes(project.integration)) {
      const known = ids.length === 0 ? 'there is none yet' : `there are: ${ids.join(', ')}`;
      const message = `there is no integration "${project.integration}"; ${known}`;
      context.addIssue({ code: 'custom', path: ['projects', index, 'integration'], message });
    } else if (project.token === undefined && integrationOf(config, project)?.token === undefined) {
      const message = `there is no access token: give one here, or one for all to the integration "${project.integration}"`;
      context.addIssue({ code: 'custom', path: ['projects', index, 'token'], message });
    }
    if (projects.indexOf(projects[index] ?? '') !== index) {
      context.addIssue({ code: 'custom', path: ['projects', index, 'project'], message: 'is configured twice' });
    }
  });
}

/** One configured project, in the words of the domain. */
export interface ProjectSettings {
  /** `<integration>/<project as configured>`: its row. */
  id: string;
  integration: string;
  project: string | number;
  token: string;
  /** What its webhook proves itself with. */
  hookSecrets: HookSecrets;
  /** Place among the projects: their groups follow each other. */
  index: number;
  title: string | null;
  timezone: string;
  visibility: Visibility | null;
  publicBadges: boolean;
  confidential: 'count' | 'ignore';
  rules: LabelRules;
  order: Omit<OrderRules, 'title'>;
  badges: BadgeMode;
  badgeLink: BadgeLink;
  reconcileMs: number;
  coalesceMs: number;
}

export function projectSettings(config: FacilityConfig, siteZone: string): ProjectSettings[] {
  return config.projects.map((project, index) => ({
    id: `${project.integration}/${project.project}`,
    integration: project.integration,
    project: project.project,
    token: project.token ?? integrationOf(config, project)?.token ?? '',
    hookSecrets: hookSecrets(project) ?? hookSecrets(integrationOf(config, project)) ?? {},
    index,
    title: project.title ?? null,
    timezone: project.timezone ?? siteZone,
    visibility: project.visibility ?? null,
    publicBadges: project.public_badges,
    confidential: project.confidential,
    rules: labelRules(project),
    order: { order: project.order, manual: project.device_order, groups: new Map(Object.entries(project.groups)) },
    badges: project.badges,
    badgeLink: project.badge_link,
    reconcileMs: project.reconcile_interval,
    coalesceMs: project.coalesce_window,
  }));
}

function integrationOf(
  config: { integrations: readonly z.output<typeof Integration>[] },
  project: Pick<ProjectSection, 'integration'>,
): z.output<typeof Integration> | undefined {
  return config.integrations.find(({ id }) => id === project.integration);
}

/** Null: none of its own. */
export function hookSecrets(
  owner: { hook_token?: string | undefined; signing_token?: string | undefined } | undefined,
): HookSecrets | null {
  const { hook_token: token, signing_token: signingToken } = owner ?? {};
  return token === undefined && signingToken === undefined ? null : { token, signingToken };
}

/** How long evidence counts after a good reading (contracts §3). */
export function evidenceLife(settings: Pick<ProjectSettings, 'reconcileMs'>): number {
  return Math.max(2.5 * settings.reconcileMs, 15 * MINUTE);
}

function labelRules(project: ProjectSection): LabelRules {
  const fold = (label: string): string => (project.case_sensitive ? label : label.trim().toLowerCase());
  const specials = new Map<string, SpecialLabel>(
    DEFAULT_RULES.specials.map((special) => [fold(special.label), special]),
  );
  for (const [label, effect] of Object.entries(project.labels)) {
    if (effect === 'plain') specials.delete(fold(label));
    else specials.set(fold(label), { label, effect });
  }
  return {
    ...DEFAULT_RULES,
    prefix: project.prefix,
    scope: project.scope,
    caseSensitive: project.case_sensitive,
    specials: [...specials.values()],
  };
}
