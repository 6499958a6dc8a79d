import type { ComponentKey } from '../../../../core/index.ts';
import { button, checkbox, clip, field } from '../../../../platform/design/index.ts';
import { attributes, type Html, html } from '../../../../platform/html/index.ts';
import type { CatalogComponent, CatalogRead } from '../../store/component-read.ts';
import { formMessages } from './form-messages.ts';
import type { Typed } from './typed.ts';
import type { FormState } from './zoned-fields.ts';

/** A service of the catalogue with its component in each region. */
interface Service {
  name: string;
  components: readonly CatalogComponent[];
}

/** With no more than this, all categories stand open. */
const FEW = 24;

/**
 * The components that a form names: those ticked, whole services, and keys of other areas as they were typed. While
 * `do` is `choose` the product of services, regions and categories is added instead of whole services.
 */
export function pickedIn(typed: Typed, catalog: CatalogRead): ComponentKey[] {
  const all = [...catalog.components.values()];
  const services = new Set(typed.list('service'));
  const isProduct = typed.text('do') === 'choose';
  const whole = isProduct ? [] : all.filter((component) => services.has(serviceOf(component)));
  const typedKeys = typed
    .text('otherComponents')
    .split(/[\s,;]+/)
    .filter(Boolean);
  const keys = [...typed.list('components'), ...whole.map(({ key }) => key), ...typedKeys];
  if (isProduct) keys.push(...productIn(typed, all));
  return [...new Set(keys)];
}

function productIn(typed: Typed, all: readonly CatalogComponent[]): ComponentKey[] {
  const regions = new Set(typed.list('quickRegion'));
  const categories = new Set(typed.list('quickCategory'));
  const services = new Set(typed.list('service'));
  if (regions.size + categories.size + services.size === 0) return [];
  return all
    .filter((component) => services.size === 0 || services.has(serviceOf(component)))
    .filter(({ region }) => regions.size === 0 || regions.has(region ?? ''))
    .filter(({ category }) => categories.size === 0 || categories.has(category ?? ''))
    .map(({ key }) => key);
}

function serviceOf({ name, category }: CatalogComponent): string {
  return `${category ?? ''}/${name}`;
}

/** Services by category, a box for each region, with shortcuts; without script everything is there as well. */
export function picker(
  state: FormState,
  catalog: CatalogRead,
  options: { taken?: readonly ComponentKey[] } = {},
): Html {
  const words = formMessages(state.language);
  const error = state.trouble.fields.get('components');
  const described = error === undefined ? 'components-hint' : 'components-hint components-error';
  const chosen = new Set(pickedIn(state.typed, catalog));
  const taken = new Set(options.taken);
  const shown = [...catalog.components.values()].filter(({ key }) => !taken.has(key));
  const byCategory = [...Map.groupBy(shown, ({ category }) => category ?? '')].toSorted(([a], [b]) =>
    a === '' ? 1 : b === '' ? -1 : a.localeCompare(b, state.language),
  );
  const others = [...chosen].filter((key) => !catalog.components.has(key));
  return html`<fieldset class="picker${error !== undefined && ' wrong'}" id="components" tabindex="-1" data-picker aria-describedby="${described}"><legend>${words.components}</legend>
<p class="hint" id="components-hint">${catalog.components.size === 0 ? words.emptyCatalogue : words.componentsHint}</p>${
    error !== undefined && html`<p class="mistake" id="components-error">${error}</p>`
  }
<div class="field" data-picker-find hidden><label for="picker-find">${words.findComponent}</label><input type="search" id="picker-find" autocomplete="off" disabled></div>
<div class="categories">${byCategory.map(([category, components]) =>
    categoryPart(category, components, { chosen, state, isOpen: shown.length <= FEW }),
  )}</div>
${shown.length > FEW && quickPart(state, catalog)}${field({
  name: 'otherComponents',
  label: words.otherKeys,
  hint: words.otherKeysHint,
  value: others.join(' '),
  autocomplete: 'off',
})}</fieldset>
`;
}

function categoryPart(
  category: string,
  components: readonly CatalogComponent[],
  { chosen, state, isOpen }: { chosen: ReadonlySet<ComponentKey>; state: FormState; isOpen: boolean },
): Html {
  const words = formMessages(state.language);
  const here = components.filter(({ key }) => chosen.has(key)).length;
  const services: Service[] = [...Map.groupBy(components, ({ name }) => name)].map(([name, those]) => ({
    name,
    components: those,
  }));
  const count = words.chosenOf(here, components.length);
  return html`<details${attributes({ open: isOpen || here > 0 })}><summary><b>${clip(category, 80) || words.uncategorised}</b> <span class="soft">${count}</span></summary>${services.map(
    (service) => servicePart(service, { chosen, state }),
  )}</details>
`;
}

function servicePart(
  { name, components }: Service,
  { chosen, state }: { chosen: ReadonlySet<ComponentKey>; state: FormState },
): Html {
  const words = formMessages(state.language);
  const [first] = components;
  if (first === undefined) return html``;
  const label = clip(name, 80);
  if (components.length === 1) {
    const text = html`${label}${first.region !== null && html` <small class="soft">${clip(first.region, 30)}</small>`}`;
    return html`<div class="choice" data-choice>${box(first, chosen, text)}</div>`;
  }
  // Never ticked beforehand: without script it would bring back what somebody takes away.
  const whole = attributes({ id: `service-${first.key}`, value: serviceOf(first) });
  return html`<div class="choice" data-choice role="group" aria-label="${label}"><span class="service">${label}</span>${components.map(
    (component) => box(component, chosen, clip(component.region ?? component.key, 30), { 'data-member': true }),
  )}<span class="check soft"><input type="checkbox" name="service"${whole} data-whole><label for="service-${first.key}">${words.everywhere}</label></span></div>`;
}

function box(
  { key }: CatalogComponent,
  chosen: ReadonlySet<ComponentKey>,
  text: Html | string,
  more: Readonly<Record<string, boolean>> = {},
): Html {
  const given = attributes({ id: `c-${key}`, value: key, checked: chosen.has(key), ...more });
  return html`<span class="check"><input type="checkbox" name="components"${given}><label for="c-${key}">${text}</label></span>`;
}

/** The product of regions and categories at one stroke, narrowed in the list afterwards. */
function quickPart({ typed, language }: FormState, catalog: CatalogRead): Html {
  const words = formMessages(language);
  const boxes = (name: string, entries: readonly (readonly [string, string])[]) => {
    const chosen = typed.list(name);
    return entries.map(([value, text], index) =>
      checkbox({ name, id: `${name}-${index}`, value, label: clip(text, 60), checked: chosen.includes(value) }),
    );
  };
  return html`<details class="behind"><summary>${words.quick}</summary><p class="hint">${words.quickHint}</p>
<fieldset><legend>${words.quickRegions}</legend>${boxes(
    'quickRegion',
    catalog.regions.map(({ id, label }) => [id, label]),
  )}</fieldset><fieldset><legend>${words.quickCategories}</legend>${boxes(
    'quickCategory',
    catalog.categories.map((category) => [category, category]),
  )}</fieldset><p>${button(words.quickAdd, { kind: 'plain', name: 'do', value: 'choose', unchecked: true })}</p></details>
`;
}
