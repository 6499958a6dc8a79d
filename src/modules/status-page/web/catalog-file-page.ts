import { adminPage } from '../../../platform/auth/index.ts';
import { button, buttonLink, card, clip, field, form, mistakes } from '../../../platform/design/index.ts';
import { type Html, html, type View } from '../../../platform/html/index.ts';
import type { Page, Visit } from '../../../platform/http/index.ts';
import { changesAnything } from '../actions/read-catalog.ts';
import { sayCatalogMistake } from '../catalog-mistake-messages.ts';
import type { CatalogPlan, PlannedChange } from '../domain/catalog-plan.ts';
import { catalogMessages } from './catalog-messages.ts';
import { CATALOG, tabOf } from './catalog-page.ts';

/** So many lines of each kind are looked through by a person. */
const MOST = 200;

export interface FilePageProps {
  text: string;
  plan?: CatalogPlan;
  /** Above everything: nothing was sent, or somebody else was faster. */
  refused?: string;
}

/** A file to read; then what it would change, to look at before it does. */
export function catalogFilePage(visit: Visit, { text, plan, refused }: FilePageProps): Page {
  const words = catalogMessages(visit.language);
  const body = html`<p>${words.fileText}</p>${field({
    name: 'file',
    label: words.fileChoose,
    type: 'file',
    accept: '.yaml,.yml,application/yaml,text/yaml,text/plain',
  })}${field({ name: 'text', label: words.filePaste, rows: 12, value: text })}${button(words.preview)}`;
  const ask = form({ action: visit.link(`${CATALOG}/file`), csrf: visit.csrf, body, upload: true });
  const content = html`${mistakes(visit.language, refused === undefined ? [] : [refused])}${
    plan !== undefined && (plan.mistakes.length > 0 ? mistakesCard(visit, plan) : planCard(visit, plan, text))
  }${card({ title: words.fileTitle, body: ask })}<p>${buttonLink(visit.link(CATALOG), words.back)}</p>`;
  const isWrong = refused !== undefined || (plan !== undefined && plan.mistakes.length > 0);
  return adminPage(visit, { ...tabOf(visit), title: words.fileTitle }, content, { status: isWrong ? 422 : 200 });
}

function mistakesCard(visit: Visit, { mistakes: found }: CatalogPlan): Html {
  const words = catalogMessages(visit.language);
  const items = found.slice(0, MOST).map((mistake) => {
    const { path, line, column, value, problem, remedy } = sayCatalogMistake(visit.language, mistake);
    const place = line === undefined ? '' : ` (${line}, ${column ?? 1})`;
    return html`<li><code>${clip(path, 200)}</code>${place}: ${problem}${value !== undefined && html` <code>${value}</code>`}. ${remedy}</li>`;
  });
  const body = html`<ul>${items}</ul>${rest(visit, found.length)}`;
  return card({ title: words.mistakesTitle(found.length), body });
}

function planCard(visit: Visit, plan: CatalogPlan, text: string): Html {
  const words = catalogMessages(visit.language);
  const { added, changed, retired, returned, kept, unchanged, regions } = plan;
  const place = ({ name, region, key }: { name: string; region: string | null; key: string }) =>
    html`${clip(region === null ? name : `${name} (${region})`)} <code>${key}</code>`;
  const said = (value: string | null) => clip(value ?? words.nothingSaid);
  const change = ({ component, fields, takenOver }: PlannedChange) =>
    html`${place(component)}${takenOver && html` <strong>${words.takenOver}</strong>`}<ul>${fields.map(
      ({ field: name, old, new: fresh }) => html`<li><code>${clip(name)}</code>: ${said(old)} → ${said(fresh)}</li>`,
    )}</ul>`;
  const blocks: [string, View[]][] = [
    [
      words.planRegions(regions.changes.length),
      regions.changes.map(({ id, old, new: fresh }) => html`<code>${clip(id)}</code>: ${said(old)} → ${said(fresh)}`),
    ],
    [words.planAdded(added.length), added.map(place)],
    [words.planChanged(changed.length), changed.map(change)],
    [words.planReturned(returned.length), returned.map(change)],
    [words.planRetired(retired.length), retired.map(place)],
    [words.planKept(kept.length), kept.map((key) => html`<code>${key}</code>`)],
  ];
  const lists = blocks
    .filter(([, rows]) => rows.length > 0)
    .map(
      ([title, rows]) =>
        html`<h3>${title}</h3><ul>${rows.slice(0, MOST).map((row) => html`<li>${row}</li>`)}</ul>${rest(visit, rows.length)}`,
    );
  const apply = html`<input type="hidden" name="text" value="${text}">${button(words.apply)}`;
  const body = html`${!changesAnything(plan) && html`<p>${words.planNothing}</p>`}${lists}<p class="soft">${words.planUnchanged(unchanged.length + kept.length)}</p>${
    changesAnything(plan) &&
    form({ action: visit.link(`${CATALOG}/apply`), csrf: visit.csrf, body: apply, upload: true, label: words.apply })
  }`;
  return card({ title: words.planTitle, id: 'plan', body });
}

function rest(visit: Visit, count: number): Html | null {
  return count > MOST ? html`<p class="soft">${catalogMessages(visit.language).more(count - MOST)}</p>` : null;
}
