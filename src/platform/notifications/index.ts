export type { Channel, ChannelKind, Delivery, Fault, Form } from './channel.ts';
export type { EmailSite, EmailTarget } from './channels/email.ts';
export { type ChannelDependencies, type Channels, createChannels } from './channels/index.ts';
export type { SlackTarget } from './channels/slack.ts';
export type { TeamsTarget } from './channels/teams.ts';
export type { WebhookTarget } from './channels/webhook.ts';
export type { Fact, Json, Message, MessageType } from './message.ts';
export { afterFailure, type Failure, type NextStep } from './rules/retry-schedule.ts';
export { newWebhookSecret } from './rules/webhook-signature.ts';
