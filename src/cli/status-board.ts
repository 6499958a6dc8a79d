import { styleText } from 'node:util';
import { DAY, HOUR, isAtLeast, type Level, MINUTE, toMs } from '../core/index.ts';
import { levelWord } from '../platform/design/index.ts';
import type { Board, BoardComponent } from './status-client.ts';

export interface Look {
  width: number;
  colour: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** A shape and a colour for each level; the word stands beside them. */
const LAMPS: Record<Level, { glyph: string; style: Style }> = {
  operational: { glyph: '●', style: 'green' },
  notice: { glyph: '■', style: 'blue' },
  degraded: { glyph: '▲', style: 'yellow' },
  partial_outage: { glyph: '◆', style: ['bold', 'yellow'] },
  major_outage: { glyph: '⬢', style: ['bold', 'red'] },
  maintenance: { glyph: '◷', style: 'cyan' },
  unknown: { glyph: '◌', style: 'dim' },
};

const NARROW = 60;

/** The board as lines of text, none wider than asked for. */
export function drawBoard(board: Board, look: Look): string[] {
  const components = placed(board.components);
  const lines = [headline(board, look), ''];
  if (components.length === 0) lines.push('There are no components yet.');
  const columns = columnsFor(components, look);
  for (const [title, members] of groupsOf(components)) {
    lines.push(paint(cut(title, look.width), 'bold', look));
    for (const component of members) lines.push(drawRow(component, board.asOf, columns, look));
    lines.push('');
  }
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** 0: all is fine. 1: something is degraded or worse. 2: something is unknown, or there is nothing to know. */
export function exitCode({ components }: Board): number {
  if (components.some(({ level }) => isAtLeast(level, 'degraded'))) return 1;
  return components.length === 0 || components.some(({ level }) => level === 'unknown') ? 2 : 0;
}

function headline({ components, asOf }: Board, look: Look): string {
  const count = (fits: (level: Level) => boolean) => components.filter(({ level }) => fits(level)).length;
  const bad = count((level) => isAtLeast(level, 'degraded'));
  const unknown = count((level) => level === 'unknown');
  const parts = [];
  if (bad > 0) parts.push(`${bad} of ${components.length} ${bad === 1 ? 'has' : 'have'} problems`);
  if (unknown > 0) parts.push(`${unknown} unknown`);
  if (parts.length === 0) parts.push(components.length === 0 ? 'Nothing is watched' : `All ${components.length} work`);
  const text = `${parts.join(', ')} (as of ${asOf.slice(11, 19)} UTC)`;
  const style = bad > 0 ? LAMPS.major_outage.style : unknown > 0 ? 'yellow' : 'green';
  return paint(cut(text, look.width), style, look);
}

function groupsOf(components: readonly Placed[]): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>();
  for (const component of components) {
    const title = clean(component.group) || component.area;
    const members = groups.get(title);
    if (members) members.push(component);
    else groups.set(title, [component]);
  }
  return groups;
}

type Placed = BoardComponent & { place: string };

/** What shares its name with others says where it is. */
function placed(components: readonly BoardComponent[]): Placed[] {
  const times = Map.groupBy(components, ({ name }) => clean(name));
  return components.map((component) => {
    const { name, region } = component;
    const repeats = (times.get(clean(name))?.length ?? 0) > 1;
    return { ...component, place: repeats && region !== null ? ` (${cut(clean(region), 20)})` : '' };
  });
}

interface Columns {
  name: number;
  state: number;
}

function columnsFor(components: readonly Placed[], { width }: Look): Columns {
  const widest = (texts: string[], most: number) => Math.min(most, Math.max(4, ...texts.map(widthOf)));
  const share = width < NARROW ? 0.35 : 0.28;
  return {
    name: widest(
      components.map(({ name, place }) => clean(name) + place),
      Math.floor(width * share),
    ),
    state: widest(components.map(stateOf), Math.floor(width * 0.25)),
  };
}

function stateOf({ state, level }: BoardComponent): string {
  return clean(state ?? '') || levelWord('en', level);
}

function drawRow(component: Placed, asOf: string, columns: Columns, look: Look): string {
  const lamp = LAMPS[component.level];
  const since = age(component.since, asOf).padStart(5);
  const before = 2 + 2 + columns.name + 2 + columns.state + 2 + since.length + 2;
  const why = cut(whyOf(component), Math.max(0, look.width - before));
  const state = pad(cut(stateOf(component), columns.state), columns.state);
  const row = [
    `  ${paint(lamp.glyph, lamp.style, look)} ${pad(nameOf(component, columns.name), columns.name)}`,
    paint(state, lamp.style, look),
    since,
    paint(why, 'dim', look),
  ];
  return row.join('  ').trimEnd();
}

/** Where there is little room the name is cut first: the place is what tells two apart. */
function nameOf({ name, place }: Placed, width: number): string {
  return cut(cut(clean(name), Math.max(4, width - widthOf(place))) + place, width);
}

function whyOf({ level, why, lastKnown, causedBy, maintenance }: BoardComponent): string {
  const first = why.signals[0];
  const said = first?.confidential ? 'a confidential report' : clean(first?.summary ?? '');
  const parts = [
    level === 'unknown' ? (lastKnown ? `last known: ${levelWord('en', lastKnown.level)}` : 'no data yet') : said,
    maintenance && level !== 'maintenance' ? 'under maintenance' : '',
    causedBy.length > 0 ? `depends on ${clean(causedBy.join(', '))}` : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** `40 s`, `12 m`, `3 h`, `21 d`. */
export function age(since: string, now: string): string {
  const ms = Math.max(0, toMs(now) - toMs(since));
  if (ms < MINUTE) return `${Math.floor(ms / 1000)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} m`;
  return ms < 2 * DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`;
}

function paint(text: string, style: Style, { colour }: Look): string {
  return colour && text !== '' ? styleText(style, text, { validateStream: false }) : text;
}

/** Names come from outside: nothing in them may steer the terminal or turn the direction of the text. */
function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const WIDE =
  /^(\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6])/u;

export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += widthOf(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return width < 1 ? '' : `${kept}…`;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
