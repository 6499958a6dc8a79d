import { adminPage } from '../../../platform/auth/index.ts';
import {
  button,
  buttonLink,
  card,
  checkbox,
  clip,
  field,
  form,
  mistakes,
  select,
} from '../../../platform/design/index.ts';
import { type Html, html } from '../../../platform/html/index.ts';
import type { Page, Visit } from '../../../platform/http/index.ts';
import type { StoredRegion } from '../domain/catalog-component.ts';
import type { ComponentInput, FormField, FormMistake } from '../domain/catalog-form.ts';
import { LIMITS } from '../domain/catalog-rules.ts';
import type { ConnectedComponent } from '../store/catalog-read.ts';
import { catalogMessages } from './catalog-messages.ts';
import { CATALOG, tabOf } from './catalog-page.ts';

export interface FormPageProps {
  /** Null: a new one. */
  component: ConnectedComponent | null;
  input: ComponentInput;
  handBack: boolean;
  regions: readonly StoredRegion[];
  /** Regions and categories in use, offered while typing. */
  used: { regions: readonly string[]; categories: readonly string[] };
  mistakes?: readonly FormMistake[];
  /** Above the form: somebody else was faster. */
  refused?: string;
}

/** Adds or edits one component; after a mistake with everything typed and every mistake in its place. */
export function catalogFormPage(visit: Visit, props: FormPageProps): Page {
  const words = catalogMessages(visit.language);
  const { component, refused } = props;
  const title = component === null ? words.add : words.editTitle(clip(component.name, 60));
  const path =
    component === null ? `${CATALOG}/new` : `${CATALOG}/edit/${component.key.slice(component.key.indexOf('/') + 1)}`;
  const body = html`${mistakes(visit.language, refused === undefined ? summary(visit, props) : [refused])}${
    component !== null && html`<input type="hidden" name="seen" value="${component.modifiedAt}">`
  }${fields(visit, props)}${
    component !== null &&
    checkbox({ name: 'owner', value: 'file', label: words.handBack, hint: words.handBackHint, checked: props.handBack })
  }${button(words.save)}`;
  const content = html`${card({
    title,
    aside: component === null ? undefined : html`<code>${component.key}</code>`,
    body: form({ action: visit.link(path), csrf: visit.csrf, body }),
  })}<p>${buttonLink(visit.link(CATALOG), words.back)}</p>`;
  return adminPage(visit, { ...tabOf(visit), title }, content, refused === undefined ? {} : { status: 409 });
}

/** All mistakes by the names of their fields, for those who hear the page. */
function summary(visit: Visit, { mistakes: found = [] }: FormPageProps): string[] {
  const words = catalogMessages(visit.language);
  return found.map((mistake) => `${words.field(mistake.field)}: ${words.mistake(mistake)}`);
}

function fields(visit: Visit, { input, mistakes: found = [], used }: FormPageProps): Html {
  const words = catalogMessages(visit.language);
  const about = (name: FormField, hint?: string) => {
    const texts = found.filter((mistake) => mistake.field === name).map((mistake) => words.mistake(mistake));
    const error = texts.length === 0 ? undefined : texts.join(' ');
    return { name, label: words.field(name), value: input[name], error, ...(hint === undefined ? {} : { hint }) };
  };
  const offered = (values: readonly string[]) =>
    `${words.optional} ${values
      .slice(0, 12)
      .map((value) => clip(value, 40))
      .join(', ')}`.trim();
  return html`${field({ ...about('name'), required: true, maxlength: LIMITS.name })}${field({
    ...about('region', offered(used.regions)),
    maxlength: LIMITS.attributeValue,
  })}${field({ ...about('category', offered(used.categories)), maxlength: LIMITS.attributeValue })}${field({
    ...about('attributes', words.attributesHint),
    rows: 4,
  })}${field({ ...about('description', words.descriptionHint), rows: 3, maxlength: LIMITS.description })}${field({
    ...about('docsUrl', words.optional),
    type: 'url',
    maxlength: LIMITS.docsUrl,
  })}${select({
    ...about('visibility'),
    options: [
      { value: 'public', text: words.public },
      { value: 'members', text: words.members },
    ],
  })}${field(about('target', words.targetHint))}${field(about('position', words.positionHint))}${field({
    ...about('dependsOn', words.dependsHint),
    rows: 3,
  })}`;
}
