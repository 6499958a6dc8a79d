/** One badge as it should be. */
export interface DesiredBadge {
  /** Says whose it is and which device it shows: `signalbox:<integration>:<device>`. */
  name: string;
  imageUrl: string;
  linkUrl: string;
}

/** One badge as GitLab has it. */
export interface ActualBadge {
  id: number;
  name: string | null;
  imageUrl: string;
  linkUrl: string;
  kind: string | null;
}

export type BadgeStep =
  | { do: 'create'; content: DesiredBadge }
  | { do: 'update'; id: number; content: DesiredBadge; before: ActualBadge }
  | { do: 'delete'; id: number; before: ActualBadge };

export interface BadgeOwner {
  integration: string;
  /** Device prefix of the project, to recognise the badges of the original. */
  prefix: string;
}

export function badgeName(owner: Pick<BadgeOwner, 'integration'>, device: string): string {
  return `signalbox:${owner.integration}:${device}`;
}

/** Ours, or left by the original for us to take over. A group's badges never are. */
export function isOurs(badge: ActualBadge, owner: BadgeOwner): boolean {
  if (badge.kind !== 'project') return false;
  const name = badge.name ?? '';
  if (name.startsWith(badgeName(owner, ''))) return true;
  return name.startsWith('autobadge:') || isLegacyImage(badge.imageUrl, owner.prefix);
}

function isLegacyImage(imageUrl: string, prefix: string): boolean {
  const match = /^https?:\/\/(?:[a-z0-9-]+\.)*badgen\.net\/badge\/([^/]*)\//i.exec(imageUrl);
  if (match?.[1] === undefined || prefix === '') return false;
  return match[1].startsWith(prefix) || match[1].startsWith(encodeURIComponent(prefix));
}

/**
 * The writes that make GitLab show `desired` in this order. GitLab shows badges in the order of their making, so the
 * i-th oldest gets the content of the i-th device. Missing ones are made first and surplus ones deleted last, so there
 * is never a badge less than before or than wanted; a badge is written over, where possible, only after its device
 * stands in another one. Carrying out any first part of the list and planning again ends in the same result.
 */
export function planBadges(
  desired: readonly DesiredBadge[],
  actual: readonly ActualBadge[],
  owner: BadgeOwner,
): BadgeStep[] {
  const slots = actual.filter((badge) => isOurs(badge, owner)).sort((a, b) => a.id - b.id);
  const creates = desired.slice(slots.length).map((content): BadgeStep => ({ do: 'create', content }));
  const deletes = slots.slice(desired.length).map((before): BadgeStep => ({ do: 'delete', id: before.id, before }));
  return [...creates, ...updates(desired, slots), ...deletes];
}

function updates(desired: readonly DesiredBadge[], slots: readonly ActualBadge[]): BadgeStep[] {
  const shown = new Map<string, number>();
  const show = (name: string | null, by: number): void => {
    if (name !== null) shown.set(name, (shown.get(name) ?? 0) + by);
  };
  for (const slot of slots) show(slot.name, 1);
  for (const content of desired.slice(slots.length)) show(content.name, 1);
  const wanted = new Set(desired.map((content) => content.name));
  let waiting = slots.flatMap((before, index) => {
    const content = desired[index];
    return content === undefined || isSame(before, content) ? [] : [{ before, content }];
  });
  const steps: BadgeStep[] = [];
  while (waiting.length > 0) {
    const safe = waiting.filter(({ before, content }) => {
      const name = before.name ?? '';
      return name === content.name || !wanted.has(name) || (shown.get(name) ?? 0) > 1;
    });
    // Devices that change places in a circle: one of them must give way for a moment.
    const [next] = safe.length > 0 ? safe : waiting;
    if (next === undefined) break;
    steps.push({ do: 'update', id: next.before.id, ...next });
    show(next.before.name, -1);
    show(next.content.name, 1);
    waiting = waiting.filter((entry) => entry !== next);
  }
  return steps;
}

function isSame(badge: ActualBadge, content: DesiredBadge): boolean {
  return badge.name === content.name && badge.imageUrl === content.imageUrl && badge.linkUrl === content.linkUrl;
}
