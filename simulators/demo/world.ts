import { DAY, HOUR, type Instant, MINUTE, toInstant, toMs } from '../../src/core/index.ts';
import type { GitlabWorld, Issue, Project, Token, User } from '../gitlab/index.ts';
import {
  DEVICE_GROUPS,
  DEVICE_PREFIX,
  DEVICES,
  type DeviceState,
  PAST_TROUBLES,
  PEOPLE,
  type Person,
  SPECIAL_LABELS,
  STANDING_ISSUES,
  type StandingIssue,
  type Username,
} from './facility.data.ts';
import { type Random, seededRandom } from './random.ts';

export const DEMO_PROJECT = { id: 301, path: 'lab/instrument-desk', name: 'Instrument Desk' } as const;
export const HISTORY_DAYS = 90;

/** One stretch of time in which a device was in one state because of one issue. A device's stretches never overlap. */
export interface PastState {
  /** Name without the label's prefix. */
  device: string;
  state: Exclude<DeviceState, 'RUNNING'>;
  from: Instant;
  until: Instant;
  title: string;
  iid: number;
}

export interface DemoHistory {
  /** Oldest first. What is still open now is not part of it. */
  states: PastState[];
  /** Times in which Signalbox itself did not run. */
  outages: { from: Instant; until: Instant }[];
}

interface PastIssue {
  device: string;
  title: string;
  from: number;
  until: number;
  /** When LIMITED became DOWN; null: it stayed what it was. */
  worsenedAt: number | null;
  state: Exclude<DeviceState, 'RUNNING'>;
}

/** 90 days of plausible trouble, the same for the same moment and seed. */
export function demoHistory(now: Instant, seed = 1): DemoHistory {
  const states = allIssues(now, seed).flatMap((entry) => ('past' in entry ? statesOf(entry.past, entry.iid) : []));
  return { states, outages: ownOutages(now, seededRandom(seed + 1)) };
}

function statesOf(issue: PastIssue, iid: number): PastState[] {
  const { device, title, from, until, worsenedAt, state } = issue;
  const stretch = (part: { state: PastState['state']; from: number; until: number }): PastState => ({
    device,
    state: part.state,
    from: toInstant(part.from),
    until: toInstant(part.until),
    title,
    iid,
  });
  if (worsenedAt === null) return [stretch({ state, from, until })];
  return [stretch({ state: 'LIMITED', from, until: worsenedAt }), stretch({ state: 'DOWN', from: worsenedAt, until })];
}

type Entry = { iid: number; from: number } & ({ past: PastIssue } | { standing: StandingIssue });

/** Everything there ever was, in the order of its opening, which is the order of its numbers. */
function allIssues(now: Instant, seed: number): Entry[] {
  const random = seededRandom(seed);
  const past = DEVICES.flatMap((device) => pastIssuesOf(device, toMs(now), random));
  const entries = [
    ...past.map((issue) => ({ from: issue.from, past: issue })),
    ...STANDING_ISSUES.map((issue) => ({ from: toMs(now) - issue.hoursOpen * HOUR, standing: issue })),
  ];
  return entries.sort((a, b) => a.from - b.from).map((entry, index) => ({ ...entry, iid: index + 1 }));
}

function pastIssuesOf(device: string, now: number, random: Random): PastIssue[] {
  const group = DEVICE_GROUPS.find(({ devices }) => devices.includes(device))?.name ?? '';
  const issues: PastIssue[] = [];
  const last = now - standingHours(device) * HOUR - HOUR;
  let at = now - HISTORY_DAYS * DAY + random.between(1, 14) * DAY;
  while (at < last) {
    const from = atWorkingHour(at, random);
    const state = stateOfTrouble(random);
    const until = Math.min(from + lengthOf(state, random), last);
    if (until - from > 10 * MINUTE) issues.push(trouble(device, group, { state, from, until }, random));
    at = until + random.between(4, 26) * DAY;
  }
  return issues;
}

function trouble(
  device: string,
  group: string,
  span: Pick<PastIssue, 'state' | 'from' | 'until'>,
  random: Random,
): PastIssue {
  const worsens = span.state === 'DOWN' && random.next() < 0.35;
  const title = random.pick(PAST_TROUBLES[group]?.[span.state] ?? ['Out of order']);
  const share = 0.1 + 0.4 * random.next();
  const worsenedAt = worsens ? Math.floor(span.from + (span.until - span.from) * share) : null;
  return { device, title, ...span, worsenedAt };
}

/** How long something has been open on the device now; history ends before it. */
function standingHours(device: string): number {
  const label = DEVICE_PREFIX + device;
  const hours = STANDING_ISSUES.filter(({ labels }) => labels.includes(label) && !labels.includes('Logbook'));
  return Math.max(0, ...hours.map(({ hoursOpen }) => hoursOpen));
}

/** People report between 7 and 19 h. */
function atWorkingHour(at: number, random: Random): number {
  const midnight = Math.floor(at / DAY) * DAY;
  return midnight + random.between(7 * 60, 19 * 60) * MINUTE + random.between(0, 59) * 1000;
}

function stateOfTrouble(random: Random): PastIssue['state'] {
  const chance = random.next();
  if (chance < 0.3) return 'RUNNING | INFO';
  return chance < 0.75 ? 'LIMITED' : 'DOWN';
}

