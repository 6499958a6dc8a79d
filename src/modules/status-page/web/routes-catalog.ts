import type { ComponentKey } from '../../../core/index.ts';
import { AppError, requireRole } from '../../../core/index.ts';
import type { FormAnswer, Page, Visit, Web } from '../../../platform/http/index.ts';
import { exportCatalog } from '../actions/export-catalog.ts';
import { provisionCatalog } from '../actions/provision-catalog.ts';
import { readCatalogPlan } from '../actions/read-catalog.ts';
import { retireComponent } from '../actions/retire-component.ts';
import { FormRefusal, saveComponent } from '../actions/save-component.ts';
import { RegionRefusal, saveRegions } from '../actions/save-regions.ts';
import type { CatalogContext } from '../actions/tell-catalog.ts';
import { type ComponentInput, inputOf } from '../domain/catalog-form.ts';
import { connectedComponents, storedRegions } from '../store/catalog-read.ts';
import { catalogFilePage } from './catalog-file-page.ts';
import { catalogFormPage, type FormPageProps } from './catalog-form-page.ts';
import { catalogMessages } from './catalog-messages.ts';
import { CATALOG, catalogPage } from './catalog-page.ts';

const ADMIN = { role: 'admin' } as const;
/** A catalogue of some thousand entries. */
const UPLOAD = { role: 'admin', upload: { bodyLimit: 4 * 1024 * 1024 } } as const;

type Body = Readonly<Record<string, string | string[]>>;

/** `/admin/catalog` and what lies behind it. */
export function registerCatalogPages(web: Web, context: CatalogContext): void {
  web.page(CATALOG, ADMIN, (visit) => listPage(context, visit));
  web.file(`${CATALOG}/export`, ADMIN, async (visit) => ({
    type: 'application/yaml; charset=utf-8',
    body: await exportCatalog(context.db, visit.actor),
    headers: { 'content-disposition': 'attachment; filename="catalog.yaml"' },
  }));
  registerRetirement(web, context);
  registerForms(web, context);
  registerFile(web, context);
}

async function listPage(
  context: CatalogContext,
  visit: Visit,
  more: { refused?: string; typedRegions?: string } = {},
): Promise<Page> {
  requireRole(visit.actor, 'admin');
  const [components, regions] = [await connectedComponents(context.db), await storedRegions(context.db)];
  const page = catalogPage(visit, { components, regions, ...more });
  return more.refused === undefined ? page : { ...page, status: 422 };
}

function registerRetirement(web: Web, context: CatalogContext): void {
  for (const [verb, retired] of [
    ['retire', true],
    ['return', false],
  ] as const) {
    web.form(`${CATALOG}/${verb}`, ADMIN, async (visit, body) => {
      const words = catalogMessages(visit.language);
      try {
        const name = await retireComponent(context, visit.actor, { key: one(body, 'key'), retired });
        return { redirect: CATALOG, notice: (retired ? words.retiredNow : words.returned)(name) };
      } catch (error) {
        if (error instanceof FormRefusal) return listPage(context, visit, { refused: words.notReturned });
        throw error;
      }
    });
  }
  web.form(`${CATALOG}/regions`, ADMIN, async (visit, body) => {
    const words = catalogMessages(visit.language);
    try {
      await saveRegions(context, visit.actor, one(body, 'regions'));
      return { redirect: CATALOG, notice: words.regionsSaved };
    } catch (error) {
      if (!(error instanceof RegionRefusal)) throw error;
      return listPage(context, visit, { refused: words.regionWrong(error.line), typedRegions: one(body, 'regions') });
    }
  });
}

const EMPTY: ComponentInput = {
  name: '',
  region: '',
  category: '',
  attributes: '',
  description: '',
  docsUrl: '',
  visibility: 'public',
  position: '0',
  target: '',
  dependsOn: '',
};

function registerForms(web: Web, context: CatalogContext): void {
  const show = async (visit: Visit, key: ComponentKey | null, typed: Partial<FormPageProps> = {}): Promise<Page> => {
    requireRole(visit.actor, 'admin');
    const [components, regions] = [await connectedComponents(context.db), await storedRegions(context.db)];
    const component = key === null ? null : (components.find((found) => found.key === key) ?? null);
    if (key !== null && component === null) throw new AppError('not_found', catalogMessages(visit.language).gone);
    const names = (values: (string | null)[]) => [...new Set(values.filter((value) => value !== null))].sort();
    const used = {
      regions: names([...regions.map(({ id }) => id), ...components.map(({ region }) => region)]),
      categories: names(components.map(({ category }) => category)),
    };
    const input = component === null ? EMPTY : inputOf(component);
    return catalogFormPage(visit, { component, input, handBack: false, regions, used, ...typed });
  };
  const save = async (visit: Visit, body: Body, key: ComponentKey | null): Promise<FormAnswer> => {
    const words = catalogMessages(visit.language);
    const input = typedInput(body);
    const handBack = one(body, 'owner') === 'file';
    const seen = one(body, 'seen');
    try {
      const about = key === null ? {} : { key, ...(seen === '' ? {} : { seen }) };
      await saveComponent(context, visit.actor, { input, owner: handBack ? 'file' : 'person', ...about });
      return { redirect: CATALOG, notice: (key === null ? words.added : words.saved)(input.name.trim()) };
    } catch (error) {
      if (!(error instanceof FormRefusal)) throw error;
      const refused = error.code === 'conflict' ? { refused: words.outdated } : {};
      return await show(visit, key, { input, handBack, mistakes: error.mistakes, ...refused });
    }
  };
  const keyOf = (visit: Visit): ComponentKey => `status-page/${visit.params['name'] ?? ''}`;
  web.page(`${CATALOG}/new`, ADMIN, (visit) => show(visit, null));
  web.form(`${CATALOG}/new`, ADMIN, (visit, body) => save(visit, body, null));
  web.page(`${CATALOG}/edit/:name`, ADMIN, (visit) => show(visit, keyOf(visit)));
  web.form(`${CATALOG}/edit/:name`, ADMIN, (visit, body) => save(visit, body, keyOf(visit)));
}

function registerFile(web: Web, context: CatalogContext): void {
  web.page(`${CATALOG}/file`, ADMIN, async (visit) => catalogFilePage(visit, { text: '' }));
  web.form(`${CATALOG}/file`, UPLOAD, async (visit, body) => {
    const chosen = one(body, 'file');
    const text = chosen.trim() === '' ? one(body, 'text') : chosen;
    if (text.trim() === '')
      return catalogFilePage(visit, { text: '', refused: catalogMessages(visit.language).noText });
    return catalogFilePage(visit, { text, plan: await readCatalogPlan(context.db, text) });
  });
  web.form(`${CATALOG}/apply`, UPLOAD, async (visit, body) => {
    const words = catalogMessages(visit.language);
    const text = one(body, 'text');
    const planned = await readCatalogPlan(context.db, text);
    if (planned.mistakes.length > 0) return catalogFilePage(visit, { text, plan: planned });
    const plan = await provisionCatalog(context, visit.actor, { text });
    const { added, changed, retired, returned } = plan;
    const notice = words.applied(added.length, changed.length + returned.length, retired.length);
    return { redirect: CATALOG, notice };
  });
}

function one(body: Body, name: string): string {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

function typedInput(body: Body): ComponentInput {
  const typed = Object.keys(EMPTY).map((name) => [name, one(body, name)] as const);
  return { ...EMPTY, ...(Object.fromEntries(typed) as Partial<ComponentInput>) };
}
