import { checkbox, clip, field, select } from '../../../../platform/design/index.ts';
import { attributes, type Html, html } from '../../../../platform/html/index.ts';
import type { Language } from '../../../../platform/i18n/index.ts';
import { WEEKDAYS } from '../../domain/recurrence-rule.ts';
import type { Series } from '../../domain/series.ts';
import type { CatalogRead } from '../../store/component-read.ts';
import { formMessages } from './form-messages.ts';
import { markdownField, optional, titleField } from './form-parts.ts';
import { newMessages } from './new-messages.ts';
import { picker } from './picker.ts';
import { seriesMessages } from './series-messages.ts';
import { choicesOf, ENDINGS, ORDINALS, UNITS } from './simple-rule.ts';
import { Typed } from './typed.ts';
import { beside, type FormState, momentField, zoneField } from './zoned-fields.ts';

/** What the form of a series begins with. */
export function seriesTyped(series: Series | null): Typed {
  if (series === null) {
    return new Typed({
      hours: '1',
      minutes: '0',
      every: '1',
      unit: 'weeks',
      ordinal: '1',
      ordinalDay: 'MO',
      ending: 'never',
    });
  }
  const { title, description, components, zone, startLocal, durationMinutes, exceptions, contactEmail, version } =
    series;
  return new Typed({
    ...choicesOf(series.rule),
    version: String(version),
    title,
    description,
    components: [...components],
    zone,
    startLocal,
    hours: String(Math.floor(durationMinutes / 60)),
    minutes: String(durationMinutes % 60),
    exceptions: exceptions.join('\n'),
    contactEmail: contactEmail ?? '',
  });
}

/** `Monday`, in the visitor's language. */
export function weekdayWord(place: number, language: Language): string {
  // The first of January 2024 was a Monday.
  const day = Date.UTC(2024, 0, 1 + place);
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { weekday: 'long', timeZone: 'UTC' }).format(
    day,
  );
}

export function seriesFields(state: FormState, catalog: CatalogRead): Html {
  const words = seriesMessages(state.language);
  const said = formMessages(state.language);
  const { typed, trouble } = state;
  return html`${titleField(state)}${markdownField(state, {
    name: 'description',
    label: words.what,
    hint: words.whatHint,
    most: 1500,
    required: true,
  })}${picker(state, catalog)}${beside(
    momentField(state, { name: 'startLocal', label: words.firstStart, hint: words.firstStartHint, required: true }),
    zoneField(state),
  )}${durationPart(state)}${repetitionPart(state)}${field({
    name: 'exceptions',
    label: optional(words.exceptions, state),
    hint: words.exceptionsHint,
    rows: 3,
    value: typed.text('exceptions'),
    error: trouble.fields.get('exceptions'),
  })}${field({
    name: 'contactEmail',
    label: `${newMessages(state.language).contact} (${said.optional})`,
    hint: newMessages(state.language).contactHint,
    type: 'email',
    autocomplete: 'email',
    value: typed.text('contactEmail'),
    error: trouble.fields.get('contactEmail'),
  })}`;
}

function durationPart({ typed, trouble, language }: FormState): Html {
  const words = seriesMessages(language);
  return beside(
    field({
      name: 'hours',
      id: 'durationMinutes',
      label: words.hours,
      type: 'number',
      min: 0,
      max: 744,
      value: typed.text('hours'),
      error: trouble.fields.get('durationMinutes'),
    }),
    field({ name: 'minutes', label: words.minutes, type: 'number', min: 0, max: 59, value: typed.text('minutes') }),
  );
}

/** Simple choices, and behind a fold the rule itself. */
function repetitionPart(state: FormState): Html {
  const words = seriesMessages(state.language);
  const { typed, trouble, language } = state;
  const wrong = trouble.fields.get('rule');
  const isWritten = typed.given('rule') !== undefined;
  const rule = field({
    name: 'rule',
    id: 'rule-text',
    label: words.ruleField,
    hint: words.ruleHint,
    value: typed.text('rule'),
    autocomplete: 'off',
    error: isWritten ? wrong : undefined,
  });
  return html`<fieldset id="rule" tabindex="-1"><legend>${words.repetition}</legend>${
    wrong !== undefined && !isWritten && html`<p class="mistake" id="rule-error">${wrong}</p>`
  }${beside(
    field({ name: 'every', label: words.every, type: 'number', min: 1, max: 999, value: typed.text('every') }),
    select({
      name: 'unit',
      label: words.unitLabel,
      value: typed.text('unit'),
      options: UNITS.map((unit) => ({ value: unit, text: words.unit(unit) })),
    }),
  )}${weekdaysPart(typed, language)}${ordinalPart(typed, language)}${endingPart(typed, language)}<details class="behind"${attributes({ open: isWritten })}><summary>${clip(words.advanced)}</summary><div class="form wide">${rule}</div></details></fieldset>
`;
}

function weekdaysPart(typed: Typed, language: Language): Html {
  const words = seriesMessages(language);
  const chosen = typed.list('weekday');
  const boxes = WEEKDAYS.map((day, place) =>
    checkbox({
      name: 'weekday',
      id: `weekday-${day}`,
      value: day,
      label: weekdayWord(place, language),
      checked: chosen.includes(day),
    }),
  );
  return html`<fieldset class="inline-choices"><legend>${words.weekdays}</legend><p class="hint">${words.weekdaysHint}</p>${boxes}</fieldset>`;
}

function ordinalPart(typed: Typed, language: Language): Html {
  const words = seriesMessages(language);
  return beside(
    select({
      name: 'ordinal',
      label: words.ordinalLabel,
      hint: words.ordinalHint,
      value: typed.text('ordinal'),
      options: ORDINALS.map((ordinal) => ({ value: ordinal, text: words.ordinal(ordinal) })),
    }),
    select({
      name: 'ordinalDay',
      label: words.ordinalDay,
      value: typed.text('ordinalDay'),
      options: WEEKDAYS.map((day, place) => ({ value: day, text: weekdayWord(place, language) })),
    }),
  );
}

function endingPart(typed: Typed, language: Language): Html {
  const words = seriesMessages(language);
  return beside(
    select({
      name: 'ending',
      label: words.endingLabel,
      value: typed.text('ending'),
      options: ENDINGS.map((ending) => ({ value: ending, text: words.ending(ending) })),
    }),
    field({ name: 'until', label: words.until, type: 'date', value: typed.text('until') }),
    field({ name: 'count', label: words.count, type: 'number', min: 1, max: 10_000, value: typed.text('count') }),
  );
}
