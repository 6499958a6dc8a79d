import type { Queries } from '../../../platform/database/index.ts';
import type { Series } from '../domain/series.ts';
import type { StatusPageTables } from './schema.ts';
import { toSeries } from './series-record.ts';

export type { Series } from '../domain/series.ts';

/** Those that go on first, then those that ended; by title. */
export async function readSeries(q: Queries): Promise<Series[]> {
  const records = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_series')
    .selectAll()
    .orderBy('title')
    .orderBy('id')
    .execute();
  const all = records.map(toSeries);
  return [...all.filter(({ endedAt }) => endedAt === null), ...all.filter(({ endedAt }) => endedAt !== null)];
}

export async function findSeries(q: Queries, id: string): Promise<Series | null> {
  const record = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_series')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return record === undefined ? null : toSeries(record);
}
