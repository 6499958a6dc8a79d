import type { Actor, ComponentReader, ComponentRow, Level } from '../../../core/index.ts';
import type { Database } from '../../../platform/database/index.ts';
import { type Locale, stateWord } from '../../../platform/design/index.ts';
import { type DeviceView, devicesByKey, type ProjectView, projectViews } from '../store/facility-read.ts';
import type { RepairTimes } from './repair-times.ts';

/** A device as every representation of it shows it: cut to what the viewer may see. */
export interface BoardDevice {
  row: ComponentRow;
  device: DeviceView;
  project: ProjectView | null;
  /** Mean time to repair, in milliseconds. */
  repair: number | null;
}

export interface Board {
  devices: BoardDevice[];
  /** Projects with a device the viewer may see; for operators all. */
  projects: ProjectView[];
  /** The one that `?project=` asks for. */
  selected: ProjectView | null;
}

/** The one query behind the page, its CSV and the API: what may be seen is decided by `components`. */
export async function boardOf(
  parts: { db: Database; components: ComponentReader; repairs: RepairTimes },
  viewer: Actor,
  options: { project: string | null; allProjects: boolean },
): Promise<Board> {
  const rows = await parts.components.rows(viewer, { area: 'facility' });
  const devices = await devicesByKey(parts.db);
  const projects = await projectViews(parts.db);
  const bySource = new Map(projects.map((project) => [project.source, project]));
  const found = await Promise.all(
    rows.map(async (row): Promise<BoardDevice[]> => {
      const device = devices.get(row.key);
      if (device === undefined) return [];
      const repair = await parts.repairs(viewer, row);
      return [{ row, device, project: bySource.get(device.source) ?? null, repair }];
    }),
  );
  const all = found.flat();
  const seen = projects.filter((project) => options.allProjects || all.some((entry) => entry.project === project));
  const selected = options.project === null ? null : (seen.find(({ id }) => id === options.project) ?? null);
  const shown = options.project === null ? all : all.filter(({ project }) => project !== null && project === selected);
  return { devices: inOrder(shown), projects: seen, selected };
}

function inOrder(devices: readonly BoardDevice[]): BoardDevice[] {
  return [...devices].sort((a, b) => a.row.groupPosition - b.row.groupPosition || a.row.position - b.row.position);
}

/** The deciding issue, unless the status rests on something else or on nothing current. */
export function issueOf({ row, device }: BoardDevice): DeviceView['issue'] {
  return row.status.level === 'operational' ? null : device.issue;
}

export function isConfidential({ row, device }: BoardDevice): boolean {
  return device.confidential || row.status.why.signals.some((signal) => signal.confidential);
}

/** What a lab calls the levels, for a device whose own word is not to be told or not there. */
export const LAB_WORDS: Partial<Record<Level, string>> = {
  operational: 'RUNNING',
  notice: 'RUNNING | INFO',
  degraded: 'LIMITED',
  major_outage: 'DOWN',
};

export function labWord(row: ComponentRow, locale: Locale): string {
  const usual = LAB_WORDS[row.status.level];
  return row.status.state === null && usual !== undefined ? usual : stateWord(row, locale);
}

/** The planned end of what decides, a day; null when nobody planned one or nobody may know. */
export function plannedEndOf(entry: BoardDevice): string | null {
  return isConfidential(entry) || entry.row.status.level === 'unknown' ? null : (issueOf(entry)?.dueOn ?? null);
}
