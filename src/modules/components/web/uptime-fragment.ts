import type { DayCell, Uptime } from '../../../core/index.ts';
import {
  card,
  duration,
  historyBar,
  historyTable,
  percent,
  type RowView,
  uptimeView,
} from '../../../platform/design/index.ts';
import { type Html, html } from '../../../platform/html/index.ts';
import { pageMessages } from './messages.ts';

export interface UptimeProps {
  /** 24 hours, 7, 30 and 90 days, in this order. */
  windows: readonly { days: number; uptime: Uptime }[];
  days: readonly DayCell[];
}

/** How it has been: four figures, each with what is not known of it, and a column per day. */
export function uptimeFragment({ windows, days }: UptimeProps, view: RowView): Html {
  const words = pageMessages(view.language);
  const figures = windows.map(
    ({ days: length, uptime }) =>
      html`<div><dt>${length === 1 ? words.last24h : words.lastDays(length)}</dt><dd><b>${uptimeView(view.language, uptime)}</b>${remarks(
        uptime,
        view,
      ).map((remark) => html`<span>${remark}</span>`)}</dd></div>
`,
  );
  const axis = html`<p class="axis" aria-hidden="true"><span>${words.daysAgo(days.length)}</span><span>${words.today}</span></p>`;
  return card({
    title: words.uptime,
    live: 'uptime',
    body: html`<dl class="figures">${figures}</dl><div class="long">${historyBar(view.language, days)}${axis}</div>${historyTable(view, days)}`,
  });
}

function remarks(uptime: Uptime, view: RowView): string[] {
  const words = pageMessages(view.language);
  const { language } = view;
  if (uptime.availability === null) return [];
  const parts = [uptime.down > 0 ? words.downShare(duration(uptime.down, language)) : words.neverDown];
  if (uptime.degraded > 0) parts.push(words.degradedShare(duration(uptime.degraded, language)));
  const share = uptime.window === 0 ? 0 : uptime.unknown / uptime.window;
  if (share > 0)
    parts.push(words.unwatchedShare(share < 0.001 ? `< ${percent(language, 0.001)}` : percent(language, share)));
  return parts;
}
