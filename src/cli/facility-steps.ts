import type { ConnectionPlan } from '../modules/facility/index.ts';

/** One write to GitLab in words. */
export function stepLine(step: ConnectionPlan['badges'][number]): string {
  if (step.do === 'create') return `create badge ${step.content.name}`;
  if (step.do === 'update') return `change badge ${step.id} to ${step.content.name}`;
  return `delete badge ${step.id} (${step.before.name ?? 'without a name'})`;
}
