export type { IssueEdit, NewIssue } from './issues.ts';
export type {
  Badge,
  Group,
  Hook,
  HookDelivery,
  HookFlag,
  Issue,
  Label,
  MemberRole,
  Note,
  Project,
  Token,
  TokenScope,
  User,
} from './model.ts';
export type { Fault } from './server/faults.ts';
export type { LoggedRequest, Writes } from './server/request-log.ts';
export { type GitlabSimulator, type GitlabSimulatorOptions, startGitlabSimulator } from './simulator.ts';
export type { HookTrouble } from './webhooks/hook-sender.ts';
export { signWebhook } from './webhooks/signature.ts';
export type { GitlabWorld, NewHook } from './world.ts';
