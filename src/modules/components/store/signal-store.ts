import type { ComponentKey, Instant } from '../../../core/index.ts';
import { type Queries, statement, type Tx } from '../../../platform/database/index.ts';
import type { Observation } from '../domain/confirmation.ts';
import { inChunks } from './component-store.ts';
import { type ComponentsTables, componentsTables, type SignalRecord } from './schema.ts';
import type { Renewal } from './signal-record.ts';

export interface SignalId {
  component: ComponentKey;
  source: string;
  name: string;
}

export interface SignalsRead {
  signals: Map<ComponentKey, SignalRecord[]>;
  /** Of the sources of these signals. */
  renewals: Map<string, Renewal>;
}

export async function signalsOf(q: Queries, keys: readonly ComponentKey[]): Promise<SignalsRead> {
  const signals = new Map<ComponentKey, SignalRecord[]>();
  const renewals = new Map<string, Renewal>();
  for (const chunk of inChunks(keys)) {
    const rows = await q
      .for<ComponentsTables>()
      .selectFrom('components_signal')
      .leftJoin('components_evidence', 'components_evidence.source', 'components_signal.source')
      .selectAll('components_signal')
      .select(['components_evidence.observed_at as renewed_at', 'components_evidence.expires_at as renewed_until'])
      .where('component', 'in', chunk)
      .execute();
    for (const { renewed_at: observedAt, renewed_until: expiresAt, ...record } of rows) {
      if (observedAt !== null && expiresAt !== null) renewals.set(record.source, { observedAt, expiresAt });
      const list = signals.get(record.component);
      if (list) list.push(record);
      else signals.set(record.component, [record]);
    }
  }
  return { signals, renewals };
}

export async function renewalsOf(q: Queries, sources: Iterable<string>): Promise<Map<string, Renewal>> {
  const found = new Map<string, Renewal>();
  for (const chunk of inChunks([...new Set(sources)])) {
    const rows = await q
      .for<ComponentsTables>()
      .selectFrom('components_evidence')
      .selectAll()
      .where('source', 'in', chunk)
      .execute();
    for (const row of rows) found.set(row.source, { observedAt: row.observed_at, expiresAt: row.expires_at });
  }
  return found;
}

/** Keeps the newer of what is known and what comes. */
export async function saveRenewal(tx: Tx, source: string, renewal: Renewal): Promise<void> {
  const row = { source, observed_at: renewal.observedAt, expires_at: renewal.expiresAt };
  await tx
    .for<ComponentsTables>()
    .insertInto('components_evidence')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('source')
        .doUpdateSet({ observed_at: row.observed_at, expires_at: row.expires_at })
        .where('components_evidence.observed_at', '<', row.observed_at),
    )
    .execute();
}

/** Components that hold a claim of this source whose own life ended at or before `moment`. */
export async function componentsExpiredBy(q: Queries, source: string, moment: Instant): Promise<ComponentKey[]> {
  const rows = await q
    .for<ComponentsTables>()
    .selectFrom('components_signal')
    .select('component')
    .distinct()
    .where('source', '=', source)
    .where('expires_at', '<=', moment)
    .execute();
  return rows.map(({ component }) => component);
}

const SIGNAL = Object.keys(componentsTables.components_signal) as (keyof SignalRecord)[];

const saving = statement(SIGNAL, (q, record: SignalRecord) => {
  const { component: _component, source: _source, name: _name, ...rest } = record;
  return q
    .for<ComponentsTables>()
    .insertInto('components_signal')
    .values(record)
    .onConflict((conflict) => conflict.columns(['component', 'source', 'name']).doUpdateSet(rest));
});

export function saveSignals(tx: Tx, records: readonly SignalRecord[]): void {
  for (const record of records) tx.send(saving(tx, record));
}

const deletions = (['components_signal', 'components_observation'] as const).map((table) =>
  statement(['component', 'source', 'name'], (q, { component, source, name }: SignalId) =>
    q
      .for<ComponentsTables>()
      .deleteFrom(table)
      .where('component', '=', component)
      .where('source', '=', source)
      .where('name', '=', name),
  ),
);

export function deleteSignal(tx: Tx, { component, source, name }: SignalId): void {
  for (const deletion of deletions) tx.send(deletion(tx, { component, source, name }));
}

/** The newest `limit` observations of one signal, oldest first. */
export async function latestObservations(q: Queries, id: SignalId, limit: number): Promise<Observation[]> {
  const rows = await q
    .for<ComponentsTables>()
    .selectFrom('components_observation')
    .select(['observed_at', 'level'])
    .where('component', '=', id.component)
    .where('source', '=', id.source)
    .where('name', '=', id.name)
    .orderBy('observed_at', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse().map(({ observed_at: observedAt, level }) => ({ observedAt, level }));
}

export async function insertObservation(tx: Tx, id: SignalId, { observedAt, level }: Observation): Promise<void> {
  await tx
    .for<ComponentsTables>()
    .insertInto('components_observation')
    .values({ component: id.component, source: id.source, name: id.name, observed_at: observedAt, level })
    .onConflict((conflict) => conflict.columns(['component', 'source', 'name', 'observed_at']).doUpdateSet({ level }))
    .execute();
}

/** Forgets what no rule looks at any more. */
export async function deleteObservationsBefore(tx: Tx, id: SignalId, moment: Instant): Promise<void> {
  await tx
    .for<ComponentsTables>()
    .deleteFrom('components_observation')
    .where('component', '=', id.component)
    .where('source', '=', id.source)
    .where('name', '=', id.name)
    .where('observed_at', '<', moment)
    .execute();
}

export async function pruneObservations(tx: Tx, before: Instant): Promise<void> {
  await tx.for<ComponentsTables>().deleteFrom('components_observation').where('observed_at', '<', before).execute();
}
