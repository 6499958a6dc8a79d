import { toMs } from '../../../core/index.ts';
import {
  clip,
  duration,
  lamp,
  levelWord,
  link,
  type RowView,
  table,
  time,
  timeline,
} from '../../../platform/design/index.ts';
import { type Html, html, type View } from '../../../platform/html/index.ts';
import type { Stretch } from '../store/component-read.ts';
import { pageMessages } from './messages.ts';

function word(stretch: Stretch, view: RowView): string {
  return stretch.state === null ? levelWord(view.language, stretch.level) : clip(stretch.state, 60);
}

function why(stretch: Stretch, view: RowView): View {
  if (stretch.confidential) return pageMessages(view.language).confidentialReport;
  return stretch.summary === null ? null : link(stretch.evidence, clip(stretch.summary, 300));
}

function lasted(stretch: Stretch, view: RowView): string {
  return duration(toMs(stretch.until ?? view.now) - toMs(stretch.from), view.language);
}

/** The newest stretches, as a story. */
export function timelineFragment(stretches: readonly Stretch[], view: RowView): Html {
  const words = pageMessages(view.language);
  if (stretches.length === 0) return html`<p class="soft none">${words.noTimeline}</p>`;
  return timeline(
    stretches.map((stretch) => ({
      level: stretch.level,
      title: word(stretch, view),
      when: html`${time(stretch.from, view)} · ${
        stretch.until === null ? words.stillGoingOn : words.lasted(lasted(stretch, view))
      }`,
      body: why(stretch, view),
    })),
  );
}

/** All of them, as a table. */
export function historyFragment(stretches: readonly Stretch[], view: RowView): Html {
  const words = pageMessages(view.language);
  return table({
    caption: words.history,
    rows: stretches,
    empty: words.noTimeline,
    columns: [
      { title: words.from, cell: (stretch) => time(stretch.from, view, { style: 'full' }) },
      {
        title: words.until,
        cell: (stretch) => (stretch.until === null ? words.stillGoingOn : time(stretch.until, view, { style: 'full' })),
      },
      { title: words.howLong, numeric: true, cell: (stretch) => (stretch.until === null ? '' : lasted(stretch, view)) },
      { title: words.state, cell: (stretch) => html`${lamp(stretch.level)} ${word(stretch, view)}` },
      { title: words.why, cell: (stretch) => why(stretch, view) },
    ],
  });
}
