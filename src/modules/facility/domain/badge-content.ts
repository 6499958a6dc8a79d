import type { ComponentKey, Instant } from '../../../core/index.ts';
import { badgeName, type DesiredBadge } from './badge-plan.ts';
import { ageOf } from './updated-ago.ts';

/** `stable`: the address never changes. `content`: it changes with what the picture shows, for proxies that keep pictures. */
export const BADGE_MODES = ['stable', 'content', 'off'] as const;
export type BadgeMode = (typeof BADGE_MODES)[number];

/** Where a badge leads: the open issues of its device, or the page of the device here. */
export const BADGE_LINKS = ['issues', 'page'] as const;
export type BadgeLink = (typeof BADGE_LINKS)[number];

export interface BadgeSubject {
  key: ComponentKey;
  label: string;
  /** What the picture shows, in `content` mode. */
  shows: string;
  /** Whether an issue that anybody may see decided the state. */
  hasIssue: boolean;
}

/** Everything the picture of a device depends on, as one text. */
export function pictureOf(
  device: { name: string; level: string; state: string; updatedAt: Instant | null },
  now: Instant,
  zone: string,
): string {
  const age = device.updatedAt === null ? null : ageOf(device.updatedAt, now, zone);
  return JSON.stringify([device.name, device.level, device.state, age]);
}

export interface BadgePlace {
  integration: string;
  mode: Exclude<BadgeMode, 'off'>;
  link: BadgeLink;
  publicUrl: string;
  /** Address of the GitLab project. */
  projectUrl: string;
}

export function desiredBadge(subject: BadgeSubject, place: BadgePlace): DesiredBadge {
  const image = `${place.publicUrl}/badges/${subject.key}.svg`;
  const name = badgeName(place, subject.key.slice(subject.key.indexOf('/') + 1));
  const imageUrl = place.mode === 'stable' ? image : `${image}?v=${contentHash(subject.shows)}`;
  return { name, imageUrl, linkUrl: linkOf(subject, place) };
}

function linkOf({ key, label, hasIssue }: BadgeSubject, { mode, link, publicUrl, projectUrl }: BadgePlace): string {
  if (link === 'page') return `${publicUrl}/components/${key}`;
  return mode === 'stable' || hasIssue ? issueListUrl(projectUrl, label) : `${projectUrl}/-/boards`;
}

/** The open issues of one device, newest activity first. */
export function issueListUrl(projectUrl: string, label: string): string {
  // Form encoding leaves no literal `%{`, which GitLab would take for one of its placeholders.
  return `${projectUrl}/-/issues/?sort=updated_desc&state=opened&label_name[]=${formEncoded(label)}`;
}

function formEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

/** Two chained FNV-like halves: tells pictures apart, guards nothing. */
function contentHash(text: string): string {
  let high = 0xcbf2_9ce4;
  let low = 0x8422_2325;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    low = Math.imul(low ^ code, 0x0100_0193) >>> 0;
    high = Math.imul(high ^ code ^ (low >>> 13), 0x0100_01b3) >>> 0;
  }
  return high.toString(36).padStart(7, '0') + low.toString(36).padStart(7, '0');
}
