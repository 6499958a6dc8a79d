import * as z from 'zod';

/** What we read of GitLab's answers (API v4). Unknown fields are dropped; GitLab adds some with every release. */

/** ISO-8601, or `2025-11-20 06:12:44 UTC` as webhooks write it. */
export const GitLabTime = z.string().transform((text, context) => {
  const ms = Date.parse(
    /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} (UTC|[+-]\d{4})$/.test(text) ? text.replace('UTC', 'Z') : text,
  );
  if (Number.isNaN(ms)) {
    context.addIssue({ code: 'custom', message: 'not a time' });
    return z.NEVER;
  }
  return new Date(ms).toISOString();
});

const AccessLevel = z.object({ access_level: z.number() }).nullish();

/** `YYYY-MM-DD`. What is not a day is taken for none. */
export const GitLabDay = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .nullish()
  .catch(null)
  .transform((day) => day ?? null);

export const Project = z.object({
  id: z.number().int(),
  name: z.string(),
  path_with_namespace: z.string(),
  web_url: z.string(),
  visibility: z.enum(['public', 'internal', 'private']).catch('private'),
  permissions: z.object({ project_access: AccessLevel, group_access: AccessLevel }).nullish(),
});
export type Project = z.output<typeof Project>;

export const Label = z.object({
  id: z.number().int(),
  name: z.string(),
  color: z.string().catch(''),
  priority: z.number().nullish(),
});
export type Label = z.output<typeof Label>;

export const Issue = z.object({
  id: z.number().int(),
  iid: z.number().int(),
  title: z.string().catch(''),
  updated_at: GitLabTime,
  labels: z.array(z.union([z.string(), z.object({ name: z.string() }).transform((label) => label.name)])),
  web_url: z.string().catch(''),
  due_date: GitLabDay,
  // An answer that does not say it is treated as the careful case.
  confidential: z.boolean().catch(true),
});
export type Issue = z.output<typeof Issue>;

export const Badge = z.object({
  id: z.number().int(),
  name: z.string().nullish(),
  image_url: z.string(),
  link_url: z.string(),
  kind: z.string().nullish(),
});
export type Badge = z.output<typeof Badge>;

export const Hook = z.object({
  id: z.number().int(),
  url: z.string(),
  alert_status: z.string().nullish(),
  disabled_until: z.string().nullish(),
  issues_events: z.boolean().nullish(),
  confidential_issues_events: z.boolean().nullish(),
  note_events: z.boolean().nullish(),
  confidential_note_events: z.boolean().nullish(),
  enable_ssl_verification: z.boolean().nullish(),
});
export type Hook = z.output<typeof Hook>;

export const HookEvent = z.object({
  id: z.number().int(),
  created_at: GitLabTime.nullish().catch(null),
  response_status: z.union([z.string(), z.number()]).nullish(),
});
export type HookEvent = z.output<typeof HookEvent>;

export const TokenSelf = z.object({
  name: z.string().catch(''),
  scopes: z.array(z.string()).catch([]),
  /** `YYYY-MM-DD`: it ends at 00:00 UTC of that day. */
  expires_at: z.string().nullish(),
  active: z.boolean().catch(true),
  revoked: z.boolean().catch(false),
});
export type TokenSelf = z.output<typeof TokenSelf>;
