import { addMs, DAY, HOUR, type Instant, MINUTE, SECOND, toInstant, toMs } from '../../../src/core/index.ts';
import { type Random, seededRandom } from '../random.ts';
import { type Region, serviceKey } from './catalogue.data.ts';
import { INFRASTRUCTURE_STORIES } from './incidents.data.ts';
import { MAINTENANCE_STORIES } from './maintenances.data.ts';
import { PLATFORM_STORIES } from './platform-incidents.data.ts';
import type { IncidentStory, PastIncident, PastMaintenance } from './story.ts';

/** Whole months are twelve at the most, the oldest of them begun. */
export const YEAR_DAYS = 370;
const INCIDENTS = 45;
/** What is open now is told apart. */
const QUIET_DAYS = 3;

export interface CloudPast {
  /** Both oldest first; incidents never overlap. */
  incidents: PastIncident[];
  maintenances: PastMaintenance[];
}

/** A year of a cloud, the same for the same moment and seed. */
export function cloudPast(now: Instant, seed = 1): CloudPast {
  const random = seededRandom(seed + 3);
  return { incidents: pastIncidents(now, random), maintenances: pastMaintenances(now, random) };
}

function pastIncidents(now: Instant, random: Random): PastIncident[] {
  const stories = [...INFRASTRUCTURE_STORIES, ...PLATFORM_STORIES];
  const told = [...random.shuffle(stories), ...random.shuffle(stories)].slice(0, INCIDENTS);
  const slot = ((YEAR_DAYS - QUIET_DAYS - 1) * DAY) / told.length;
  const began = toMs(now) - (YEAR_DAYS - 1) * DAY;
  const regions = new Map<IncidentStory, Region>();
  return told.map((story, index) => {
    const region = regions.get(story) === 'North' ? 'South' : regions.has(story) ? 'North' : anyRegion(random);
    regions.set(story, region);
    const hours = random.between(0, Math.floor(slot / HOUR) - 24);
    const start = began + Math.floor(index * slot) + hours * HOUR + random.between(0, 59) * MINUTE;
    return happened(story, { start: toInstant(start + random.between(0, 59) * SECOND), region, random });
  });
}

function anyRegion(random: Random): Region {
  return random.next() < 0.5 ? 'North' : 'South';
}

function happened(
  { services, said, turns, ...story }: IncidentStory,
  { start, region, random }: { start: Instant; region: Region; random: Random },
): PastIncident {
  // The second time it is over sooner or later.
  const pace = 0.75 + 0.6 * random.next();
  const after = (minutes: number) => addMs(start, Math.round(minutes * pace * MINUTE));
  return {
    ...story,
    start,
    keys: keysOf(services, story.everywhere === true ? ['North', 'South'] : [region]),
    said: said.map(([minutes, status, text]) => ({ at: after(minutes), status, text })),
    turn: turns === undefined ? null : { at: after(turns.after), impact: turns.impact, text: turns.text },
  };
}

function pastMaintenances(now: Instant, random: Random): PastMaintenance[] {
  const slot = (YEAR_DAYS - 30) / MAINTENANCE_STORIES.length;
  const today = Math.floor(toMs(now) / DAY) * DAY;
  return random.shuffle(MAINTENANCE_STORIES).map(({ services, ...story }, index) => {
    const daysAgo = Math.floor((MAINTENANCE_STORIES.length - index) * slot) - random.between(0, 8);
    const start = toInstant(today - daysAgo * DAY + random.between(19, 23) * HOUR);
    const regions: readonly Region[] = story.everywhere === true ? ['North', 'South'] : [anyRegion(random)];
    return {
      ...story,
      keys: keysOf(services, regions),
      announcedAt: addMs(start, -story.notice * DAY - random.between(1, 9) * HOUR),
      start,
      end: addMs(start, story.hours * HOUR),
    };
  });
}

export function keysOf(services: readonly string[], regions: readonly Region[]): string[] {
  return [...new Set(regions.flatMap((region) => services.map((service) => serviceKey(service, region))))];
}
