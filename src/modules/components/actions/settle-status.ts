import { type ComponentKey, type Instant, type Status, StatusChanged } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { expectedSignals } from '../config.ts';
import { ComponentChanged } from '../contract.ts';
import { type Claim, nextBoundary } from '../domain/claim.ts';
import { type DependencyLevel, decideStatus, type Question } from '../domain/decide-status.ts';
import { publicStatus } from '../domain/public-status.ts';
import { type ClaimHistory, questionAt, type Situation, statusChanges } from '../domain/status-changes.ts';
import { dependenciesOf } from '../store/component-store.ts';
import type { SignalRecord, TransitionRecord } from '../store/schema.ts';
import { type Renewal, toClaim } from '../store/signal-record.ts';
import { renewalsOf, signalsOf } from '../store/signal-store.ts';
import { type Decided, decidedOf, insertTransitions, saveStatus } from '../store/status-store.ts';
import type { ComponentsContext } from './components-context.ts';

/** One component with everything its status follows from. */
export interface Subject extends Decided {
  signals: SignalRecord[];
  renewals: Map<string, Renewal>;
  dependencies: DependencyLevel[];
}

/** Load only what the transaction has locked. `sources` are those about to speak, besides those that did already. */
export async function loadSubjects(
  tx: Tx,
  keys: readonly ComponentKey[],
  sources: readonly string[] = [],
): Promise<Map<ComponentKey, Subject>> {
  // Sent together: on SQLite each would wait for the way to the writer and back.
  const [decided, { signals, renewals }, dependencies] = await Promise.all([
    decidedOf(tx, keys),
    signalsOf(tx, keys),
    dependenciesOf(tx, keys),
  ]);
  const spoken = new Set([...signals.values()].flat().map(({ source }) => source));
  const others = sources.filter((source) => !spoken.has(source));
  if (others.length > 0) for (const [source, renewal] of await renewalsOf(tx, others)) renewals.set(source, renewal);
  return new Map(
    [...decided].map(([key, one]) => [
      key,
      { ...one, signals: signals.get(key) ?? [], renewals, dependencies: dependencies.get(key) ?? [] },
    ]),
  );
}

export function claimOf(subject: Subject, record: SignalRecord): Claim {
  return toClaim(record, subject.renewals.get(record.source));
}

export interface Change {
  /** By signal; a claim that is not named did not change. */
  histories: ReadonlyMap<string, ClaimHistory>;
  moments?: readonly Instant[];
}

export function signalId({ source, name }: { source: string; name: string }): string {
  return JSON.stringify([source, name]);
}

/** Decides what follows from a change, records it and tells the others: all in the caller's transaction. */
export async function settleStatus(
  tx: Tx,
  context: ComponentsContext,
  subject: Subject,
  change: Change,
): Promise<void> {
  const now = context.clock.now();
  const { component, status: old } = subject;
  const situation: Situation = {
    level: old.level,
    since: old.seq === 0 ? null : old.since,
    decidedAt: old.decided_at < now ? old.decided_at : now,
    claims: subject.signals
      .filter((record) => !change.histories.has(signalId(record)))
      .map((record) => claimOf(subject, record)),
    changed: [...change.histories.values()],
    dependencies: subject.dependencies,
    expected: expectedSignals(context.config(), component.key),
    ...(change.moments ? { moments: change.moments } : {}),
    now,
  };
  const { changes, status } = statusChanges(situation);
  let from = old.level;
  const rows: TransitionRecord[] = [];
  for (const { since, status: decided, everybody } of changes) {
    const seq = old.seq + rows.length + 1;
    rows.push({
      component: component.key,
      seq,
      from_level: from,
      to_level: decided.level,
      since,
      recorded_at: now,
      why: JSON.stringify({ members: decided.why, ...(everybody === decided ? {} : { everybody: everybody.why }) }),
    });
    const { name, visibility } = component;
    const payload = { key: component.key, name, visibility, from, to: decided.level, state: everybody.state, since };
    await context.journal.publish(tx, StatusChanged, { key: component.key, payload });
    from = decided.level;
  }
  insertTransitions(tx, rows);
  for (const row of rows) tx.afterCommit(() => context.metrics.transition(row.to_level));
  if (rows.length === 0) await tellVisibleChange(tx, context, subject, { situation, status });
  await saveDecision(tx, { subject, rows, now, nextAt: nextLook(situation, subject) });
}

/** A changed sentence under the same light is shown at once too; what only members may see is told to members only. */
async function tellVisibleChange(
  tx: Tx,
  context: ComponentsContext,
  { component }: Subject,
  { situation, status }: { situation: Situation; status: Status },
): Promise<void> {
  if (situation.changed.length === 0) return;
  const unchanged = situation.changed.map((history) => history.slice(0, 1));
  const before = questionAt({ ...situation, changed: unchanged }, situation.now);
  const after = questionAt(situation, situation.now);
  const forAll = publicAppearance(before) !== publicAppearance(after);
  if (!forAll && appearance(decideStatus(before)) === appearance(status)) return;
  const visibility = forAll ? component.visibility : 'members';
  await context.journal.publish(tx, ComponentChanged, {
    key: component.key,
    payload: { key: component.key, visibility },
  });
}

function publicAppearance(question: Question): string {
  return appearance(publicStatus(question, decideStatus(question), ''));
}

/** A status without the times that go on by themselves. */
function appearance(status: Status): string {
  const signals = status.why.signals.map(({ observedAt: _observed, expiresAt: _expires, ...rest }) => rest);
  const lastKnown = status.lastKnown && { ...status.lastKnown, observedAt: null };
  return JSON.stringify({ ...status, lastKnown, why: { ...status.why, signals } });
}

function nextLook(situation: Situation, { signals }: Subject): Instant | null {
  const claims = [...situation.claims, ...situation.changed.map((history) => history.at(-1)?.claim ?? null)];
  const boundary = nextBoundary(
    claims.filter((claim) => claim !== null),
    situation.now,
  );
  return [boundary, ...signals.map(({ confirms_at: at }) => at)].filter((moment) => moment !== null).sort()[0] ?? null;
}

async function saveDecision(
  tx: Tx,
  { subject, rows, now, nextAt }: { subject: Subject; rows: TransitionRecord[]; now: Instant; nextAt: Instant | null },
): Promise<void> {
  const { status: old } = subject;
  const last = rows.at(-1);
  // Looking earlier than needed costs a look; writing at every renewal would cost a row each.
  const soonEnough =
    old.next_at === nextAt || (old.next_at !== null && old.next_at > now && nextAt !== null && old.next_at <= nextAt);
  if (last === undefined && soonEnough) return;
  const level = last?.to_level ?? old.level;
  subject.status = {
    ...old,
    level,
    since: last?.since ?? old.since,
    seq: last?.seq ?? old.seq,
    decided_at: now,
    next_at: nextAt,
  };
  saveStatus(tx, subject.status);
}
