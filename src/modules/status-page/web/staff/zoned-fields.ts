import { AppError, type Instant, parseZone } from '../../../../core/index.ts';
import { field, select } from '../../../../platform/design/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import type { Language } from '../../../../platform/i18n/index.ts';
import { instantToLocal, localToInstant } from '../../domain/zoned-time.ts';
import { formMessages } from './form-messages.ts';
import type { Trouble } from './trouble.ts';
import type { Typed } from './typed.ts';

/** What a form shows and keeps: what was typed, what is wrong with it, and in whose language. */
export interface FormState {
  typed: Typed;
  trouble: Trouble;
  language: Language;
  /** Of the site; the one that a form begins with. */
  timezone: string;
}

let zones: readonly string[] | undefined;

function allZones(): readonly string[] {
  zones ??= [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
  return zones;
}

/** Which zone the times of the form are in; what was typed is kept even when it is none. */
export function zoneField({ typed, trouble, language, timezone }: FormState, options: { id?: string } = {}): Html {
  const words = formMessages(language);
  const chosen = typed.has('zone') ? typed.text('zone') : timezone;
  const known = allZones();
  const names = known.includes(chosen) ? known : [chosen.slice(0, 64), ...known];
  return select({
    name: 'zone',
    ...options,
    label: words.zone,
    hint: words.zoneHint,
    value: chosen,
    options: names.map((name) => ({ value: name, text: name.replaceAll('_', ' ') })),
    error: trouble.fields.get('zone'),
  });
}

/** The zone that was chosen, checked. */
export function zoneOf(typed: Typed, timezone: string): string {
  const name = typed.text('zone').trim() || timezone;
  try {
    return parseZone(name);
  } catch (cause) {
    const fields = [{ pointer: '/zone', detail: 'is not a time zone' }];
    throw new AppError('invalid', 'zone: is not a time zone', { fields, cause });
  }
}

/** Date and time on the clocks of the form's zone. */
export function momentField(
  { typed, trouble }: FormState,
  asked: { name: string; label: string; hint?: string; required?: boolean },
): Html {
  const { name } = asked;
  return field({ ...asked, type: 'datetime-local', value: typed.text(name), error: trouble.fields.get(name) });
}

/** Both ends of a time and their zone, beside one another where there is room. */
export function beside(...fields: readonly Html[]): Html {
  return html`<div class="beside">${fields}</div>`;
}

/** The moment that was typed; what is no date and time goes on as it is, and the action refuses it. */
export function momentIn(typed: Typed, name: string, zone: string): Instant | undefined {
  const local = typed.given(name);
  if (local === undefined) return undefined;
  try {
    return localToInstant(local, zone);
  } catch {
    return local;
  }
}

/** How a moment reads in a field of this zone. */
export function localIn(instant: Instant, zone: string): string {
  return instantToLocal(instant, zone);
}
