import * as z from 'zod';
import type { Actor } from '../../../core/index.ts';
import { storeSeries } from '../store/series-store.ts';
import { changeIncidents } from './change-incidents.ts';
import { Version } from './incident-input.ts';
import { requireIncidentRole } from './incident-role.ts';
import { parseInput } from './parse-input.ts';
import { requireSeries } from './require-series.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { unfold } from './unfold-series.ts';

export const EndSeriesInput = z.strictObject({ version: Version.optional() });

/** It does not come again: what was announced of it for later and nobody touched is cancelled. */
export async function endSeries(
  context: StatusPageContext,
  actor: Actor,
  id: string,
  input: unknown,
): Promise<{ id: string; version: number }> {
  requireIncidentRole(actor, 'operator');
  const { version } = parseInput(EndSeriesInput, input);
  return await changeIncidents(context, { actor, role: 'operator', action: 'series_ended' }, async (tx) => {
    const before = await requireSeries(tx, id, version);
    const ended = { ...before, version: before.version + 1, endedAt: before.endedAt ?? context.clock.now() };
    await storeSeries(tx, ended);
    await unfold(tx, context, ended);
    return {
      result: { id, version: ended.version },
      subject: `series:${id}`,
      details: { version: ended.version },
    };
  });
}
