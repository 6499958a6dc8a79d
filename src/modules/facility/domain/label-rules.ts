import { type Level, SEVERITIES } from '../../../core/index.ts';

/** Levels a label can call for. `unknown` is not among them: that is what we say when nobody watches. */
export type LabelLevel = Exclude<Level, 'unknown'>;

/** What the lab calls a condition, and how bad it is. */
export interface Condition {
  state: string;
  level: LabelLevel;
}

/** What one special label does to an issue. */
export interface SpecialLabel {
  label: string;
  effect: Condition | 'ignored';
}

/** How one project reads its labels. */
export interface LabelRules {
  /** Labels that begin so name a device: `D:`. Empty: none do. */
  prefix: string;
  /** Scope of scoped device labels (`device` for `device::X`). */
  scope?: string | undefined;
  specials: readonly SpecialLabel[];
  /** Whether special labels must be written exactly as configured. */
  caseSensitive: boolean;
  /** A device with an open issue that has no special label. */
  plain: Condition;
  /** A device without an open issue. */
  idle: Condition;
}

export const DEFAULT_RULES: LabelRules = {
  prefix: 'D:',
  caseSensitive: false,
  specials: [
    { label: 'CRITICAL', effect: { state: 'DOWN', level: 'major_outage' } },
    { label: 'Information', effect: { state: 'RUNNING | INFO', level: 'notice' } },
    { label: 'Logbook', effect: 'ignored' },
  ],
  plain: { state: 'LIMITED', level: 'degraded' },
  idle: { state: 'RUNNING', level: 'operational' },
};

/** A planned pause is worse than a note and milder than a fault. */
const RANKS: readonly LabelLevel[] = ['operational', 'notice', 'maintenance', ...SEVERITIES.slice(2)];

/** Positive when `a` is the worse one. */
export function compareLevels(a: LabelLevel, b: LabelLevel): number {
  return RANKS.indexOf(a) - RANKS.indexOf(b);
}

export function isDeviceLabel(rules: LabelRules, label: string): boolean {
  return devicePart(rules, label) !== null;
}

/** The label that makes a device of this name. */
export function deviceLabel(rules: LabelRules, device: string): string {
  return rules.scope === undefined || rules.scope === '' ? `${rules.prefix}${device}` : `${rules.scope}::${device}`;
}

/** The device's name without its prefix; the whole label when nothing would be left. */
export function deviceName(rules: LabelRules, label: string): string {
  const name = (devicePart(rules, label) ?? label).trim();
  return name === '' ? label.trim() || label : name;
}

function devicePart(rules: LabelRules, label: string): string | null {
  if (rules.prefix !== '' && label.startsWith(rules.prefix)) return label.slice(rules.prefix.length);
  const scope = rules.scope === undefined || rules.scope === '' ? null : `${rules.scope}::`;
  return scope !== null && label.startsWith(scope) ? label.slice(scope.length) : null;
}

/** What an issue with these labels says about its devices; null when it says nothing. */
export function conditionOf(rules: LabelRules, labels: readonly string[]): Condition | null {
  const present = new Set(labels.map((label) => fold(rules, label)));
  const effects = rules.specials
    .filter((special) => present.has(fold(rules, special.label)))
    .map(({ effect }) => effect);
  let worst: Condition | null = null;
  for (const effect of effects) {
    if (effect === 'ignored') return null;
    if (worst === null || compareLevels(effect.level, worst.level) > 0) worst = effect;
  }
  return worst ?? rules.plain;
}

/** The condition a level alone stands for, without telling which label of that level it was. */
export function usualCondition(rules: LabelRules, level: LabelLevel): Condition {
  const conditions = [rules.idle, rules.plain, ...rules.specials.map(({ effect }) => effect)];
  for (const condition of conditions) {
    if (condition !== 'ignored' && condition.level === level) return condition;
  }
  return { state: level.toUpperCase(), level };
}

function fold(rules: LabelRules, label: string): string {
  return rules.caseSensitive ? label : label.trim().toLowerCase();
}
