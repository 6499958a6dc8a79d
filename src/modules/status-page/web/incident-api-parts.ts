import * as z from 'zod';
import { type Actor, AppError, type ComponentKey } from '../../../core/index.ts';
import type { Visit } from '../../../platform/http/index.ts';
import { incidentActor, requireIncidentRole } from '../actions/incident-role.ts';
import type { StatusPageContext } from '../actions/status-page-context.ts';
import { listedFor, readCatalog } from '../store/component-read.ts';
import { hasInternalView, type IncidentView, readIncident, visibleKeys } from '../store/incident-read.ts';
import { incidentOut } from './incident-shapes.ts';

export const TAG = 'incidents';
export const IncidentParams = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
export const IF_MATCH = { 'If-Match': 'The version that was read, as its ETag; the same as `version` in the body.' };

export function may(role: 'creator' | 'operator') {
  return { scope: 'incidents:write', role, check: (actor: Actor) => requireIncidentRole(actor, role) } as const;
}

/**
 * As whoever writes incidents sees it, of components that this actor may read about; also of those that the catalogue
 * has had for so short a time that nothing is known of them yet.
 */
export async function findKnown(context: StatusPageContext, actor: Actor, id: number) {
  const visible = await visibleKeys(context.components, actor);
  const read = (seen: typeof visible) => readIncident(context.db, incidentActor(actor), seen, id);
  const view = (await read(visible)) ?? (visible && (await read(new Set(await listedFor(context.db, actor)))));
  if (view === null) throw new AppError('not_found', `There is no incident ${id}.`);
  return view;
}

export async function shown(
  context: StatusPageContext,
  { actor, absolute }: Pick<Visit, 'actor' | 'absolute'>,
  id: number,
) {
  const view = await findKnown(context, actor, id);
  const catalog = await readCatalog(context.db, { retired: true, keys: namedIn(view) });
  return incidentOut(view, { catalog, absolute, isStaff: hasInternalView(incidentActor(actor)) });
}

const Named = z.object({ to: z.int(), others: z.array(z.int()), components: z.array(z.string()) }).partial();

/** A program changes only what it may read: else its answers would tell what its scopes do not. */
export async function requireKnown(context: StatusPageContext, actor: Actor, body: unknown, id: number): Promise<void> {
  const visible = await visibleKeys(context.components, actor);
  if (visible === null) return;
  // What does not fit is refused by the action, in its words.
  const { to = id, others = [], components = [] } = Named.safeParse(body).data ?? {};
  for (const other of [id, to, ...others.slice(0, 100)]) await findKnown(context, actor, other);
  const unknown = components.find((key) => !visible.has(key));
  if (unknown !== undefined) throw new AppError('not_found', `There is no component ${unknown.slice(0, 210)}.`);
}

/** Every component that it or its story names. */
function namedIn({ components, past, updates }: IncidentView): ComponentKey[] {
  const noted = updates.flatMap(({ fact }) => (fact !== null && 'component' in fact ? [fact.component] : []));
  return [...new Set([...components, ...past.map(({ component }) => component), ...noted])];
}

/** The version that a change rests on, wherever it is said. */
export function withVersion(body: unknown, headers: Readonly<Record<string, string | undefined>>): unknown {
  const tag = headers['if-match']?.trim();
  if (tag === undefined || tag === '*') return body;
  const version = /^(?:W\/)?"v?(\d{1,15})"$/.exec(tag)?.[1];
  if (version === undefined)
    throw new AppError('invalid', 'If-Match holds no version: send the ETag that you were given.');
  const given = typeof body === 'object' && body !== null ? body : {};
  return { version: Number(version), ...given };
}

/** The schemas of the actions check what comes in, after the actor was; this only describes it. */
export function described(schema: z.ZodType) {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return z.unknown().meta(rest);
}
