import type { ComponentKey } from '../../../core/index.ts';
import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { DeviceKeys } from '../domain/device-roster.ts';
import type { FacilityTables } from './schema.ts';

export type DeviceRow = FacilityTables['facility_device'];
export type StateChangeRow = FacilityTables['facility_state_change'];

/** The devices of a project in their order; those whose label is gone only when asked for. */
export async function listDevices(
  q: Queries,
  source: string,
  options: { withdrawn?: boolean; labels?: readonly string[] | undefined } = {},
): Promise<DeviceRow[]> {
  let query = q.for<FacilityTables>().selectFrom('facility_device').selectAll().where('source', '=', source);
  if (options.labels !== undefined) query = query.where('label', 'in', options.labels);
  const rows = options.withdrawn === true ? query : query.where('withdrawn_at', 'is', null);
  return rows.orderBy('position').orderBy('key').execute();
}

/** Keys of all devices ever seen; a key never changes hands. */
export async function takenKeys(q: Queries): Promise<Set<ComponentKey>> {
  const rows = await q.for<FacilityTables>().selectFrom('facility_device').select('key').execute();
  return new Set(rows.map((row) => row.key));
}

/** What decides the keys of a project's devices. */
export async function deviceKeys(q: Queries, source: string): Promise<DeviceKeys> {
  const known = await listDevices(q, source, { withdrawn: true });
  return { known: new Map(known.map((row) => [row.label_id, row.key])), taken: await takenKeys(q) };
}

export async function insertDevice(tx: Tx, row: DeviceRow): Promise<void> {
  await tx.for<FacilityTables>().insertInto('facility_device').values(row).execute();
}

export function changeDevice(tx: Tx, key: ComponentKey, change: Partial<Omit<DeviceRow, 'key'>>): void {
  tx.send(tx.for<FacilityTables>().updateTable('facility_device').set(change).where('key', '=', key));
}

export function insertStateChange(tx: Tx, row: StateChangeRow): void {
  tx.send(tx.for<FacilityTables>().insertInto('facility_state_change').values(row));
}

/** Forgets which issue it was, when that has become confidential. */
export async function scrubIssue(tx: Tx, source: string, issueId: number): Promise<string[]> {
  const told = await tx
    .for<FacilityTables>()
    .selectFrom('facility_state_change')
    .select('issue_url')
    .distinct()
    .where('source', '=', source)
    .where('issue_id', '=', issueId)
    .where('issue_url', 'is not', null)
    .execute();
  await tx
    .for<FacilityTables>()
    .updateTable('facility_state_change')
    .set({ iid: null, issue_url: null, confidential: 1 })
    .where('source', '=', source)
    .where('issue_id', '=', issueId)
    .execute();
  return told.flatMap(({ issue_url }) => issue_url ?? []);
}
