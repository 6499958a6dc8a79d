import { breadcrumbs, card, clip, type RowView, tag } from '../../../platform/design/index.ts';
import { html, type Html } from '../../../platform/html/index.ts';
import type { Page } from '../../../platform/http/index.ts';
import type { ProjectPlan } from '../actions/plan-project.ts';
import type { BadgeStep } from '../domain/badge-plan.ts';
import { facilityMessages } from './messages.ts';

/** The dry run: what a reconcile would write to GitLab now. */
export function planPage(plan: ProjectPlan, view: RowView): Page {
  const words = facilityMessages(view.language);
  const path = [{ href: view.link('/facility'), text: words.title }];
  const steps = plan.badges;
  const body =
    steps === null || steps.length === 0
      ? html`<p>${steps === null ? words.planOff : words.planNothing}</p>`
      : html`<ol>${steps.map((step) => html`<li>${stepText(step, words)}</li>`)}</ol>`;
  const devices = html`<ul>${plan.devices.map((device) => html`<li>${clip(device.name)} ${tag(device.state, device.level)}</li>`)}</ul>`;
  return {
    title: words.planTitle,
    nav: '/facility',
    main: html`${breadcrumbs(view.language, path, words.planTitle)}<h1>${words.planTitle}</h1>${card({
      title: clip(plan.project.title),
      body,
    })}${card({ title: words.devices(plan.devices.length), body: devices })}`,
  };
}

function stepText(step: BadgeStep, words: ReturnType<typeof facilityMessages>): Html | string {
  const nameOf = (name: string): string => clip(name.split(':').slice(2).join(':') || name);
  if (step.do === 'create') return words.planCreate(nameOf(step.content.name));
  if (step.do === 'update') return words.planUpdate(nameOf(step.content.name));
  return words.planDelete(nameOf(step.before.name ?? `#${step.id}`));
}
