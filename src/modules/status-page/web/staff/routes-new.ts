import type { Page, Visit, Web } from '../../../../platform/http/index.ts';
import { announceMaintenance } from '../../actions/announce-maintenance.ts';
import { openIncident } from '../../actions/open-incident.ts';
import { publishInfo } from '../../actions/publish-info.ts';
import type { StatusPageContext } from '../../actions/status-page-context.ts';
import { INCIDENT_TYPES, type IncidentType } from '../../domain/incident.ts';
import { type CatalogRead, readCatalog } from '../../store/component-read.ts';
import { visibleKeys } from '../../store/incident-read.ts';
import { viewOf } from '../page-parts.ts';
import { newMessages } from './new-messages.ts';
import { newPage } from './new-page.ts';
import { pickedIn } from './picker.ts';
import { NO_TROUBLE, orAgain, type Trouble } from './trouble.ts';
import { Typed } from './typed.ts';
import { momentIn, zoneOf } from './zoned-fields.ts';

/** `/incidents/new`: something is broken, planned, or to be known. */
export function registerNewPage(web: Web, context: StatusPageContext): void {
  web.page('/incidents/new', { role: 'creator' }, async (visit) => {
    const component = visit.query.getAll('component');
    const typed = new Typed({ impact: '1', components: component });
    return await pageOf(context, visit, { type: typeOf(visit.query.get('type')), typed, trouble: NO_TROUBLE });
  });

  web.form('/incidents/new', { role: 'creator' }, async (visit, body) => {
    const typed = new Typed(body);
    const type = typeOf(typed.text('type'));
    const again = (trouble: Trouble, shortNotice = false) =>
      pageOf(context, visit, { type, typed, trouble, shortNotice });
    const wish = typed.text('do');
    if (wish === 'preview' || wish === 'choose') return { ...(await again(NO_TROUBLE)), status: 200 };
    return await orAgain(
      visit.language,
      async () => {
        const made = await begin(context, visit, { type, typed });
        if (made === null) return { ...(await again(NO_TROUBLE, true)), status: 422 };
        return { redirect: `/incidents/${made.id}`, notice: made.notice };
      },
      again,
    );
  });
}

function typeOf(word: string | null): IncidentType {
  return INCIDENT_TYPES.find((type) => type === word) ?? 'incident';
}

interface Asked {
  type: IncidentType;
  typed: Typed;
  trouble: Trouble;
  /** It would be announced later than it should. */
  shortNotice?: boolean;
}

async function pageOf(
  context: StatusPageContext,
  visit: Visit,
  { type, typed, trouble, shortNotice = false }: Asked,
): Promise<Page> {
  const { timezone } = context.site();
  const { contact_domains: domains, notice_period: period } = context.config();
  return newPage({
    type,
    state: { typed, trouble, language: visit.language, timezone },
    catalog: await catalogFor(context, visit),
    visit,
    view: viewOf(context, visit),
    shortNotice: shortNotice || typed.has('confirmed') ? period : null,
    domains,
  });
}

/** What there is to choose from. */
export async function catalogFor(context: StatusPageContext, visit: Visit): Promise<CatalogRead> {
  return await readCatalog(context.db, { visible: await visibleKeys(context.components, visit.actor) });
}

async function begin(
  context: StatusPageContext,
  visit: Visit,
  { type, typed }: Pick<Asked, 'type' | 'typed'>,
): Promise<{ id: number; notice: string } | null> {
  const words = newMessages(visit.language);
  const { actor } = visit;
  const zone = zoneOf(typed, context.site().timezone);
  const shared = {
    title: typed.text('title'),
    description: typed.text('description'),
    components: pickedIn(typed, await catalogFor(context, visit)),
    start: momentIn(typed, 'start', zone),
    text: typed.given('text'),
  };
  if (type === 'incident') {
    const { id } = await openIncident(context, actor, { ...shared, impact: Number(typed.text('impact')) });
    return { id, notice: words.incidentOpened };
  }
  const end = momentIn(typed, 'end', zone);
  if (type === 'info') {
    const { id } = await publishInfo(context, actor, { ...shared, end });
    return { id, notice: words.published };
  }
  const announced = await announceMaintenance(context, actor, {
    ...shared,
    end,
    contactEmail: typed.given('contactEmail'),
    confirmed: typed.has('confirmed'),
  });
  if (announced.shortNotice) return null;
  return { id: announced.id, notice: announced.status === 'pending_review' ? words.waits : words.announced };
}
