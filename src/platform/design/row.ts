import type { ComponentRow, WhySignal } from '../../core/index.ts';
import { attributes, type Html, html, type View } from '../html/index.ts';
import { historyBar } from './history-bar.ts';
import { LEVEL_CLASS, lamp, levelWord } from './level.ts';
import { designMessages } from './messages.ts';
import { clip, link } from './parts.ts';
import { uptimeView } from './uptime.ts';
import { type Locale, time } from './when.ts';

/** What a row needs to know of its page. */
export interface RowView extends Locale {
  /** A path with the configured prefix: `visit.link`. */
  link(path: string): string;
  /** Names of components that others are caused by; those not in it are shown by their key. */
  names?: ReadonlyMap<string, string>;
  /** Says at each row in which region it is: there are several on the page. Those without a name are called as they are. */
  regions?: ReadonlyMap<string, string>;
}

/** What, is it working, why, how has it been: the same row for a microscope, a link, a project and a laser cutter. */
export function componentRowView(row: ComponentRow, view: RowView): Html {
  const { status } = row;
  const words = designMessages(view.language);
  const name = LEVEL_CLASS[status.level];
  const mark = status.maintenance && status.level !== 'maintenance';
  const region = view.regions === undefined ? undefined : row.attributes['region'];
  return html`<li class="row ${name}" data-live="${row.key}">${lamp(status.level)}<span class="what"><a href="${view.link(
    `/components/${row.key}`,
  )}">${clip(row.name)}${region !== undefined && html` <small>${clip(view.regions?.get(region) ?? region, 30)}</small>`}</a> <b class="word">${stateWord(row, view)}${mark && lamp('maintenance', { label: words.inMaintenance })}</b></span><span class="why">${whyLine(row, view)}</span>${historyBar(view.language, row.days)}<span class="up">${uptimeView(
    view.language,
    row.uptime90,
  )}</span></li>
`;
}

/** Rows under one another. `live` names the list for the script, which exchanges it when rows come, go or move. */
export function rowList(rows: readonly ComponentRow[], view: RowView, options: { live?: string } = {}): Html {
  return html`<ul class="rows"${attributes({ 'data-live': options.live })}>
${rows.map((row) => componentRowView(row, view))}</ul>`;
}

/** The state in the area's own word, else in ours. */
export function stateWord(row: Pick<ComponentRow, 'status'>, view: Locale): string {
  return row.status.state === null ? levelWord(view.language, row.status.level) : clip(row.status.state, 60);
}

/** Why it is so, in one line, with the evidence behind a link. */
export function whyLine(row: ComponentRow, view: RowView): View {
  const { status } = row;
  const words = designMessages(view.language);
  const { causedBy } = status;
  const caused =
    causedBy.length > 0 &&
    html`${words.causedBy} ${causedBy.map(
      (key, index) =>
        html`${index > 0 && ', '}<a href="${view.link(`/components/${key}`)}">${view.names?.get(key) ?? key}</a>`,
    )}`;
  const said = reason(row, view);
  return html`${caused}${caused !== false && said !== null && ' · '}${said}`;
}

function reason(row: ComponentRow, view: RowView): View {
  const { status } = row;
  const words = designMessages(view.language);
  if (status.level === 'unknown') return unknownReason(row, view);
  const deciding = status.why.signals.find((signal) => signal.live);
  // Without a sentence or a place of its own a claim would only repeat the state.
  if (deciding !== undefined && (deciding.confidential || (deciding.summary ?? deciding.evidence) !== null)) {
    return signalView(deciding, view);
  }
  return status.level === 'maintenance' ? words.plannedMaintenance : null;
}

function unknownReason(row: ComponentRow, view: RowView): View {
  const { status, evidenceAt } = row;
  const words = designMessages(view.language);
  if (evidenceAt === null && status.why.signals.length === 0) return words.nothingReported;
  const { lastKnown } = status;
  const last = lastKnown && words.lastKnown(lastKnown.state ?? levelWord(view.language, lastKnown.level));
  const at = lastKnown?.observedAt ?? evidenceAt;
  if (at === null) return words.nothingReported;
  return html`${words.noNews} ${time(at, view)}${last !== null && html`, ${last}`}`;
}

/** One claim in one line. A confidential one says nothing but that it is there (contracts §8). */
export function signalView(signal: WhySignal, view: Locale): View {
  if (signal.confidential) return designMessages(view.language).confidential;
  const text =
    signal.summary ??
    (signal.level === 'operational' ? null : (signal.state ?? levelWord(view.language, signal.level)));
  return text === null ? null : link(signal.evidence, clip(text, 300));
}
