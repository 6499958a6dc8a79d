import { AppError } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { Series } from '../domain/series.ts';
import { findSeries } from '../store/series-read.ts';
import { Obstacle } from './obstacle.ts';

/** The series to change, if nobody else was first. */
export async function requireSeries(tx: Tx, id: string, version: number | undefined): Promise<Series> {
  const series = await findSeries(tx, id);
  if (series === null) throw new AppError('not_found', `There is no series ${id.slice(0, 100)}.`);
  if (version === undefined || version === series.version) return series;
  throw new Obstacle(
    'conflict',
    'series_outdated',
    `The series was changed since you opened it (it is at version ${series.version} now). Look at it, then send yours again.`,
  );
}
