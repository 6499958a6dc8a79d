import { type Html, html } from '../../../src/platform/html/index.ts';
import { type Hook, type HookDelivery, type Project, pathOf } from '../model.ts';
import type { Reply } from '../server/exchange.ts';
import type { HookSender } from '../webhooks/hook-sender.ts';
import type { GitlabWorld } from '../world.ts';
import { layout, moment } from './layout.ts';

const SHOWN = 12;
const STATUS_TEXT = {
  executable: 'Works',
  temporarily_disabled: 'Fails to connect',
  disabled: 'Failed to connect',
} as const;

export function hooksPage(
  parts: { world: GitlabWorld; hooks: HookSender },
  project: Project,
  notice: string | null,
): Reply {
  const cards = parts.world.hooks.filter((hook) => hook.project === project).map((hook) => hookCard(parts.hooks, hook));
  const main = html`<div class="stack"><h1>Webhooks</h1>${notice !== null && html`<p class="card pad" role="status">${notice}</p>`}
${cards.length === 0 && html`<p class="soft">No webhook yet: it is made through the API.</p>`}${cards}</div>`;
  return layout({ title: 'Webhooks', main, project, tab: 'hooks' });
}

function hookCard(hooks: HookSender, hook: Hook): Html {
  const base = `/${pathOf(hook.project)}/-/hooks/${hook.id}`;
  const flags = Object.entries(hook.flags).filter(([, on]) => on);
  const rows = hooks
    .deliveriesOf(hook)
    .slice(0, SHOWN)
    .map((delivery) => deliveryRow(base, delivery));
  return html`<section class="card"><div class="pad stack">
<div class="row between"><code>${hook.url}</code><span class="state ${hooks.status(hook) === 'executable' ? 'opened' : 'secret'}">${STATUS_TEXT[hooks.status(hook)]}</span></div>
<p class="soft small">${flags.map(([flag]) => flag.replaceAll('_', ' ')).join(', ')}</p>
<form method="post" action="${base}/test"><button>Test → Issue events</button></form></div>
${rows.length > 0 && html`<div class="scroll"><table><thead><tr><th>Sent</th><th>Event</th><th>Answer</th><th></th></tr></thead><tbody>${rows}</tbody></table></div>`}</section>`;
}

function deliveryRow(base: string, delivery: HookDelivery): Html {
  const answer = delivery.responseStatus === null ? (delivery.error ?? 'no answer') : String(delivery.responseStatus);
  return html`<tr><td class="small">${moment(delivery.at)}</td><td>${delivery.eventName}</td><td>${answer}</td>
<td><form class="inline" method="post" action="${base}/resend"><button name="delivery" value="${delivery.id}">Resend</button></form></td></tr>`;
}
