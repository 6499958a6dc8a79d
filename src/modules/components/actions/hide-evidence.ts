import type { Why, WhySignal } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { ComponentChanged } from '../contract.ts';
import { confidentialReport } from '../domain/public-status.ts';
import { saveWhy, transitionsResting } from '../store/status-store.ts';
import type { ComponentsContext } from './components-context.ts';

/** Takes the words of what is confidential now out of the history: level and since stay (contracts §8). */
export async function hideEvidence(
  tx: Tx,
  context: ComponentsContext,
  hidden: { source: string; evidence: string },
): Promise<void> {
  const told = await transitionsResting(tx, hidden);
  for (const { component, seq, since, why } of told) {
    const { members, everybody = members } = JSON.parse(why) as { members: Why; everybody?: Why };
    const rests = (signal: WhySignal) => signal.evidence === hidden.evidence;
    await saveWhy(tx, {
      component,
      seq,
      why: JSON.stringify({
        members: change(members, rests, wordless),
        everybody: change(everybody, rests, (signal) => confidentialReport(signal.level, since)),
      }),
    });
  }
  for (const [key, visibility] of new Map(told.map((one) => [one.component, one.visibility]))) {
    await context.journal.publish(tx, ComponentChanged, { key, payload: { key, visibility } });
  }
}

function change(why: Why, rests: (signal: WhySignal) => boolean, to: (signal: WhySignal) => WhySignal): Why {
  return { ...why, signals: why.signals.map((signal) => (rests(signal) ? to(signal) : signal)) };
}

function wordless(signal: WhySignal): WhySignal {
  return { ...signal, state: null, summary: null, evidence: null, confidential: true };
}
