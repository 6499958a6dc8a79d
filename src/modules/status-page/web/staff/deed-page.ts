import type { Role } from '../../../../core/index.ts';
import { card, clip, form } from '../../../../platform/design/index.ts';
import { type Html, html, type View } from '../../../../platform/html/index.ts';
import type { Page, Visit, Web } from '../../../../platform/http/index.ts';
import type { Language } from '../../../../platform/i18n/index.ts';
import type { StatusPageContext } from '../../actions/status-page-context.ts';
import { formMessages } from './form-messages.ts';
import { type Act, actions, previewCard, troubleNote, whenEnter } from './form-parts.ts';
import { incidentFrame, type StaffIncident, staffIncident, versionIn } from './staff-incident.ts';
import { NO_TROUBLE, orAgain, type Trouble } from './trouble.ts';
import { type Body, Typed } from './typed.ts';
import type { FormState } from './zoned-fields.ts';

export interface DeedView extends StaffIncident {
  context: StatusPageContext;
  visit: Visit;
  state: FormState;
}

export interface DeedDone {
  /** Where to go; the incident if absent. */
  redirect?: string;
  notice: string;
}

/** One thing that staff do with an incident, on a page of its own behind `/incidents/:id/`. */
export interface Deed {
  path: string;
  role: Role;
  title(language: Language): string;
  /** Names of the fields, for the summary of what is wrong. */
  labels(language: Language): Readonly<Record<string, string>>;
  /** What the form begins with. */
  begin(found: StaffIncident, visit: Visit): Body;
  /** What stands before the form. */
  above?(props: DeedView): Promise<View>;
  fields(props: DeedView): Promise<Html>;
  acts(language: Language): readonly Act[];
  /** Texts that the button "Preview" shows. */
  previews?(typed: Typed, language: Language): readonly { title: string; text: string }[];
  act(props: DeedView & { version: number | undefined }): Promise<DeedDone>;
}

const SHOWS_ONLY = ['preview', 'choose'];

/** The page and the form of a deed: input is kept, mistakes stand beside the fields, a newer version is told. */
export function registerDeed(web: Web, context: StatusPageContext, deed: Deed): void {
  const address = `/incidents/:id/${deed.path}`;
  web.page(address, { role: deed.role }, async (visit) => {
    const found = await staffIncident(context, visit);
    const typed = new Typed({ version: String(found.incident.version), ...deed.begin(found, visit) });
    return await pageOf({ context, deed, visit }, typed, NO_TROUBLE);
  });
  web.form(address, { role: deed.role }, async (visit, body) => {
    const typed = new Typed(body);
    const asked = { context, deed, visit };
    if (SHOWS_ONLY.includes(typed.text('do'))) return { ...(await pageOf(asked, typed, NO_TROUBLE)), status: 200 };
    return await orAgain(
      visit.language,
      async () => {
        const found = await staffIncident(context, visit);
        const state = stateOf(asked, typed, NO_TROUBLE);
        const { redirect, notice } = await deed.act({ ...found, context, visit, state, version: versionIn(typed) });
        return { redirect: redirect ?? `/incidents/${found.incident.id}`, notice };
      },
      (trouble) => pageOf(asked, typed, trouble),
    );
  });
}

interface Asked {
  context: StatusPageContext;
  deed: Deed;
  visit: Visit;
}

function stateOf({ context, visit }: Asked, typed: Typed, trouble: Trouble): FormState {
  return { typed, trouble, language: visit.language, timezone: context.site().timezone };
}

async function pageOf(asked: Asked, typed: Typed, trouble: Trouble): Promise<Page> {
  const { context, deed, visit } = asked;
  const found = await staffIncident(context, visit);
  const { incident, view } = found;
  const version = trouble.outdated === null ? typed.text('version') : String(incident.version);
  const state = stateOf(asked, typed.with({ version }), trouble);
  const props = { ...found, context, visit, state };
  const back = { href: view.link(`/incidents/${incident.id}`), text: formMessages(view.language).cancel };
  const acts = deed.acts(view.language);
  const body = html`${whenEnter('do', acts[0]?.value ?? 'save')}<input type="hidden" name="version" value="${version}">${await deed.fields(
    props,
  )}${actions(acts, back)}`;
  // Where the page itself stands: it may name more than the incident.
  const action = view.link(visit.path.split('?', 1)[0] ?? visit.path);
  const previews = typed.text('do') === 'preview' ? deed.previews?.(typed, view.language) : undefined;
  const title = deed.title(view.language);
  const main = html`${troubleNote(trouble, deed.labels(view.language), view)}${
    previews !== undefined && previewCard(previews, state)
  }${await deed.above?.(props)}${card({ title: clip(incident.title, 200), body: form({ action, csrf: visit.csrf, body, wide: true, label: title }) })}`;
  return incidentFrame(found, title, main);
}
