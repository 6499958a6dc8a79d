import { ATTENTION_ORDER, areaOf, type ComponentRow, type Instant, type Level } from '../../../core/index.ts';
import { banner, clip, type RowView, time } from '../../../platform/design/index.ts';
import { type Html, html } from '../../../platform/html/index.ts';
import { pageMessages } from './messages.ts';

/** What the whole board comes to: the worst thing, and how many others need somebody. */
export interface Summary {
  level: Level;
  /** The components at that level, most recent change first; empty when all is well. */
  worst: readonly ComponentRow[];
  /** Other services that need attention. */
  others: number;
  /** Services that exist in several regions: their names say too little without one. */
  spread: ReadonlySet<string>;
  inMaintenance: number;
  working: number;
  all: number;
  evidenceAt: Instant | null;
}

const NEEDS_ATTENTION: readonly Level[] = ['major_outage', 'partial_outage', 'degraded', 'unknown'];
const NAMED = 2;

/** A service in several regions is several components of one name; what has no region is one by itself. */
function serviceOf(row: ComponentRow): string {
  return row.attributes['region'] === undefined ? row.key : `${areaOf(row.key)}\n${row.name}`;
}

function spreadOf(rows: readonly ComponentRow[]): Set<string> {
  const regions = Map.groupBy(rows, serviceOf);
  const isSpread = (those: readonly ComponentRow[]) => new Set(those.map((row) => row.attributes['region'])).size > 1;
  return new Set([...regions].flatMap(([service, those]) => (isSpread(those) ? [service] : [])));
}

export function works(row: ComponentRow): boolean {
  return row.status.level === 'operational' || row.status.level === 'notice';
}

export function summarize(rows: readonly ComponentRow[]): Summary {
  const level = ATTENTION_ORDER.find((candidate) => rows.some((row) => row.status.level === candidate)) ?? 'unknown';
  const calm = level === 'operational' || level === 'notice';
  const worst = calm ? [] : rows.filter((row) => row.status.level === level);
  const others = rows.filter((row) => row.status.level !== level && NEEDS_ATTENTION.includes(row.status.level));
  const times = rows.flatMap(({ evidenceAt }) => (evidenceAt === null ? [] : [evidenceAt]));
  return {
    level: calm ? 'operational' : level,
    worst: worst.toSorted((a, b) => (a.since < b.since ? 1 : a.since > b.since ? -1 : 0)),
    others: NEEDS_ATTENTION.includes(level) ? new Set(others.map(serviceOf)).size : 0,
    spread: spreadOf(rows),
    inMaintenance: rows.filter((row) => row.status.level === 'maintenance').length,
    working: rows.filter(works).length,
    all: rows.length,
    evidenceAt: times.length === 0 ? null : times.reduce((newest, at) => (at > newest ? at : newest)),
  };
}

/** More is unknown than known: news has stopped coming in, which is the thing to say. */
export function isBlind(summary: Summary): boolean {
  return summary.level === 'unknown' && summary.worst.length * 2 > summary.all;
}

/** The sentence a person would say. Also the title of the page, so that a tab in the background tells it. `view.regions` names regions. */
export function sentence(summary: Summary, view: RowView): string {
  const words = pageMessages(view.language);
  if (summary.all === 0) return words.nothingYet;
  if (isBlind(summary)) {
    return summary.worst.length === summary.all
      ? words.allUnknown(summary.all)
      : words.worst('unknown', [], summary.worst.length);
  }
  const services = [...Map.groupBy(summary.worst, serviceOf)];
  const named = services.slice(0, mostOf(services.length));
  const names = named.map(([service, rows]) => {
    const name = clip(rows[0]?.name ?? '', 60);
    return summary.spread.has(service) ? `${name} (${regionsOf(rows, view)})` : name;
  });
  const worst = words.worst(summary.level, names, services.length - names.length);
  return summary.others === 0 ? worst : `${worst}; ${words.others(summary.others)}`;
}

/** "and one more" is no shorter than a name. */
function mostOf(count: number): number {
  return count === NAMED + 1 ? count : NAMED;
}

/** In the order of the catalogue. */
function regionsOf(rows: readonly ComponentRow[], view: RowView): string {
  const order = [...(view.regions?.keys() ?? [])];
  const place = (region: string) => (order.includes(region) ? order.indexOf(region) : order.length);
  const regions = [...new Set(rows.flatMap((row) => row.attributes['region'] ?? []))];
  regions.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
  const named = regions.slice(0, mostOf(regions.length)).map((region) => clip(view.regions?.get(region) ?? region, 30));
  return pageMessages(view.language).inRegions(named, regions.length - named.length);
}

export function bannerFragment(summary: Summary, view: RowView): Html {
  const words = pageMessages(view.language);
  const earliest = summary.worst.at(-1)?.since;
  const calm = summary.working === summary.all;
  const mixed = summary.inMaintenance > 0 && summary.level !== 'maintenance';
  const text = html`${
    earliest !== undefined &&
    html`${summary.worst.length === 1 ? words.since : words.firstSince} ${time(earliest, view, { relative: 'lasting' })}. `
  }${
    calm ? words.count(summary.all) : words.worksOf(summary.working, summary.all)
  }${mixed && `, ${words.alsoMaintenance(summary.inMaintenance)}`}.${
    summary.evidenceAt !== null && html` ${words.lastEvidence} ${time(summary.evidenceAt, view, { relative: 'ago' })}.`
  }${isBlind(summary) && ` ${words.unreachable}`}`;
  return banner({ level: summary.level, title: sentence(summary, view), text, live: 'banner' });
}
