import { card, clip } from '../../../../platform/design/index.ts';
import { html } from '../../../../platform/html/index.ts';
import type { Page, Visit, Web } from '../../../../platform/http/index.ts';
import { postUpdate } from '../../actions/post-update.ts';
import { requireWriter } from '../../actions/require-writer.ts';
import type { StatusPageContext } from '../../actions/status-page-context.ts';
import { readTemplates } from '../../store/template-read.ts';
import { incidentMessages } from '../incident-messages.ts';
import { formMessages } from './form-messages.ts';
import { previewCard, troubleNote } from './form-parts.ts';
import { incidentFrame, staffIncident, versionIn } from './staff-incident.ts';
import { NO_TROUBLE, orAgain, type Trouble } from './trouble.ts';
import { Typed } from './typed.ts';
import { rebased, updateForm, updateTyped } from './update-form.ts';
import { updateFormMessages } from './update-form-messages.ts';
import { momentIn, zoneOf } from './zoned-fields.ts';

/** `/incidents/:id/update`: what is new, and what changes with it. */
export function registerUpdatePage(web: Web, context: StatusPageContext): void {
  web.page('/incidents/:id/update', { role: 'creator' }, async (visit) => {
    const { incident } = await staffIncident(context, visit);
    requireWriter(visit.actor, incident, null);
    const typed = updateTyped(incident, visit.query.get('status'));
    return await pageOf(context, visit, { typed, isOpen: visit.query.get('open') === 'more' });
  });

  web.form('/incidents/:id/update', { role: 'creator' }, async (visit, body) => {
    const typed = new Typed(body);
    const wish = typed.text('do');
    if (wish === 'preview') return { ...(await pageOf(context, visit, { typed })), status: 200 };
    if (wish === 'template') {
      return { ...(await pageOf(context, visit, { typed: await withTemplate(context, typed) })), status: 200 };
    }
    return await orAgain(
      visit.language,
      async () => {
        const { incident } = await staffIncident(context, visit);
        await postUpdate(context, visit.actor, incident.id, inputOf(typed, context.site().timezone));
        return { redirect: `/incidents/${incident.id}`, notice: updateFormMessages(visit.language).posted };
      },
      (trouble) => pageOf(context, visit, { typed, trouble }),
    );
  });
}

async function pageOf(
  context: StatusPageContext,
  visit: Visit,
  { typed, trouble = NO_TROUBLE, isOpen = false }: { typed: Typed; trouble?: Trouble; isOpen?: boolean },
): Promise<Page> {
  const found = await staffIncident(context, visit);
  const { incident, view } = found;
  const words = updateFormMessages(visit.language);
  const said = formMessages(visit.language);
  const shown = trouble.outdated === null ? typed : rebased(typed, incident);
  const state = { typed: shown, trouble, language: visit.language, timezone: context.site().timezone };
  const labels = {
    status: words.status,
    text: words.text,
    impact: words.impact,
    at: words.at,
    zone: said.zone,
    title: said.title,
    description: said.description,
    start: words.start,
    end: words.end,
  };
  const changesMore = shown.text('title') !== shown.text('wasTitle') || shown.text('start') + shown.text('end') !== '';
  const form = updateForm({
    ...found,
    visit,
    state,
    templates: await readTemplates(context.db),
    isOpen: isOpen || (typed.has('do') && changesMore),
  });
  const preview =
    typed.text('do') === 'preview' &&
    previewCard(
      [
        { title: words.text, text: typed.text('text') },
        { title: said.description, text: typed.text('description') },
      ],
      state,
    );
  const now = html`<p class="soft">${words.state(incidentMessages(visit.language).status(incident.status), incident.version)}</p>`;
  const body = html`${troubleNote(trouble, labels, view)}${preview}${card({
    title: clip(incident.title, 200),
    body: html`${now}${form}`,
  })}`;
  return incidentFrame(found, words.heading, body);
}

/** Behind what is written already: nothing typed is lost. A template's status is set with it. */
async function withTemplate(context: StatusPageContext, typed: Typed): Promise<Typed> {
  const template = (await readTemplates(context.db)).find(({ id }) => id === typed.text('template'));
  if (template === undefined) return typed;
  const text = [typed.text('text').trimEnd(), template.text].filter((part) => part !== '').join('\n\n');
  return typed.with({ text, template: '', ...(template.status === null ? {} : { status: template.status }) });
}

/** What was typed, as the action wants it: fields that nobody touched change nothing. */
function inputOf(typed: Typed, timezone: string): Record<string, unknown> {
  const zone = zoneOf(typed, timezone);
  const touched = (name: string, was: string) =>
    typed.has(name) && typed.text(name) !== typed.text(was) ? typed.text(name) : undefined;
  const impact = typed.given('impact');
  return {
    version: versionIn(typed),
    status: typed.text('status'),
    text: typed.text('text'),
    at: momentIn(typed, 'at', zone),
    title: touched('title', 'wasTitle'),
    description: touched('description', 'wasDescription'),
    impact: impact === undefined ? undefined : Number(impact),
    start: momentIn(typed, 'start', zone),
    end: momentIn(typed, 'end', zone),
  };
}
