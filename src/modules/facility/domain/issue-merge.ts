import { DAY, type Instant, MINUTE, toMs } from '../../../core/index.ts';
import type { OpenIssue } from './device-state.ts';

/** An issue as it was last heard of, from an event or a reading. Closed ones are kept a while, to know late events. */
export interface KnownIssue extends OpenIssue {
  open: boolean;
  /** When we heard, by our clock. */
  seenAt: Instant;
}

/** What GitLab told by an event is believed against an older-looking reading this long: a reading may lag behind. */
const LAG = 10 * MINUTE;

/**
 * True when the event tells of a state older than what is known. Events have whole seconds, readings milliseconds; of
 * two states of one second the confidential one is believed until the next reading knows better.
 */
export function isOutdated(
  event: { updatedAt: Instant; confidential: boolean },
  known: KnownIssue | undefined,
): boolean {
  if (known === undefined) return false;
  const ahead = second(event.updatedAt) - second(known.updatedAt);
  return ahead < 0 || (ahead === 0 && known.confidential && !event.confidential);
}

/**
 * What is known after reading all open issues. `readAt` is when the reading began: what an event told since then is
 * newer than what was read.
 */
export function mergeReading(known: readonly KnownIssue[], read: readonly OpenIssue[], readAt: Instant): KnownIssue[] {
  const before = new Map(known.map((issue) => [issue.id, issue]));
  const merged = read.map((issue): KnownIssue => {
    const old = before.get(issue.id);
    before.delete(issue.id);
    return old !== undefined && isNewer(old, issue, readAt) ? old : { ...issue, open: true, seenAt: readAt };
  });
  const unread = [...before.values()].filter((issue) =>
    issue.open ? issue.seenAt >= readAt : toMs(readAt) - toMs(issue.seenAt) < DAY,
  );
  return [...merged, ...unread];
}

function isNewer(known: KnownIssue, read: OpenIssue, readAt: Instant): boolean {
  const ahead = second(known.updatedAt) - second(read.updatedAt);
  if (known.seenAt >= readAt) return ahead > 0 || (ahead === 0 && !(read.confidential && !known.confidential));
  return ahead > 0 && toMs(readAt) - toMs(known.seenAt) < LAG;
}

function second(at: Instant): number {
  return Math.floor(toMs(at) / 1000);
}
