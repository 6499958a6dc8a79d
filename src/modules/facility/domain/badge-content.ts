import type { ComponentKey, Instant } from '../../../core/index.ts';
import { badgeName, type DesiredBadge } from './badge-plan.ts';
import { ageOf } from './updated-ago.ts';

/** `stable`: the address never changes. `content`: it changes with what the picture shows, for proxies that keep pictures. */
export const BADGE_MODES = ['stable', 'content', 'off'] as const;
export type BadgeMode = (typeof BADGE_MODES)[number];

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
  publicUrl: string;
  /** Address of the GitLab project. */
  projectUrl: string;
}

export function desiredBadge(subject: BadgeSubject, place: BadgePlace): DesiredBadge {
  const image = `${place.publicUrl}/badges/${subject.key}.svg`;
  const name = badgeName(place, subject.key.slice(subject.key.indexOf('/') + 1));
  if (place.mode === 'stable') return { name, imageUrl: image, linkUrl: issueListUrl(place.projectUrl, subject.label) };
  const linkUrl = subject.hasIssue ? issueListUrl(place.projectUrl, subject.label) : `${place.projectUrl}/-/boards`;
  return { name, imageUrl: `${image}?v=${contentHash(subject.shows)}`, linkUrl };
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
