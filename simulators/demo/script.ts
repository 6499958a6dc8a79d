import { SECOND } from '../../src/core/index.ts';
import type { GitlabWorld, Issue, IssueEdit, User } from '../gitlab/index.ts';
import { ASIDES, DEVICE_PREFIX, type Happening, PEOPLE, STORIES, type Story, type Username } from './facility.data.ts';
import { type Random, seededRandom } from './random.ts';
import { LOOP_MS, realTimers, type Timers } from './timers.ts';
import { type DemoWorld, type Standing, userOf } from './world.ts';

const STEPS = 60;
const MEAN_GAP = LOOP_MS / STEPS;

/** One thing that happens, so long after the loop's start. `story` says whose issue; null: a standing one. */
export interface ScriptStep {
  atMs: number;
  story: number | null;
  happening: Happening;
  author: Username;
}

interface Telling {
  story: number;
  rest: Happening[];
  devices: readonly string[];
}

/**
 * Thirty minutes with a step every 20 to 40 s, the same for the same seed. Every story told is told to its end, so
 * the loop ends where it began, and no story touches a device that holds a state for the board.
 */
export function demoScript(seed = 1): ScriptStep[] {
  const random = seededRandom(seed);
  const waiting = random.shuffle(STORIES.map((story, index) => ({ story, index })));
  const telling: Telling[] = [];
  return moments(random).map((atMs, step) => {
    const left = STEPS - step;
    const fresh = nextStory(waiting, telling, left, random);
    if (fresh !== null) telling.push(fresh);
    const told = fresh ?? telling[random.between(0, telling.length - 1)] ?? null;
    const author = random.pick(PEOPLE).username;
    const happening = told?.rest.shift();
    if (told === null || happening === undefined) {
      return { atMs, story: null, happening: { does: 'comment', body: random.pick(ASIDES) }, author };
    }
    if (told.rest.length === 0) telling.splice(telling.indexOf(told), 1);
    return { atMs, story: told.story, happening, author };
  });
}

/** Gaps of 20 to 40 s that add up to the loop: for each longer one there is one as much shorter. */
function moments(random: Random): number[] {
  const halves = Array.from({ length: STEPS / 2 }, () => random.between(0, 10 * SECOND));
  const gaps = random.shuffle(halves.flatMap((more) => [MEAN_GAP + more, MEAN_GAP - more]));
  let at = 0;
  return gaps.map((gap) => (at += gap));
}

/** A story is begun only when all that has been begun can still be told to its end. */
function nextStory(
  waiting: { story: Story; index: number }[],
  telling: readonly Telling[],
  left: number,
  random: Random,
): Telling | null {
  if (telling.length >= 4 || (telling.length >= 2 && random.next() < 0.6)) return null;
  const owed = telling.reduce((sum, { rest }) => sum + rest.length, 0);
  const busy = new Set(telling.flatMap(({ devices }) => devices));
  const place = waiting.findIndex(
    ({ story }) => owed + story.length <= left && !devicesOf(story).some((device) => busy.has(device)),
  );
  const [chosen] = place < 0 ? [] : waiting.splice(place, 1);
  return chosen === undefined
    ? null
    : { story: chosen.index, rest: [...chosen.story], devices: devicesOf(chosen.story) };
}

function devicesOf(story: Story): readonly string[] {
  return story.flatMap((happening) => (happening.does === 'open' ? happening.devices : []));
}

/** Plays the script over and over until stopped. Steps on an issue that a visitor has closed are left out. */
export function runDemoScript(
  world: GitlabWorld,
  demo: DemoWorld,
  script: readonly ScriptStep[],
  timers: Timers = realTimers,
): { stop(): void } {
  let timer: unknown;
  const issues = new Map<number, Issue>();
  const startAt = world.nowMs();
  const schedule = (loop: number, index: number) => {
    const step = script[index];
    if (step === undefined) return;
    const due = startAt + loop * LOOP_MS + step.atMs;
    timer = timers.setTimeout(
      () => {
        playStep(world, demo, issues, step);
        const last = index === script.length - 1;
        if (last) restore(world, demo.standing);
        schedule(last ? loop + 1 : loop, last ? 0 : index + 1);
      },
      Math.max(0, due - world.nowMs()),
    );
  };
  schedule(0, 0);
  return { stop: () => timers.clearTimeout(timer) };
}

function playStep(world: GitlabWorld, demo: DemoWorld, issues: Map<number, Issue>, step: ScriptStep): void {
  const author = userOf(world, step.author);
  const { story, happening } = step;
  if (story === null) {
    const open = demo.standing.map(({ issue }) => issue).filter(({ state }) => state === 'opened');
    const issue = open[step.atMs % Math.max(1, open.length)];
    if (issue !== undefined && happening.does === 'comment') world.comment(issue, happening.body, author);
    return;
  }
  if (happening.does === 'open') {
    const { title, devices, labels, confidential } = happening;
    const own = [...devices.map((device) => DEVICE_PREFIX + device), ...labels];
    issues.set(story, world.openIssue(demo.project, { title, labels: own, confidential, author }));
    return;
  }
  const issue = issues.get(story);
  if (issue?.state === 'opened') happen(world, issue, happening, author);
}

function happen(world: GitlabWorld, issue: Issue, happening: Exclude<Happening, { does: 'open' }>, author: User): void {
  if (happening.does === 'comment') world.comment(issue, happening.body, author);
  else world.editIssue(issue, editFor(happening), author);
}

function editFor(happening: Exclude<Happening, { does: 'open' | 'comment' }>): IssueEdit {
  if (happening.does === 'close') return { stateEvent: 'close' };
  if (happening.does === 'confidential') return { confidential: happening.value };
  return { addLabels: happening.add, removeLabels: happening.remove };
}

/** Puts back what visitors did to the issues that hold the states. */
function restore(world: GitlabWorld, standing: readonly Standing[]): void {
  for (const { issue, labels, confidential } of standing) {
    world.editIssue(issue, {
      labels,
      confidential,
      ...(issue.state === 'closed' && { stateEvent: 'reopen' as const }),
    });
  }
}
