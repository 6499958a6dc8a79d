import { type Html, html, type View } from '../../src/platform/html/index.ts';
import type { CaughtMail } from './read-mail.ts';

export const STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 46rem; padding: 1rem; }
article { border: 1px solid light-dark(#c8ccd2, #444a52); border-radius: 8px; margin: 1rem 0; padding: 0.75rem 1rem; }
h1, h2 { line-height: 1.25; }
h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
.soft { color: light-dark(#555b63, #a5abb3); margin: 0.25rem 0; }
pre { font: inherit; margin: 0.75rem 0 0; overflow-wrap: anywhere; white-space: pre-wrap; }
`;

/** Every mail that was caught, the newest first; addresses in a text can be followed. */
export function mailPage(mails: readonly CaughtMail[]): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mail (${mails.length}) · Signalbox demo</title>
<link rel="stylesheet" href="/mail.css">
</head>
<body>
<main><h1>Mail</h1>
<p>What the demo would have sent. Nothing leaves this machine, and everything here is forgotten when the demo ends. <a href="/">Look again</a></p>
${mails.length === 0 ? html`<p>There is no mail yet: subscribe on the page “Subscribe” of the demo.</p>` : mails.map(mailPart)}</main>
</body>
</html>
`;
}

function mailPart({ to, subject, text, at }: CaughtMail): Html {
  return html`<article><h2>${subject}</h2>
<p class="soft">To ${to.join(', ')} · <time datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 19)} UTC</time></p>
<pre>${withLinks(text)}</pre></article>
`;
}

const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/;

function withLinks(text: string): View {
  return text.split(ADDRESS).map((part, at) => (at % 2 === 1 ? html`<a href="${part}">${part}</a>` : part));
}
