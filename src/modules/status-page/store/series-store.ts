import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { Made, Series } from '../domain/series.ts';
import { updatesOf } from './incident-read.ts';
import type { StatusPageTables } from './schema.ts';
import { fromSeries } from './series-record.ts';

export async function storeSeries(tx: Tx, series: Series): Promise<void> {
  const record = fromSeries(series);
  const { id: _id, ...rest } = record;
  await tx
    .for<StatusPageTables>()
    .insertInto('status_page_series')
    .values(record)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
    .execute();
}

/** What was made of a series and is not over; `by`: whose rows alone leave one untouched. */
export async function madeOf(q: Queries, series: string, by: string): Promise<Made[]> {
  const records = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_incident')
    .select(['id', 'series_date', 'start_at', 'end_at', 'status'])
    .where('series', '=', series)
    .where('status', '!=', 'completed')
    .orderBy('start_at')
    .execute();
  const ids = records.map(({ id }) => id);
  const touched = new Set(
    (await updatesOf(q, ids)).filter(({ createdBy }) => createdBy !== by).map(({ incident }) => incident),
  );
  return records.map(({ id, series_date, start_at, end_at, status }) => ({
    id,
    date: series_date ?? '',
    start: start_at,
    end: end_at,
    status,
    isUntouched: !touched.has(id),
  }));
}
