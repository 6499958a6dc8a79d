import type { Level } from '../../core/index.ts';
import { attributes, type Html, html } from '../html/index.ts';
import type { Language } from '../i18n/index.ts';
import { LEVEL_SHAPES, levelWord } from './level.ts';
import { fitText, oneLine, textWidth } from './text-width.ts';

export interface BadgeContent {
  /** Left: what it is about. */
  label: string;
  /** Right: how it is. */
  message: string;
  level: Level;
  /** Colours the left side too, as in RUNNING | INFO; grey by default. */
  labelLevel?: Level | undefined;
  /** What a pointer and a screen reader are told; `label: message` by default. */
  title?: string | undefined;
  language: Language;
}

/** White text on each keeps 4.5 : 1. A picture in a foreign page knows no theme, so there is one set. */
export const BADGE_COLOURS: Record<Level, string> = {
  operational: '#17704a',
  notice: '#1d5f9f',
  degraded: '#855700',
  partial_outage: '#a3420c',
  major_outage: '#b3241c',
  maintenance: '#5a4fa6',
  unknown: '#5a626c',
};
export const BADGE_GREY = '#333a43';

const LABEL_MOST = 240;
const MESSAGE_MOST = 320;
const TITLE_MOST = 300;
const HEIGHT = 20;
const PAD = 6;
const GLYPH = 10;

/** A flat badge, 20 pixels high: label, then the level's shape and the message on its colour. */
export function badgeSvg(content: BadgeContent): Html {
  const label = fitText(content.label, LABEL_MOST);
  const message = fitText(content.message, MESSAGE_MOST) || levelWord(content.language, content.level);
  const labelText = round(textWidth(label));
  const messageText = round(textWidth(message));
  const left = label === '' ? 0 : labelText + 2 * PAD;
  const right = PAD + GLYPH + 4 + messageText + PAD;
  const width = left + right;
  const title = clip(content.title ?? (label === '' ? message : `${content.label}: ${content.message}`));
  const grey = content.labelLevel === undefined ? BADGE_GREY : BADGE_COLOURS[content.labelLevel];
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${title}" lang="${content.language}">
<title>${title}</title>
<clipPath id="r"><rect width="${width}" height="${HEIGHT}" rx="4"/></clipPath>
<g clip-path="url(#r)"><path fill="${grey}" d="M0 0h${left}v${HEIGHT}H0z"/><path fill="${BADGE_COLOURS[content.level]}" d="M${left} 0h${right}v${HEIGHT}h-${right}z"/></g>
<g transform="translate(${left + PAD} 5) scale(.625)" color="#fff">${glyph(content.level)}</g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">${
    label !== '' && text(label, PAD, labelText)
  }${text(message, left + PAD + GLYPH + 4, messageText)}</g>
</svg>
`;
}

function text(content: string, x: number, width: number): Html {
  return html`<text x="${x}" y="14" textLength="${width}" lengthAdjust="spacingAndGlyphs">${content}</text>`;
}

function glyph(level: Level): Html {
  const { body, hole, ring, dashes } = LEVEL_SHAPES[level];
  const line = attributes({ 'stroke-dasharray': dashes });
  return html`${body !== '' && html`<path fill="#fff" d="${body}"/>`}${
    hole !== undefined &&
    html`<path fill="none" stroke="${BADGE_COLOURS[level]}" stroke-width="2.2" stroke-linecap="round" d="${hole}"/>`
  }${
    ring !== undefined &&
    html`<path fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round" d="${ring}"${line}/>`
  }`;
}

function clip(text: string): string {
  const line = oneLine(text.slice(0, TITLE_MOST + 1));
  return line.length > TITLE_MOST ? `${line.slice(0, TITLE_MOST)}…`.toWellFormed() : line;
}

function round(width: number): number {
  return Math.max(1, Math.ceil(width));
}

/** What shields.io asks of an endpoint (https://shields.io/badges/endpoint-badge). */
export interface EndpointBadge {
  schemaVersion: 1;
  label: string;
  message: string;
  color: string;
  labelColor?: string;
  isError?: boolean;
  cacheSeconds?: number;
}

/** The same badge for a drawer of badges elsewhere. */
export function badgeEndpoint(content: BadgeContent, options: { isError?: boolean } = {}): EndpointBadge {
  return {
    schemaVersion: 1,
    label: fitText(content.label, LABEL_MOST),
    message: fitText(content.message, MESSAGE_MOST) || levelWord(content.language, content.level),
    color: BADGE_COLOURS[content.level],
    ...(content.labelLevel === undefined ? {} : { labelColor: BADGE_COLOURS[content.labelLevel] }),
    ...(options.isError === true ? { isError: true } : {}),
    cacheSeconds: 300,
  };
}

/** Headers of every badge: proxies of code hosts ask again each time and get a 304 while nothing changed. */
export const BADGE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-cache, max-age=0',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
  // Badges are made to be shown on other people's pages.
  'cross-origin-resource-policy': 'cross-origin',
};
