import type { Instant } from '../../../core/index.ts';
import {
  type Condition,
  compareLevels,
  conditionOf,
  isDeviceLabel,
  type LabelRules,
  usualCondition,
} from './label-rules.ts';

/** An open issue. Of a confidential one nothing is known but its labels and times. */
export interface OpenIssue {
  id: number;
  iid: number | null;
  title: string | null;
  url: string | null;
  confidential: boolean;
  labels: readonly string[];
  /** Planned end, `YYYY-MM-DD`. */
  dueOn: string | null;
  updatedAt: Instant;
}

export interface DeviceState extends Condition {
  /** The deciding issue. Null when there is none, or when it is confidential. */
  issue: OpenIssue | null;
  confidential: boolean;
  /** Last activity of the deciding issue; null as `issue` is. */
  updatedAt: Instant | null;
  /** Open issues that anybody may know of. */
  publicIssues: number;
}

export interface DeviceStates {
  byLabel: ReadonlyMap<string, DeviceState>;
  /** Device labels that issues carry and the project does not have. */
  unknownLabels: readonly string[];
}

/**
 * The state of every device. Each device label of an issue counts; the worst issue decides; between equals one that
 * anybody may see goes before a confidential one, then the one with the latest activity.
 */
export function deviceStates(
  rules: LabelRules,
  labels: readonly string[],
  issues: readonly OpenIssue[],
  confidential: 'count' | 'ignore',
): DeviceStates {
  const byLabel = new Map<string, DeviceState>(labels.map((label) => [label, idleState(rules)]));
  const unknownLabels = new Set<string>();
  for (const issue of issues) {
    if (issue.confidential && confidential === 'ignore') continue;
    const condition = conditionOf(rules, issue.labels);
    if (condition === null) continue;
    for (const label of new Set(issue.labels)) {
      if (!isDeviceLabel(rules, label)) continue;
      const before = byLabel.get(label);
      if (before !== undefined) byLabel.set(label, joined(before, claimOf(rules, condition, issue)));
      else if (!issue.confidential) unknownLabels.add(label);
    }
  }
  return { byLabel, unknownLabels: [...unknownLabels].sort() };
}

function idleState(rules: LabelRules): DeviceState {
  return { ...rules.idle, issue: null, confidential: false, updatedAt: null, publicIssues: 0 };
}

function claimOf(rules: LabelRules, condition: Condition, issue: OpenIssue): DeviceState {
  if (issue.confidential) {
    const { level, state } = usualCondition(rules, condition.level);
    return { level, state, issue: null, confidential: true, updatedAt: null, publicIssues: 0 };
  }
  const { level, state } = condition;
  return { level, state, issue, confidential: false, updatedAt: issue.updatedAt, publicIssues: 1 };
}

function joined(before: DeviceState, claim: DeviceState): DeviceState {
  const publicIssues = before.publicIssues + claim.publicIssues;
  return { ...(decides(claim, before) ? claim : before), publicIssues };
}

function decides(claim: DeviceState, before: DeviceState): boolean {
  const worse = compareLevels(claim.level, before.level);
  if (worse !== 0) return worse > 0;
  // Of equals, a public one: what is public must not depend on a confidential issue beyond its level.
  if (claim.issue === null) return false;
  if (before.issue === null) return true;
  const later = compareText(claim.issue.updatedAt, before.issue.updatedAt);
  return later === 0 ? claim.issue.id > before.issue.id : later > 0;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
