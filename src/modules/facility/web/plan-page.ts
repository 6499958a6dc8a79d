import { breadcrumbs, card, clip, type RowView, table, tag } from '../../../platform/design/index.ts';
import { type Html, html } from '../../../platform/html/index.ts';
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
  const devices = table({
    caption: words.devices(plan.devices.length),
    rows: plan.devices,
    columns: [
      { title: words.device, cell: ({ name }) => clip(name) },
      { title: words.group, cell: ({ group }) => clip(group) },
      { title: words.state, cell: ({ state, level }) => tag(state, level) },
      { title: words.issue, cell: ({ issue }) => issue },
    ],
  });
  return {
    title: words.planTitle,
    nav: '/facility',
    main: html`${breadcrumbs(view.language, path, words.planTitle)}<h1>${words.planTitle}</h1>${card({
      title: clip(plan.project.title),
      body,
    })}${card({ title: words.devices(plan.devices.length), body: devices, flush: true })}`,
  };
}

function stepText(step: BadgeStep, words: ReturnType<typeof facilityMessages>): Html | string {
  const nameOf = (name: string): string => clip(name.split(':').slice(2).join(':') || name);
  if (step.do === 'create') return words.planCreate(nameOf(step.content.name));
  if (step.do === 'update') return words.planUpdate(nameOf(step.content.name));
  return words.planDelete(nameOf(step.before.name ?? `#${step.id}`));
}
