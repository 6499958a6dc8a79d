import type { ComponentKey } from '../../../core/index.ts';
import type { Mistake } from './mistake.ts';

/** What is wrong with taking components out of an incident that goes on: all must be in it, and one must stay. */
export function movingMistakes(present: readonly ComponentKey[], leaving: readonly ComponentKey[]): Mistake[] {
  const foreign = leaving.filter((component) => !present.includes(component));
  if (foreign.length > 0) {
    return foreign.map((about) => ({ field: 'components', reason: 'component_foreign', about }));
  }
  const allGo = present.every((component) => leaving.includes(component));
  return allGo ? [{ field: 'components', reason: 'component_last' }] : [];
}
