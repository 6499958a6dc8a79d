import { mistakes } from '../../design/index.ts';
import type { Html } from '../../html/index.ts';
import type { FormAnswer, Visit } from '../../http/index.ts';
import type { Language } from '../../i18n/index.ts';
import type { Origin } from '../actions/login.ts';
import { Refusal } from '../rules/refusal.ts';

export type Body = Readonly<Record<string, string | string[]>>;

/** What was typed into a field; of several with one name, the first. */
export function one(body: Body, name: string): string {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

export function many(body: Body, name: string): string[] {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  return value === undefined ? [] : [value].flat();
}

export function originOf(visit: Visit): Origin {
  return { ip: visit.ip, agent: visit.agent ?? '', cookies: visit.cookies };
}

/**
 * Does what a form asks for. When that is refused, the form is answered again with everything typed and the reason;
 * anything else that goes wrong goes its way to the error page.
 */
export async function orAgain(
  work: () => Promise<FormAnswer>,
  again: (refusal: Refusal) => FormAnswer | Promise<FormAnswer>,
): Promise<FormAnswer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const answer = await again(error);
    if ('redirect' in answer) return answer;
    const retry = error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) };
    return { ...answer, status: answer.status ?? statusOf(error), headers: { ...answer.headers, ...retry } };
  }
}

function statusOf(refusal: Refusal): number {
  if (refusal.code === 'limit') return 429;
  if (refusal.code === 'unavailable') return 503;
  return refusal.code === 'conflict' ? 409 : 422;
}

/** The mistake of one field, to stand beside it. */
export function mistakeOf(refusal: Refusal | null, field: string, language: Language): string | undefined {
  return refusal?.field === field ? refusal.say(language) : undefined;
}

/** A refusal that belongs to no field, to stand above the form. */
export function mistakeAbove(refusal: Refusal | null, language: Language): Html {
  return mistakes(language, refusal !== null && refusal.field === null ? [refusal.say(language)] : []);
}
