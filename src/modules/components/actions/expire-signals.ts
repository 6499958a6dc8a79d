import type { ComponentKey } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { confirmationFor } from '../config.ts';
import { observationsNeeded } from '../domain/confirmation.ts';
import { confirmByTime } from '../domain/report-claim.ts';
import type { ClaimHistory } from '../domain/status-changes.ts';
import { lockComponents } from '../store/component-store.ts';
import type { SignalRecord } from '../store/schema.ts';
import { latestObservations, saveSignals } from '../store/signal-store.ts';
import { dueComponents } from '../store/status-store.ts';
import type { ComponentsContext } from './components-context.ts';
import { saidBy, withVerdict } from './record-signals.ts';
import { claimOf, loadSubjects, type Subject, settleStatus, signalId } from './settle-status.ts';

const MOST_AT_ONCE = 200;

/**
 * Decides again wherever time alone changed something: evidence ran out, a maintenance began or ended, an observation
 * lasted long enough. machine-driven: only the job `components.expire` and the start call it.
 */
export async function expireSignals(context: ComponentsContext): Promise<number> {
  let looked = 0;
  for (;;) {
    const due = await dueComponents(context.db, context.clock.now(), MOST_AT_ONCE);
    if (due.length === 0) return looked;
    await context.db.write((tx) => lookAgain(tx, context, due));
    looked += due.length;
    if (due.length < MOST_AT_ONCE) return looked;
  }
}

async function lookAgain(tx: Tx, context: ComponentsContext, keys: readonly ComponentKey[]): Promise<void> {
  await lockComponents(tx, keys);
  for (const subject of (await loadSubjects(tx, keys)).values()) {
    const histories = new Map<string, ClaimHistory>();
    const records: SignalRecord[] = [];
    for (const record of subject.signals) {
      const confirmed = await confirmDue(tx, context, subject, record);
      records.push(confirmed?.record ?? record);
      if (confirmed === null) continue;
      if (confirmed.history) histories.set(signalId(record), confirmed.history);
      saveSignals(tx, [confirmed.record]);
    }
    subject.signals = records;
    await settleStatus(tx, context, subject, { histories });
  }
}

async function confirmDue(
  tx: Tx,
  context: ComponentsContext,
  subject: Subject,
  record: SignalRecord,
): Promise<{ record: SignalRecord; history: ClaimHistory | null } | null> {
  const now = context.clock.now();
  if (record.confirms_at === null || record.confirms_at > now) return null;
  const rules = confirmationFor(context.config(), record.component, record.name);
  const before = claimOf(subject, record);
  const kept = await latestObservations(tx, record, Math.max(1, observationsNeeded(rules)));
  const observations = kept.length > 0 ? kept : [{ observedAt: record.observed_at, level: record.level }];
  const found = confirmByTime({ before, reported: { ...before, confirmed: saidBy(record) }, observations, rules, now });
  if (found === null) return { record: { ...record, confirms_at: null }, history: null };
  return { record: withVerdict(record, found.after, found.confirmsAt), history: found.history };
}
