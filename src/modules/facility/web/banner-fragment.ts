import type { ComponentRow, Level } from '../../../core/index.ts';
import { banner, clip, levelWord, type RowView, time } from '../../../platform/design/index.ts';
import { type Html, html } from '../../../platform/html/index.ts';
import { labWord } from './facility-view.ts';
import { facilityMessages } from './messages.ts';

const WORST_FIRST = ['major_outage', 'partial_outage', 'degraded', 'unknown', 'maintenance'] as const;
/** More names than this are a number: three stand, four are two and "2 more". */
const NAMED = 2;

export function works(row: ComponentRow): boolean {
  return row.status.level === 'operational' || row.status.level === 'notice';
}

export function worstOf(rows: readonly ComponentRow[]): Level {
  return WORST_FIRST.find((level) => rows.some((row) => row.status.level === level)) ?? 'operational';
}

/** The worst of the lab in a sentence, since when, and how many devices work. */
export function bannerFragment(rows: readonly ComponentRow[], view: RowView): Html {
  const words = facilityMessages(view.language);
  const level = worstOf(rows);
  const worst = rows
    .filter((row) => row.status.level === level && !works(row))
    .toSorted((a, b) => (a.since < b.since ? 1 : a.since > b.since ? -1 : 0));
  const earliest = worst.at(-1);
  const newest = rows.reduce<string | null>((last, { evidenceAt }) => laterOf(last, evidenceAt), null);
  const text = html`${
    earliest !== undefined &&
    html`${worst.length === 1 ? words.sinceThen : words.firstSince} ${time(earliest.since, view, { relative: 'lasting' })}. `
  }${words.worksOf(rows.filter(works).length, rows.length)}${
    newest !== null && html` ${words.lastEvidence} ${time(newest, view, { relative: 'ago' })}.`
  }`;
  return banner({ level, title: sentence(rows, worst, view), text, live: 'banner' });
}

function sentence(rows: readonly ComponentRow[], worst: readonly ComponentRow[], view: RowView): string {
  const words = facilityMessages(view.language);
  const [first] = worst;
  if (first === undefined) return words.allWell;
  const named = worst.slice(0, worst.length === NAMED + 1 ? NAMED + 1 : NAMED);
  const who = words.names(
    named.map((row) => clip(row.name, 60)),
    worst.length - named.length,
  );
  const said = words.worst(first.status.level, who, worst.length, wordOf(worst, view));
  const others = rows.filter((row) => !works(row)).length - worst.length;
  return others === 0 ? said : `${said}; ${words.others(others)}`;
}

/** The lab's word where all of them share it. */
function wordOf(worst: readonly ComponentRow[], view: RowView): string {
  const states = new Set(worst.map((row) => labWord(row, view)));
  const [only] = states;
  if (states.size === 1 && only !== undefined) return only;
  return levelWord(view.language, worst[0]?.status.level ?? 'unknown');
}

function laterOf(last: string | null, at: string | null): string | null {
  return at !== null && (last === null || at > last) ? at : last;
}
