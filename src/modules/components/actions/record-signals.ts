import { addMs, type Instant, MINUTE, type Signal } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { confirmationFor } from '../config.ts';
import type { Claim, Confirmed } from '../domain/claim.ts';
import { type Confirmation, type Observation, observationsNeeded } from '../domain/confirmation.ts';
import { reportClaim } from '../domain/report-claim.ts';
import type { ClaimHistory } from '../domain/status-changes.ts';
import { lockComponents } from '../store/component-store.ts';
import type { SignalRecord } from '../store/schema.ts';
import { toRecord } from '../store/signal-record.ts';
import { deleteObservationsBefore, insertObservation, latestObservations, saveSignals } from '../store/signal-store.ts';
import type { ComponentsContext } from './components-context.ts';
import type { Outcome } from './components-metrics.ts';
import { claimOf, loadSubjects, type Subject, settleStatus, signalId } from './settle-status.ts';

/** How far a source's clock may be ahead of ours before its word on the time is not taken. */
export const CLOCK_SKEW_MS = MINUTE;

export interface RecordOptions {
  /** Of two reports of one moment: `first` when the sender may repeat itself, `last` when reports come once and in order. */
  sameMoment: 'first' | 'last';
}

export interface Recorded {
  outcome: Exclude<Outcome, 'invalid'>;
  /** The claim is another one now than before, in more than its age. */
  changed: boolean;
}

/**
 * Stores what sources claim, decides what follows and tells the others, in the caller's transaction. An older
 * observation never replaces a newer one. Answers in the order of the reports.
 */
export async function recordSignals(
  tx: Tx,
  context: ComponentsContext,
  reports: readonly Signal[],
  options: RecordOptions,
): Promise<Recorded[]> {
  const keys = [...new Set(reports.map(({ component }) => component))].sort();
  await lockComponents(tx, keys);
  const subjects = await loadSubjects(tx, keys, [...new Set(reports.map(({ source }) => source))]);
  const pending = new Map<Subject, PendingChange>();
  const recorded: Recorded[] = [];
  for (const report of reports) {
    const subject = subjects.get(report.component);
    if (subject === undefined) {
      recorded.push({ outcome: 'unknown_component', changed: false });
      continue;
    }
    const change = pending.get(subject) ?? { histories: new Map<string, ClaimHistory>() };
    recorded.push(await apply(tx, context, { subject, report, change, options }));
    if (change.histories.size > 0) pending.set(subject, change);
  }
  for (const [subject, change] of pending) {
    const changed = subject.signals.filter((record) => change.histories.has(signalId(record)));
    saveSignals(tx, changed);
    await settleStatus(tx, context, subject, change);
  }
  const outcomes = recorded.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'unknown_component');
  tx.afterCommit(() => {
    for (const outcome of outcomes) context.metrics.signal(outcome);
  });
  return recorded;
}

interface PendingChange {
  histories: Map<string, ClaimHistory>;
}

interface Application {
  subject: Subject;
  report: Signal;
  change: PendingChange;
  options: RecordOptions;
}

async function apply(
  tx: Tx,
  context: ComponentsContext,
  { subject, report, change, options }: Application,
): Promise<Recorded> {
  const now = context.clock.now();
  const record = toRecord(inTime(report, now), now);
  const id = signalId(record);
  const old = subject.signals.find((one) => signalId(one) === id);
  const changed = old === undefined || saysElse(old, record);
  if (old !== undefined && isOutdated(record, old, now)) return { outcome: 'outdated', changed: false };
  if (old !== undefined && record.observed_at === old.observed_at && (options.sameMoment === 'first' || !changed)) {
    return { outcome: 'duplicate', changed: false };
  }
  const rules = confirmationFor(context.config(), record.component, record.name);
  const observations = await observe(tx, record, rules);
  const before = old === undefined ? null : claimOf(subject, old);
  const reported = { ...claimOf(subject, record), confirmed: saidBy(record) };
  const { after, history, confirmsAt } = reportClaim({ before, reported, observations, rules, now });
  subject.signals = [...subject.signals.filter((one) => one !== old), withVerdict(record, after, confirmsAt)];
  change.histories.set(id, [...(change.histories.get(id) ?? history.slice(0, 1)), ...history.slice(1)]);
  return { outcome: 'recorded', changed };
}

/** An observation from a time to come was made before our clock was set back: it hides nothing that is reported now. */
function isOutdated(record: SignalRecord, old: SignalRecord, now: Instant): boolean {
  return record.observed_at < old.observed_at && old.observed_at <= addMs(now, CLOCK_SKEW_MS);
}

export function withVerdict(record: SignalRecord, after: Claim, confirmsAt: Instant | null): SignalRecord {
  const confirmed = after.confirmed && JSON.stringify(after.confirmed);
  return { ...record, confirmed, confidential: after.confidential ? 1 : 0, confirms_at: confirmsAt };
}

/** A clock that is ahead would make its source's next honest reports look old. */
function inTime(report: Signal, now: Instant): Signal {
  return report.observedAt > addMs(now, CLOCK_SKEW_MS) ? { ...report, observedAt: now } : report;
}

export function saidBy(record: SignalRecord): Confirmed {
  const { level, state, summary, evidence, observed_at: since } = record;
  return { level, state, summary, evidence, since, confirmedAt: since };
}

const CONTENT = ['level', 'state', 'summary', 'evidence', 'confidential', 'required', 'from_at', 'until_at'] as const;

function saysElse(old: SignalRecord, record: SignalRecord): boolean {
  return CONTENT.some((column) => old[column] !== record[column]);
}

/** The observations that the rules of a signal look at, this one last. */
async function observe(tx: Tx, record: SignalRecord, rules: Confirmation): Promise<Observation[]> {
  const observation = { observedAt: record.observed_at, level: record.level };
  const needed = observationsNeeded(rules);
  if (needed === 0) return [observation];
  await insertObservation(tx, record, observation);
  const kept = await latestObservations(tx, record, needed);
  const oldest = kept[0];
  if (kept.length === needed && oldest !== undefined) await deleteObservationsBefore(tx, record, oldest.observedAt);
  return kept;
}
