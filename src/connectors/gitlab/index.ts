export { type BadgeContent, GitLab, type HookSettings, type ProjectRef } from './client.ts';
export type { Badge, Hook, Issue, Label, Project, TokenSelf } from './schema.ts';
export type { GitLabCall, GitLabOptions } from './transport.ts';
export { deliveryKey, type HookHeaders, type HookSecrets, hookRefusal, isSigningToken } from './webhook.ts';
export { type HookEvent, type HookIssue, type HookProject, parseHookEvent } from './webhook-payload.ts';
