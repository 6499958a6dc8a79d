import { parseRecurrence, WEEKDAYS } from '../../domain/recurrence-rule.ts';
import { type Body, Typed } from './typed.ts';

/** How often, in the words of the form. */
export const UNITS = ['days', 'weeks', 'months', 'months-weekday', 'years'] as const;
export type Unit = (typeof UNITS)[number];

/** Which one of a month, counted from its end if negative. */
export const ORDINALS = ['1', '2', '3', '4', '-1'] as const;
export type Ordinal = (typeof ORDINALS)[number];

export const ENDINGS = ['never', 'until', 'count'] as const;
export type Ending = (typeof ENDINGS)[number];

const FREQUENCY: Readonly<Record<Unit, string>> = {
  days: 'DAILY',
  weeks: 'WEEKLY',
  months: 'MONTHLY',
  'months-weekday': 'MONTHLY',
  years: 'YEARLY',
};

/** The rule that the choices of a form make; what was written as a rule goes before them. */
export function ruleIn(typed: Typed): string {
  const written = typed.given('rule');
  if (written !== undefined) return written;
  const unit = UNITS.find((one) => one === typed.text('unit')) ?? 'weeks';
  const parts = [`FREQ=${FREQUENCY[unit]}`];
  const every = typed.given('every') ?? '1';
  if (every !== '1') parts.push(`INTERVAL=${every}`);
  const weekdays = typed.list('weekday');
  if (unit === 'weeks' && weekdays.length > 0) parts.push(`BYDAY=${weekdays.join(',')}`);
  if (unit === 'months-weekday') parts.push(`BYDAY=${typed.text('ordinal')}${typed.text('ordinalDay')}`);
  const ending = typed.text('ending');
  if (ending === 'until') parts.push(`UNTIL=${typed.text('until').replaceAll('-', '')}`);
  if (ending === 'count') parts.push(`COUNT=${typed.text('count')}`);
  return parts.join(';');
}

/** The choices that make a rule; one that they cannot say stands as it is in the field for rules. */
export function choicesOf(rule: string): Body {
  const { frequency, interval, byDay, count, until } = parseRecurrence(rule);
  const [first] = byDay;
  const [day, ordinal] = [WEEKDAYS[first?.weekday ?? 0] ?? 'MO', first?.ordinal ?? null];
  const unit = UNITS.find((one) =>
    one === 'months-weekday'
      ? frequency === 'MONTHLY' && ordinal !== null
      : FREQUENCY[one] === frequency && (one === 'weeks' || byDay.length === 0),
  );
  const choices: Body = {
    rule: '',
    unit: unit ?? 'weeks',
    every: String(interval),
    weekday: unit === 'weeks' ? byDay.flatMap(({ weekday }) => WEEKDAYS[weekday] ?? []) : [],
    ordinal: String(ordinal ?? 1),
    ordinalDay: day,
    ending: until !== null ? 'until' : count !== null ? 'count' : 'never',
    until: until?.kind === 'date' ? until.date : '',
    count: count === null ? '' : String(count),
  };
  // Only what comes back as the very same rule may be shown as choices.
  const canonical = (text: string) => JSON.stringify(parseRecurrence(text));
  const isSame = unit !== undefined && tryCanonical(() => canonical(ruleIn(new Typed(choices)))) === canonical(rule);
  return isSame ? choices : { ...choices, rule };
}

function tryCanonical(make: () => string): string | null {
  try {
    return make();
  } catch {
    return null;
  }
}
