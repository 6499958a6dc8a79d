import type { LoadResult } from './load.ts';
import type { Row } from './table.ts';

/** A run beside bare Fastify that sends the same bytes. */
export function ratioRow(work: string, run: LoadResult, yardstick: LoadResult): Row {
  const others = Object.keys(run.statuses).filter((status) => status !== '200');
  const ratio = run.perSecond / yardstick.perSecond;
  return {
    work,
    figure: `${Math.round(run.perSecond)}/s, p99 ${run.p99.toFixed(1)} ms${others.length > 0 ? `, answers ${others.join(' ')}` : ''}`,
    yardstick: `bare Fastify ${Math.round(yardstick.perSecond)}/s → ${ratio.toFixed(2)}`,
    bar: '≥ 0.5 ×',
    reached: ratio >= 0.5 && others.length === 0,
  };
}
