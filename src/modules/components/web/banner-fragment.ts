import { ATTENTION_ORDER, type ComponentRow, type Instant, type Level } from '../../../core/index.ts';
import { banner, clip, type RowView, time } from '../../../platform/design/index.ts';
import { type Html, html } from '../../../platform/html/index.ts';
import { pageMessages } from './messages.ts';

/** What the whole board comes to: the worst thing, and how many others need somebody. */
export interface Summary {
  level: Level;
  /** The components at that level, most recent change first; empty when all is well. */
  worst: readonly ComponentRow[];
  /** Others that need attention. */
  others: number;
  inMaintenance: number;
  working: number;
  all: number;
  evidenceAt: Instant | null;
}

const NEEDS_ATTENTION: readonly Level[] = ['major_outage', 'partial_outage', 'degraded', 'unknown'];
const NAMED = 2;

export function works(row: ComponentRow): boolean {
  return row.status.level === 'operational' || row.status.level === 'notice';
}

export function summarize(rows: readonly ComponentRow[]): Summary {
  const level = ATTENTION_ORDER.find((candidate) => rows.some((row) => row.status.level === candidate)) ?? 'unknown';
  const calm = level === 'operational' || level === 'notice';
  const worst = calm ? [] : rows.filter((row) => row.status.level === level);
  const attention = rows.filter((row) => NEEDS_ATTENTION.includes(row.status.level)).length;
  const times = rows.flatMap(({ evidenceAt }) => (evidenceAt === null ? [] : [evidenceAt]));
  return {
    level: calm ? 'operational' : level,
    worst: worst.toSorted((a, b) => (a.since < b.since ? 1 : a.since > b.since ? -1 : 0)),
    others: NEEDS_ATTENTION.includes(level) ? attention - worst.length : 0,
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

/** The sentence a person would say. Also the title of the page, so that a tab in the background tells it. */
export function sentence(summary: Summary, view: RowView): string {
  const words = pageMessages(view.language);
  if (summary.all === 0) return words.nothingYet;
  if (isBlind(summary)) {
    return summary.worst.length === summary.all
      ? words.allUnknown(summary.all)
      : words.worst('unknown', [], summary.worst.length);
  }
  const named = summary.worst.slice(0, summary.worst.length === NAMED + 1 ? NAMED + 1 : NAMED);
  const names = named.map((row) => clip(row.name, 60));
  const worst = words.worst(summary.level, names, summary.worst.length - names.length);
  return summary.others === 0 ? worst : `${worst}; ${words.others(summary.others)}`;
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
