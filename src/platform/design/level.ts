import { LEVELS, type Level } from '../../core/index.ts';
import { type Html, html, joinHtml, trustedHtml } from '../html/index.ts';
import type { Language } from '../i18n/index.ts';
import { designMessages } from './messages.ts';

/** Class and symbol of each level: short, since a list of 1,000 rows repeats them. */
export const LEVEL_CLASS: Record<Level, string> = {
  operational: 'ok',
  notice: 'nt',
  degraded: 'dg',
  partial_outage: 'pt',
  major_outage: 'mj',
  maintenance: 'mt',
  unknown: 'un',
};

/** One shape per level on a 16 × 16 field, so that colour is never alone. `hole` is drawn in the ground's colour. */
export const LEVEL_SHAPES: Record<Level, { body: string; hole?: string; ring?: string; dashes?: string }> = {
  operational: { body: 'M14.5 8a6.5 6.5 0 1 1-13 0a6.5 6.5 0 0 1 13 0z' },
  notice: {
    body: 'M5 1.5h6a3.5 3.5 0 0 1 3.5 3.5v6a3.5 3.5 0 0 1-3.5 3.5h-6a3.5 3.5 0 0 1-3.5-3.5v-6a3.5 3.5 0 0 1 3.5-3.5z',
    hole: 'M8 7.3v4.2M8 4.5v.1',
  },
  degraded: { body: 'M8 1.4q.6 0 1 .7l6 10.7q.7 1.4-.9 1.5h-12.2q-1.6-.1-.9-1.5l6-10.7q.4-.7 1-.7z' },
  partial_outage: {
    body: 'M8 .6q.5 0 .9.4l6.1 6.1q.8.9 0 1.8l-6.1 6.1q-.9.8-1.8 0l-6.1-6.1q-.8-.9 0-1.8l6.1-6.1q.4-.4.9-.4z',
  },
  major_outage: { body: 'M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z', hole: 'M4.6 8h6.8' },
  maintenance: { body: '', ring: 'M14 8a6 6 0 1 1-12 0a6 6 0 0 1 12 0zM8 4.6V8l2.3 1.6' },
  unknown: { body: '', ring: 'M14 8a6 6 0 1 1-12 0a6 6 0 0 1 12 0z', dashes: '2.6 2.11' },
};

/** The drawings every page refers to; stands once in the document. */
export function levelSymbols(): Html {
  const symbols = LEVELS.map((level) => {
    const { body, hole, ring, dashes } = LEVEL_SHAPES[level];
    return html`<symbol id="s-${LEVEL_CLASS[level]}" viewBox="0 0 16 16">${
      body !== '' && html`<path d="${body}" fill="currentColor"/>`
    }${hole !== undefined && html`<path class="hole" d="${hole}" stroke-width="2" stroke-linecap="round"/>`}${
      ring !== undefined &&
      html`<path d="${ring}" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"${
        dashes !== undefined && trustedHtml(` stroke-dasharray="${dashes}"`)
      }/>`
    }</symbol>`;
  });
  return html`<svg class="vh" aria-hidden="true" focusable="false"><defs>${joinHtml(symbols)}<pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M1 0v4" stroke-width="1.1"/></pattern></defs></svg>`;
}

export function levelWord(language: Language, level: Level): string {
  return designMessages(language).level(level);
}

/**
 * The light of a level. Its word must stand beside it; where it cannot, `label` says it to those who do not see the
 * shape.
 */
export function lamp(level: Level, options: { label?: string; size?: 'large' } = {}): Html {
  const name = LEVEL_CLASS[level];
  const classes = options.size === 'large' ? `lamp big ${name}` : `lamp ${name}`;
  if (options.label === undefined)
    return html`<svg class="${classes}" aria-hidden="true"><use href="#s-${name}"/></svg>`;
  return html`<svg class="${classes}" role="img" aria-label="${options.label}"><use href="#s-${name}"/></svg>`;
}

/** Lamp and word: the state as it is said everywhere. `state` is the area's own word. */
export function stateView(language: Language, level: Level, state: string | null = null): Html {
  return html`<span class="state">${lamp(level)} <b class="word ${LEVEL_CLASS[level]}">${state ?? levelWord(language, level)}</b></span>`;
}
