import { addMs, type ComponentKey, DAY, type Instant } from '../../../core/index.ts';
import type { Impact } from './incident.ts';

export const SUBSCRIPTION_KINDS = ['email', 'webhook', 'slack', 'teams'] as const;
export type SubscriptionKind = (typeof SUBSCRIPTION_KINDS)[number];

/**
 * `pending`: nobody has confirmed it. `disabled`: messages could not be delivered. `ended`: its owner wants no more; of
 * whom it was is forgotten.
 */
export type SubscriptionState = 'pending' | 'active' | 'disabled' | 'ended';

/**
 * `public`: somebody subscribed, or an administrator did. `staff`: an address that is mailed about maintenances by
 * configuration; nobody confirms, manages or disables it.
 */
export type Audience = 'public' | 'staff';

/** What somebody wants to be told of. */
export interface SubscriptionFilter {
  /** These, whatever the regions and categories say. */
  components: readonly ComponentKey[];
  /** Empty: any. */
  regions: readonly string[];
  /** Empty: any. */
  categories: readonly string[];
  /** Incidents of at least this impact; one that was told is followed to its end. */
  minImpact: Impact;
  /** Maintenances and announcements too. */
  maintenances: boolean;
}

/** Nothing left out. */
export const EVERYTHING: SubscriptionFilter = {
  components: [],
  regions: [],
  categories: [],
  minImpact: 1,
  maintenances: true,
};

/** A key that signs webhooks; the one before stays good for a while after a change. */
export interface WebhookKey {
  secret: string;
  /** null: until it is changed. */
  until: Instant | null;
}

export interface Subscription {
  id: string;
  kind: SubscriptionKind;
  /** Mail address or URL. */
  target: string;
  /** What targets are counted by: spellings of one address are one. */
  targetHash: string;
  secrets: readonly WebhookKey[];
  /** Who confirmed a subscription that is not by mail, and is told when it is disabled. */
  ownerEmail: string | null;
  /** The same of the mail address that confirms; empty where staff added it. */
  ownerHash: string;
  language: 'en' | 'it';
  filter: SubscriptionFilter;
  state: SubscriptionState;
  confirmHash: string | null;
  confirmUntil: Instant | null;
  /** Whoever has it may change and end the subscription: it is in every message. */
  manageToken: string;
  createdAt: Instant;
  createdBy: string;
  confirmedAt: Instant | null;
  disabledAt: Instant | null;
  disabledReason: string | null;
  endedAt: Instant | null;
  audience: Audience;
}

export function isSameFilter(one: SubscriptionFilter, other: SubscriptionFilter): boolean {
  const plain = ({ components, regions, categories, minImpact, maintenances }: SubscriptionFilter) =>
    JSON.stringify([[...components].sort(), [...regions].sort(), [...categories].sort(), minImpact, maintenances]);
  return plain(one) === plain(other);
}

/** What is counted as one target: case, what follows a plus sign and the dots that Gmail ignores make no difference. */
export function canonicalTarget(kind: SubscriptionKind, target: string): string {
  if (kind !== 'email') return target.trim().replace(/#.*$/, '').replace(/\/+$/, '');
  const address = target.trim().toLowerCase();
  const at = address.lastIndexOf('@');
  const [name = ''] = address.slice(0, at).split('+');
  const host = address.slice(at + 1).replace(/\.+$/, '');
  const isGmail = host === 'gmail.com' || host === 'googlemail.com';
  return isGmail ? `${name.replaceAll('.', '')}@gmail.com` : `${name}@${host}`;
}

/** For so long receivers may still check with the secret before the last change. */
const OLD_SECRET_LIVES = DAY;

/** A new secret in place of those there are: the one before is good for another day. */
export function withNewSecret(secrets: readonly WebhookKey[], secret: string, now: Instant): WebhookKey[] {
  const [last] = liveSecrets(secrets, now);
  const old = last === undefined ? [] : [{ secret: last, until: addMs(now, OLD_SECRET_LIVES) }];
  return [{ secret, until: null }, ...old];
}

/** Keys that a message is signed with now, the newest first. */
export function liveSecrets(secrets: readonly WebhookKey[], now: Instant): string[] {
  return secrets.filter(({ until }) => until === null || until > now).map(({ secret }) => secret);
}
