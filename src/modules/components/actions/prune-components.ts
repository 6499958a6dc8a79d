import { addMs, DAY } from '../../../core/index.ts';
import { pruneRequests } from '../store/request-store.ts';
import { pruneObservations } from '../store/signal-store.ts';
import type { ComponentsContext } from './components-context.ts';

const OBSERVATIONS_KEPT_MS = 30 * DAY;
const REQUESTS_KEPT_MS = DAY;

/** Forgets what no rule and no repeated request can ask for any more. machine-driven: only the job `components.prune` calls it. */
export async function pruneComponents(context: ComponentsContext): Promise<void> {
  const now = context.clock.now();
  await context.db.write(async (tx) => {
    await pruneObservations(tx, addMs(now, -OBSERVATIONS_KEPT_MS));
    await pruneRequests(tx, addMs(now, -REQUESTS_KEPT_MS));
  });
}
