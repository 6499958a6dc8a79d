import type { Instant } from '../../../core/index.ts';
import type { Claim, Confirmed } from './claim.ts';
import { type Confirmation, confirm, type Observation } from './confirmation.ts';
import type { ClaimHistory } from './status-changes.ts';

export interface Report {
  /** The claim until now; null when this is the first report. */
  before: Claim | null;
  /** The claim as it is reported now, `confirmed` being what the report itself says. */
  reported: Claim & { confirmed: Confirmed };
  /** The newest observations including this one, oldest first. */
  observations: readonly Observation[];
  rules: Confirmation;
  now: Instant;
}

export interface Reported {
  after: Claim;
  history: ClaimHistory;
  /** When time alone will confirm what was reported. */
  confirmsAt: Instant | null;
}

/** What a report makes of a claim: at once, or only its evidence until it is confirmed. */
export function reportClaim({ before, reported, observations, rules, now }: Report): Reported {
  const inForce = before?.confirmed ?? null;
  const { steps, dueAt } = confirm(inForce, observations, rules, now);
  const said = reported.confirmed;
  const confirmedSteps = steps.map((step): Confirmed => {
    const { level, since, confirmedAt } = step;
    return { ...said, level, since, confirmedAt, state: level === said.level ? said.state : null };
  });
  const last = confirmedSteps.at(-1);
  const again = last === undefined && inForce?.level === said.level;
  const { since, confirmedAt } = inForce ?? said;
  const confirmed = last ?? (again ? { ...said, since, confirmedAt } : inForce);
  const keepsOld = last === undefined && !again && before !== null && inForce !== null;
  const after = { ...reported, confirmed, confidential: reported.confidential || (keepsOld && before.confidential) };
  return { after, confirmsAt: dueAt, history: historyOf(before, after, confirmedSteps, now) };
}

/** What time alone confirms of a claim, without a new report; null: nothing yet. */
export function confirmByTime(report: Report & { before: Claim }): Reported | null {
  const { before, now } = report;
  const found = reportClaim(report);
  const { confirmed, confidential } = found.after;
  if (confirmed === null || confirmed.since === before.confirmed?.since) return null;
  const after = { ...before, confirmed, confidential };
  const steps = found.history.slice(1, -1);
  const from = confirmed.since < now ? confirmed.since : now;
  return { ...found, after, history: [{ from: '', claim: before }, ...steps, { from, claim: after }] };
}

function historyOf(before: Claim | null, after: Claim, steps: readonly Confirmed[], now: Instant): ClaimHistory {
  const from = after.observedAt < now ? after.observedAt : now;
  // What was confirmed in hindsight rested, until this report, on the evidence there was.
  const expiresAt = before === null ? after.expiresAt : before.expiresAt;
  const inHindsight = steps
    .filter(({ since }) => since < from)
    .map((confirmed) => ({ from: confirmed.since, claim: { ...after, confirmed, expiresAt } }));
  return [{ from: '', claim: before }, ...inHindsight, { from, claim: after }];
}