const HOURS_OF = {
  'RUNNING | INFO': { low: 6, high: 96 },
  LIMITED: { low: 1, high: 60 },
  DOWN: { low: 0.4, high: 40 },
} as const;

function lengthOf(state: PastIssue['state'], random: Random): number {
  const { low, high } = HOURS_OF[state];
  const share = random.next() ** 2.2;
  return Math.floor((low + (high - low) * share) * 60) * MINUTE;
}

function ownOutages(now: Instant, random: Random): DemoHistory['outages'] {
  const midnight = Math.floor(toMs(now) / DAY) * DAY;
  return [
    { daysAgo: 61, at: 2 * HOUR + random.between(0, 50) * MINUTE, length: random.between(130, 200) * MINUTE },
    { daysAgo: 17, at: 14 * HOUR + random.between(0, 30) * MINUTE, length: random.between(25, 45) * MINUTE },
  ].map(({ daysAgo, at, length }) => {
    const from = midnight - daysAgo * DAY + at;
    return { from: toInstant(from), until: toInstant(from + length) };
  });
}

/** An issue that holds a state, and how it should be. */
export interface Standing {
  issue: Issue;
  labels: readonly string[];
  confidential: boolean;
}

export interface DemoWorld {
  project: Project;
  /** The token the demo works with. */
  token: Token;
  /** The issues the demo begins with. */
  standing: readonly Standing[];
}

/** Fills an empty GitLab with the demo's lab, its past and what is open now. */
export function seedDemoWorld(world: GitlabWorld, options: { seed?: number; tokenSecret?: string } = {}): DemoWorld {
  const now = world.now();
  const began = toInstant(toMs(now) - 400 * DAY);
  for (const person of PEOPLE) world.addUser(person);
  world.addGroup({ path: 'lab', name: 'Lab', id: 31 });
  const description = 'Logbook of the electron microscopy facility: one label per device, one issue per trouble.';
  const project = world.addProject({ ...DEMO_PROJECT, description, visibility: 'public', createdAt: began });
  for (const label of SPECIAL_LABELS) world.addLabel(project, { ...label, createdAt: began });
  for (const { devices, color, name } of DEVICE_GROUPS) {
    for (const device of devices) {
      world.addLabel(project, { title: DEVICE_PREFIX + device, color, description: name, createdAt: began });
    }
  }
  const token = world.addToken({
    name: 'signalbox',
    role: 'maintainer',
    scopes: ['api'],
    projects: [project],
    ...(options.tokenSecret !== undefined && { secret: options.tokenSecret }),
  });
  const random = seededRandom((options.seed ?? 1) + 2);
  const standing: Standing[] = [];
  for (const entry of allIssues(now, options.seed ?? 1)) {
    if ('past' in entry) addPast(world, project, entry, random.pick(PEOPLE));
    else standing.push(addStanding(world, project, entry));
  }
  return { project, token, standing };
}

function addPast(world: GitlabWorld, project: Project, entry: { iid: number; past: PastIssue }, by: Person): void {
  const { device, title, from, until, state } = entry.past;
  const special = { 'RUNNING | INFO': ['Information'], LIMITED: [], DOWN: ['CRITICAL'] }[state];
  world.openIssue(project, {
    iid: entry.iid,
    title,
    labels: [DEVICE_PREFIX + device, ...special],
    author: userOf(world, by.username),
    createdAt: toInstant(from),
    closedAt: toInstant(until),
  });
}

function addStanding(world: GitlabWorld, project: Project, entry: { iid: number; standing: StandingIssue }): Standing {
  const { title, description, labels, confidential, author, hoursOpen, comments } = entry.standing;
  const hoursAgo = (hours: number) => toInstant(world.nowMs() - hours * HOUR);
  const issue = world.openIssue(project, {
    iid: entry.iid,
    title,
    description,
    labels,
    confidential,
    author: userOf(world, author),
    createdAt: hoursAgo(hoursOpen),
  });
  for (const comment of comments) {
    world.commentInThePast(issue, comment.body, userOf(world, comment.author), hoursAgo(comment.hoursAgo));
  }
  return { issue, labels, confidential };
}

/** One of the lab's people. */
export function userOf(world: GitlabWorld, username: Username): User {
  return world.users.find((user) => user.username === username) ?? world.defaultUser();
}

/** What the rules of the facility make of the open issues: each device's state. */
export function deviceStates(issues: readonly Issue[]): Map<string, DeviceState> {
  const order: readonly DeviceState[] = ['RUNNING', 'RUNNING | INFO', 'LIMITED', 'DOWN'];
  const states = new Map<string, DeviceState>(DEVICES.map((device) => [device, 'RUNNING']));
  for (const issue of issues) {
    const titles = issue.labels.map(({ title }) => title);
    if (issue.state === 'closed' || titles.includes('Logbook')) continue;
    const state = titles.includes('CRITICAL') ? 'DOWN' : titles.includes('Information') ? 'RUNNING | INFO' : 'LIMITED';
    for (const title of titles.filter((text) => text.startsWith(DEVICE_PREFIX))) {
      const device = title.slice(DEVICE_PREFIX.length);
      const before = states.get(device) ?? 'RUNNING';
      if (order.indexOf(state) > order.indexOf(before)) states.set(device, state);
    }
  }
  return states;
}
