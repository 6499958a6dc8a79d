import { type Html, html } from '../html/index.ts';

/** A signal with its three lights; the arm's post gives it a foot to stand on. */
export function logo(): Html {
  return html`<svg class="logo" viewBox="0 0 20 24" aria-hidden="true"><rect x="4" y="1" width="12" height="19" rx="6" fill="none" stroke="currentColor" stroke-width="1.8"/><path d="M10 20v3" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/><circle class="mj" cx="10" cy="6" r="2.1"/><circle class="dg" cx="10" cy="10.5" r="2.1"/><circle class="ok" cx="10" cy="15" r="2.1"/></svg>`;
}

/** The same as a file of its own, legible at 16 pixels on light and dark bars. */
export function favicon(): Html {
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="7" y="1" width="18" height="30" rx="9" fill="#1b2026" stroke="#a0a9b4"/><circle cx="16" cy="8.5" r="3.4" fill="#ff7d72"/><circle cx="16" cy="16" r="3.4" fill="#e6b544"/><circle cx="16" cy="23.5" r="3.4" fill="#55c590"/></svg>`;
}
