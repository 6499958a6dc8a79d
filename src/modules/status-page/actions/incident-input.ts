import * as z from 'zod';
import { isComponentKey, toInstant } from '../../../core/index.ts';
import { parseStatus } from '../domain/incident.ts';

const LONGEST_TEXT = 10_000;
const LONGEST_DESCRIPTION = 1500;
const MOST_COMPONENTS = 1000;

/** Characters that no database and no document may hold are dropped; line ends are ours. */
function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();
}

/** Lengths are counted as people count: in code points. */
function between(least: number, most: number, told: string) {
  return z
    .string(told)
    .max(most * 4, told)
    .transform(clean)
    .refine((text) => [...text].length >= least && [...text].length <= most, told);
}

export const Title = between(8, 200, 'must have 8 to 200 characters').transform((text) => text.replace(/\s+/g, ' '));
export const Description = between(0, LONGEST_DESCRIPTION, 'must have 1,500 characters or fewer');
export const UpdateText = between(1, LONGEST_TEXT, 'must have 1 to 10,000 characters');
export const LongText = between(0, LONGEST_TEXT * 5, 'must have 50,000 characters or fewer');

/** A moment with its zone, such as `2026-11-21T12:00:00Z`. */
export const Moment = z.iso
  .datetime({ offset: true, error: 'write a time such as 2026-11-21T12:00:00Z' })
  .transform((text) => toInstant(Date.parse(text)))
  .refine((instant) => /^\d{4}-/.test(instant), 'is too far away');

export const Status = z
  .string()
  .max(50)
  .transform((text, issue) => {
    const status = parseStatus(text);
    if (status !== null) return status;
    issue.addIssue({ code: 'custom', message: 'is no status' });
    return z.NEVER;
  });

export const Version = z
  .int()
  .min(1)
  .describe('The version you have read; refused when somebody has changed it since.');

const KEY = 'must be <area>/<name>';
export const Components = z
  .array(z.string(KEY).refine(isComponentKey, KEY), 'must be a list of keys of components')
  .min(1, 'choose at least one component')
  .max(MOST_COMPONENTS, 'must be 1,000 components or fewer')
  .transform((keys) => [...new Set(keys)]);

/** Impacts of incidents; 0 is for maintenance and info. */
export const IncidentImpact = z.union([z.literal(1), z.literal(2), z.literal(3)], { error: 'must be 1, 2 or 3' });
export const ContactEmail = z.email('must be an e-mail address').max(254);
