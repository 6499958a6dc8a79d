import * as z from 'zod';
import { DAY, HOUR, MINUTE, matchesPattern, SECOND } from '../../core/index.ts';
import { AT_ONCE, type Confirmation, type ConfirmationRule } from './domain/confirmation.ts';

const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

const Duration = z
  .string()
  .regex(/^[1-9]\d{0,5}(s|m|h|d)$/, 'write a whole number and s, m, h or d, such as 90s, 15m or 1h')
  .transform((text) => Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] ?? 0));

const Pattern = z.string().min(1).max(210);

const Rule = z.union([
  z
    .strictObject({
      observations: z
        .int()
        .min(1)
        .max(100)
        .describe('How many of them must say so.')
        .meta({ examples: [3] }),
      of: z
        .int()
        .min(1)
        .max(100)
        .describe('Of how many last ones.')
        .meta({ examples: [5] }),
    })
    .refine(({ observations, of }) => observations <= of, 'needs "of" to be at least "observations"')
    .transform(({ observations, of }): ConfirmationRule => ({ kind: 'count', n: observations, of })),
  z
    .strictObject({
      lasting: Duration.describe('For how long it must have been said without a break, such as 5m.').meta({
        examples: ['5m'],
      }),
    })
    .transform(({ lasting }): ConfirmationRule => ({ kind: 'lasting', ms: lasting })),
]);

export const ComponentsConfig = z
  .strictObject({
    signal_life: Duration.prefault('1h').describe(
      'How long a signal sent to the API counts when it does not say until when.',
    ),
    created_visibility: z
      .enum(['public', 'members'])
      .default('public')
      .describe('Who may see a component that a signal with the scope components:create brought into being.'),
    confirmation: z
      .array(
        z.strictObject({
          components: Pattern.default('*').describe('Keys it holds for; * stands for anything, as in network/*.'),
          signals: Pattern.default('*').describe('Names of signals it holds for.'),
          worse: Rule.optional().describe('What a change for the worse needs to count. Absent: nothing.'),
          better: Rule.optional().describe('What a change for the better needs to count. Absent: nothing.'),
        }),
      )
      .default([])
      .describe('When a change counts. The first entry that fits a signal decides; without one it counts at once.'),
    expected: z
      .array(
        z.strictObject({
          components: Pattern.describe('Keys it holds for.').meta({ examples: ['network/*'] }),
          signal: z
            .string()
            .min(1)
            .max(200)
            .describe('Name of the signal.')
            .meta({ examples: ['ping'] }),
        }),
      )
      .default([])
      .describe('Signals that must exist: a component without one is unknown.'),
    metrics: z
      .boolean()
      .default(true)
      .describe('Whether /metrics tells the status of each public component: seven series for each.'),
  })
  .prefault({})
  .describe('What is reported about components, and when it is believed');
export type ComponentsConfig = z.output<typeof ComponentsConfig>;

export function confirmationFor(config: ComponentsConfig, component: string, signal: string): Confirmation {
  const entry = config.confirmation.find(
    ({ components, signals }) => matchesPattern(components, component) && matchesPattern(signals, signal),
  );
  return entry ? { worse: entry.worse ?? null, better: entry.better ?? null } : AT_ONCE;
}

export function expectedSignals(config: ComponentsConfig, component: string): string[] {
  return config.expected.filter(({ components }) => matchesPattern(components, component)).map(({ signal }) => signal);
}
