import { addMs, type Instant, MINUTE } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { ClaimHistory } from '../domain/status-changes.ts';
import { lockComponents } from '../store/component-store.ts';
import { toClaim } from '../store/signal-record.ts';
import { componentsExpiredBy, renewalsOf, saveRenewal } from '../store/signal-store.ts';
import type { ComponentsContext } from './components-context.ts';
import { claimOf, loadSubjects, settleStatus, signalId } from './settle-status.ts';

/** Another process may be deciding this very moment that the old evidence ran out; its components are looked at again. */
const MARGIN_MS = MINUTE;

/**
 * Renews all claims of a source with one row. Only components whose evidence had run out meanwhile are touched; for
 * them the time between stays unknown.
 */
export async function renewEvidence(
  tx: Tx,
  context: ComponentsContext,
  renewal: { source: string; observedAt: Instant; expiresAt: Instant },
): Promise<void> {
  const { source } = renewal;
  const now = context.clock.now();
  const observedAt = renewal.observedAt < now ? renewal.observedAt : now;
  const old = (await renewalsOf(tx, [source])).get(source);
  await saveRenewal(tx, source, { observedAt, expiresAt: renewal.expiresAt });
  const ranOutBy = addMs(now, MARGIN_MS);
  if (old !== undefined && old.expiresAt > ranOutBy) return;
  const keys = await componentsExpiredBy(tx, source, ranOutBy);
  await lockComponents(tx, keys);
  for (const subject of (await loadSubjects(tx, keys)).values()) {
    const histories = new Map<string, ClaimHistory>();
    for (const record of subject.signals.filter((one) => one.source === source)) {
      histories.set(signalId(record), [
        { from: '', claim: toClaim(record, old) },
        { from: observedAt, claim: claimOf(subject, record) },
      ]);
    }
    await settleStatus(tx, context, subject, { histories });
  }
}
