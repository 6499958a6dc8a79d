import { MINUTE } from '../../../src/core/index.ts';
import { LIFE_MAINTENANCES, LIFE_STORIES, type LifeMaintenance, type LifeStory } from './life.data.ts';
import type { Said } from './story.ts';

/** One thing that happens on the status page, so long after the loop's start. */
export type LifeStep = { atMs: number } & (
  | { does: 'report'; story: LifeStory }
  | { does: 'update'; story: LifeStory; said: Said }
  | { does: 'announce'; maintenance: LifeMaintenance }
  /** Monitors repeat themselves as long as the trouble lasts. */
  | { does: 'repeat' }
  | { does: 'restore' }
);

const FIRST = 1.25;
const SECOND_STORY = 15.75;
const ANNOUNCED = 13.75;
const REPEATS = [0.5, 10.5, 20.5];
const RESTORE = 29.75;

/** It starts so long after it was announced, and lasts so long: both are told by the clock. */
export const LEAD_MS = 3 * MINUTE;
export const WORK_MS = 7 * MINUTE;

/**
 * The half hour of a loop: two incidents one after the other and a maintenance between them. Each loop tells the next
 * ones in turn; all are over at its end.
 */
export function lifeScript(loop: number): LifeStep[] {
  const storyAt = (index: number) => LIFE_STORIES[index % LIFE_STORIES.length] as LifeStory;
  const maintenance = LIFE_MAINTENANCES[loop % LIFE_MAINTENANCES.length] as LifeMaintenance;
  const steps: LifeStep[] = [
    ...storySteps(storyAt(2 * loop), FIRST),
    ...storySteps(storyAt(2 * loop + 1), SECOND_STORY),
    { atMs: ANNOUNCED * MINUTE, does: 'announce', maintenance },
    ...REPEATS.map((minutes): LifeStep => ({ atMs: minutes * MINUTE, does: 'repeat' })),
    { atMs: RESTORE * MINUTE, does: 'restore' },
  ];
  return steps.sort((a, b) => a.atMs - b.atMs);
}

function storySteps(story: LifeStory, from: number): LifeStep[] {
  return [
    { atMs: from * MINUTE, does: 'report', story },
    ...story.said.map((said): LifeStep => ({ atMs: (from + said[0]) * MINUTE, does: 'update', story, said })),
  ];
}
