import { AppError } from '../../../../core/index.ts';
import { card, clip, confirm, field, form, select, table } from '../../../../platform/design/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import type { Page, Visit, Web } from '../../../../platform/http/index.ts';
import { plainText } from '../../../../platform/markdown/index.ts';
import { deleteTemplate } from '../../actions/delete-template.ts';
import { saveTemplate } from '../../actions/save-template.ts';
import type { StatusPageContext } from '../../actions/status-page-context.ts';
import { INCIDENT_TYPES, STATUSES_OF } from '../../domain/incident.ts';
import { readTemplates, type Template } from '../../store/template-read.ts';
import { incidentMessages } from '../incident-messages.ts';
import { viewOf } from '../page-parts.ts';
import { formMessages } from './form-messages.ts';
import { actions, markdownField, previewCard, troubleNote, whenEnter } from './form-parts.ts';
import { templatesMessages } from './templates-messages.ts';
import { NO_TROUBLE, orAgain, type Trouble } from './trouble.ts';
import { Typed } from './typed.ts';
import type { FormState } from './zoned-fields.ts';

const PATH = '/admin/templates';

/** `/admin/templates`: words for updates that are written again and again; `?id=` changes one. */
export function registerTemplatesPage(web: Web, context: StatusPageContext): void {
  web.page(PATH, { role: 'operator' }, async (visit) => {
    const id = visit.query.get('id');
    return await pageOf(context, visit, { typed: id === null ? new Typed({}) : typedOf(await existing(context, id)) });
  });
  web.form(PATH, { role: 'operator' }, async (visit, body) => {
    const typed = new Typed(body);
    if (typed.text('do') === 'preview') return { ...(await pageOf(context, visit, { typed })), status: 200 };
    return await orAgain(
      visit.language,
      async () => {
        const position = typed.given('position');
        await saveTemplate(context, visit.actor, {
          id: typed.given('id'),
          name: typed.text('name'),
          status: typed.given('status') ?? null,
          text: typed.text('text'),
          position: position === undefined ? undefined : Number(position),
        });
        return { redirect: PATH, notice: templatesMessages(visit.language).saved };
      },
      (trouble) => pageOf(context, visit, { typed, trouble }),
    );
  });
  web.form(`${PATH}/delete`, { role: 'operator' }, async (visit, body) => {
    await deleteTemplate(context, visit.actor, new Typed(body).text('id'));
    return { redirect: PATH, notice: templatesMessages(visit.language).removed };
  });
}

async function existing(context: StatusPageContext, id: string): Promise<Template> {
  const found = (await readTemplates(context.db)).find((template) => template.id === id);
  if (found === undefined) throw new AppError('not_found', 'There is no such template.');
  return found;
}

function typedOf({ id, name, status, text, position }: Template): Typed {
  return new Typed({ id, name, status: status ?? '', text, position: String(position) });
}

async function pageOf(
  context: StatusPageContext,
  visit: Visit,
  { typed, trouble = NO_TROUBLE }: { typed: Typed; trouble?: Trouble },
): Promise<Page> {
  const words = templatesMessages(visit.language);
  const view = viewOf(context, visit);
  const state: FormState = { typed, trouble, language: visit.language, timezone: view.timezone };
  const labels = { name: words.name, status: words.status, text: words.text, position: words.position };
  const preview =
    typed.text('do') === 'preview' && previewCard([{ title: words.text, text: typed.text('text') }], state);
  const main = html`<h1>${words.title}</h1><p class="soft">${words.intro}</p>${troubleNote(trouble, labels, view)}${preview}<div class="stack">${card(
    { title: words.title, flush: true, body: listPart(await readTemplates(context.db), visit) },
  )}${card({
    title: typed.given('id') === undefined ? words.make : words.change,
    id: 'template',
    body: form({ action: visit.link(PATH), csrf: visit.csrf, wide: true, body: fields(state, visit) }),
  })}</div>`;
  return { title: words.title, nav: PATH, main };
}

function listPart(templates: readonly Template[], visit: Visit): Html {
  const words = templatesMessages(visit.language);
  const said = incidentMessages(visit.language);
  const columns = [
    { title: words.name, cell: ({ name }: Template) => clip(name, 100) },
    {
      title: words.status,
      cell: ({ status }: Template) => (status === null ? words.anyStatus : said.status(status)),
    },
    { title: words.text, cell: ({ text }: Template) => plainText(text, 120) },
    {
      title: words.edit,
      cell: ({ id, name }: Template) =>
        html`<a href="${visit.link(`${PATH}?id=${encodeURIComponent(id)}`)}" aria-label="${words.edit}: ${clip(name, 100)}">${words.edit}</a>`,
    },
    {
      title: words.remove,
      cell: ({ id, name }: Template) =>
        confirm({
          action: visit.link(`${PATH}/delete`),
          csrf: visit.csrf,
          text: words.remove,
          question: words.removeAsk(clip(name, 100)),
          language: visit.language,
          values: { id },
        }),
    },
  ];
  return table({ caption: words.title, rows: templates, empty: words.none, columns });
}

function fields(state: FormState, visit: Visit): Html {
  const words = templatesMessages(state.language);
  const said = formMessages(state.language);
  const { typed, trouble } = state;
  const isNew = typed.given('id') === undefined;
  const back = isNew ? null : { href: visit.link(PATH), text: said.cancel };
  return html`${whenEnter('do', 'save')}${!isNew && html`<input type="hidden" name="id" value="${typed.text('id')}">`}${field(
    {
      name: 'name',
      label: words.name,
      hint: words.nameHint,
      value: typed.text('name'),
      required: true,
      most: 100,
      autocomplete: 'off',
      error: trouble.fields.get('name'),
    },
  )}${statusField(state)}${markdownField(state, {
    name: 'text',
    label: words.text,
    most: 10_000,
    required: true,
  })}${field({
    name: 'position',
    label: words.position,
    type: 'number',
    min: 0,
    max: 10_000,
    value: typed.given('position') ?? '0',
    error: trouble.fields.get('position'),
  })}${actions(
    [
      { value: 'save', text: isNew ? words.add : words.save },
      { value: 'preview', text: said.preview, kind: 'plain', unchecked: true },
    ],
    back,
  )}`;
}

function statusField({ typed, trouble, language }: FormState): Html {
  const words = templatesMessages(language);
  const said = incidentMessages(language);
  const all = [...new Set(INCIDENT_TYPES.flatMap((type) => STATUSES_OF[type]))];
  return select({
    name: 'status',
    label: words.status,
    value: typed.text('status'),
    options: [
      { value: '', text: words.anyStatus },
      ...all.map((status) => ({ value: status, text: said.status(status) })),
    ],
    error: trouble.fields.get('status'),
  });
}
