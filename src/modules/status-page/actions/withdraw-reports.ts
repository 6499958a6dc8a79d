import { type ComponentKey, SignalWithdrawn } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { deleteReports } from '../store/report-store.ts';
import { MONITOR } from './apply-reports.ts';
import type { StatusPageContext } from './status-page-context.ts';

/**
 * Takes back what monitors reported of these components, in the transaction in which a person closes their incident:
 * monitors never say that something is well again, and their last word would keep it red.
 */
export async function withdrawReports(
  tx: Tx,
  context: Pick<StatusPageContext, 'journal'>,
  components: readonly ComponentKey[],
): Promise<void> {
  const reported = await deleteReports(tx, [...new Set(components)]);
  await Promise.all(
    reported.map((component) =>
      context.journal.publish(tx, SignalWithdrawn, { key: component, payload: { component, ...MONITOR } }),
    ),
  );
}
