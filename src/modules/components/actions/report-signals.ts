import { createHash } from 'node:crypto';
import * as z from 'zod';
import {
  type Actor,
  AppError,
  actorLabel,
  addMs,
  areaOf,
  hasScope,
  type Instant,
  isComponentKey,
  LEVELS,
  requireReporter,
  type Signal,
  toInstant,
} from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { findRequest, insertRequest } from '../store/request-store.ts';
import type { ComponentsContext } from './components-context.ts';
import { declareComponent } from './declare-component.ts';
import { CLOCK_SKEW_MS, type Recorded, recordSignals } from './record-signals.ts';

export const MOST_SIGNALS = 1000;

/** Texts from outside are one line of whole characters. */
const line = (most: number) =>
  z
    .string()
    .max(most)
    .transform((text) =>
      text
        .toWellFormed()
        .replace(/[\p{Cc}\s]+/gu, ' ')
        .trim(),
    );

/** Words with nothing to see in them say nothing: what would be said without them is said. */
const words = (most: number) => line(most).transform((text) => (/[^\p{C}\p{Z}]/u.test(text) ? text : undefined));

const Moment = z.iso
  .datetime({ offset: true, error: 'write a time such as 2026-11-21T12:00:00Z' })
  .transform((text) => toInstant(Date.parse(text)))
  .refine((instant) => /^\d{4}-/.test(instant), 'is too far away');

const Name = line(200).pipe(z.string().min(1));

export const SignalInput = z.strictObject({
  component: z
    .string()
    .refine(isComponentKey, 'must be <area>/<name>, each of a-z 0-9 . _ - and at most 100 characters')
    .describe('Key of the component.'),
  name: Name.default('state').describe('Which of your claims about it; a newer one of that name replaces the older.'),
  source: Name.optional().describe(
    'Who observed it, when one token speaks for several; shown after the name of the token.',
  ),
  level: z.enum(LEVELS).describe('How it is.'),
  state: words(60).optional().describe('Your own word for it, shown instead of that of the level.'),
  summary: words(500).optional().describe('One line a person would say. Never anything confidential.'),
  evidence: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .max(2000)
    .optional()
    .describe('A link to what the claim rests on.'),
  observedAt: Moment.optional().describe('When it was observed; now if absent. An older one never replaces a newer.'),
  expiresAt: Moment.nullable()
    .optional()
    .describe(
      'Until when it proves anything; null: until replaced. Absent: components.signal_life after the observation.',
    ),
  from: Moment.optional().describe('It counts from then on only.'),
  until: Moment.optional().describe('It counts until then only.'),
  required: z.boolean().default(true).describe('Whether the component is unknown when this expires.'),
  confidential: z.boolean().default(false).describe('Whether only signed-in people may see more of it than the level.'),
});
type SignalInput = z.output<typeof SignalInput>;

/** What became of one item, with the status an HTTP answer would have for it alone. */
export interface Reported {
  status: 200 | 400 | 404;
  outcome: Recorded['outcome'] | 'invalid';
  component: string | null;
  /** The component did not exist before. */
  created?: boolean;
  detail?: string;
}

export interface SignalRequest {
  items: readonly unknown[];
  /** The same key with the same items is answered as before and changes nothing. */
  idempotencyKey?: string | undefined;
}

/** What a program or a reporter says about components: each item by itself, all in one transaction. */
export async function reportSignals(
  context: ComponentsContext,
  actor: Actor,
  request: SignalRequest,
): Promise<Reported[]> {
  requireReporter(actor);
  const parsed = request.items.map((item) => parse(context, actor, item));
  const key = request.idempotencyKey;
  const answers = await context.db.write(async (tx) => {
    if (key === undefined) return await record(tx, context, actor, parsed);
    const bodyHash = createHash('sha256').update(JSON.stringify(request.items)).digest('base64url');
    return await once(tx, context, { owner: ownerOf(actor), key, bodyHash }, () => record(tx, context, actor, parsed));
  });
  for (const { status, outcome } of answers) if (status !== 200) context.metrics.signal(outcome);
  return answers;
}

type Parsed = { signal: Signal } | { refused: Reported };

function parse(context: ComponentsContext, actor: Actor, item: unknown): Parsed {
  const component = componentIn(item);
  const result = SignalInput.safeParse(item);
  if (!result.success)
    return { refused: refusal(component, result.error.issues.map(issueText).slice(0, 5).join('; ')) };
  const now = context.clock.now();
  const { observedAt = now, expiresAt } = result.data;
  const life = context.config().signal_life;
  const until = expiresAt === undefined ? addMs(observedAt, life) : (expiresAt ?? undefined);
  const mistake = mistakeIn({ ...result.data, observedAt }, until, now);
  if (mistake !== null) return { refused: refusal(component, mistake) };
  const source = sourceOf(actor);
  const { source: speaker, ...claim } = result.data;
  return {
    signal: { ...claim, observedAt, expiresAt: until, source: speaker === undefined ? source : `${source}/${speaker}` },
  };
}

/** A person never speaks under the name of a token, whose claims would be replaced. */
function sourceOf(actor: Actor): string {
  if (actor.kind === 'anonymous') return 'api/anonymous';
  return `${actor.kind === 'user' ? 'user' : 'api'}/${actor.name}`;
}

function mistakeIn(
  input: SignalInput & { observedAt: Instant },
  expiresAt: Instant | undefined,
  now: Instant,
): string | null {
  const { observedAt, from, until } = input;
  if (observedAt > addMs(now, CLOCK_SKEW_MS)) {
    return `observedAt: lies ahead of our time, ${now}; set the clock of the sender`;
  }
  if (expiresAt !== undefined && expiresAt <= observedAt) return 'expiresAt: must be after observedAt';
  if (from !== undefined && until !== undefined && until <= from) return 'until: must be after from';
  return null;
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? 'item' : path.join('.')}: ${message}`;
}

function refusal(component: string | null, detail: string): Reported {
  return { status: 400, outcome: 'invalid', component, detail };
}

function componentIn(item: unknown): string | null {
  const named = typeof item === 'object' && item !== null && 'component' in item ? item.component : null;
  return typeof named === 'string' ? named.slice(0, 210) : null;
}

function ownerOf(actor: Actor): string {
  return actor.kind === 'token' || actor.kind === 'user' ? `${actor.kind}:${actor.id}` : actorLabel(actor);
}

async function record(
  tx: Tx,
  context: ComponentsContext,
  actor: Actor,
  parsed: readonly Parsed[],
): Promise<Reported[]> {
  const signals = parsed.flatMap((one) => ('signal' in one ? [one.signal] : []));
  const recorded = await recordSignals(tx, context, signals, { sameMoment: 'first' });
  const created = await createMissing(tx, context, actor, unknownAmong(signals, recorded));
  if (created.size > 0) await recordAgain(tx, context, { signals, recorded, created });
  const changed = signals.filter((_signal, index) => recorded[index]?.changed);
  await audit(tx, context, actor, { changed, created });
  let next = 0;
  return parsed.map((one) => {
    if ('refused' in one) return one.refused;
    const { outcome = 'unknown_component' } = recorded[next++] ?? {};
    const { component } = one.signal;
    if (outcome !== 'unknown_component') {
      return { status: 200, outcome, component, ...(created.has(component) ? { created: true } : {}) };
    }
    return { status: 404, outcome, component, detail: `There is no component ${component}.` };
  });
}

function unknownAmong(signals: readonly Signal[], recorded: readonly Recorded[]): string[] {
  const keys = signals
    .filter((_signal, index) => recorded[index]?.outcome === 'unknown_component')
    .map(({ component }) => component);
  return [...new Set(keys)].sort();
}

/** With the scope for it, a signal brings its component into being. */
async function createMissing(
  tx: Tx,
  context: ComponentsContext,
  actor: Actor,
  keys: readonly string[],
): Promise<Set<string>> {
  if (!hasScope(actor, 'components:create')) return new Set();
  const visibility = context.config().created_visibility;
  for (const key of keys) {
    await declareComponent(tx, context, {
      key,
      name: key.slice(areaOf(key).length + 1),
      kind: 'component',
      visibility,
    });
  }
  return new Set(keys);
}

async function recordAgain(
  tx: Tx,
  context: ComponentsContext,
  { signals, recorded, created }: { signals: readonly Signal[]; recorded: Recorded[]; created: ReadonlySet<string> },
): Promise<void> {
  const places = signals.flatMap(({ component }, index) => (created.has(component) ? [index] : []));
  const again = places.map((index) => signals[index]).filter((signal) => signal !== undefined);
  const results = await recordSignals(tx, context, again, { sameMoment: 'first' });
  results.forEach((result, index) => {
    const place = places[index];
    if (place !== undefined) recorded[place] = result;
  });
}

/** A monitor that says the same again leaves no trace; one that changes what is shown does. */
async function audit(
  tx: Tx,
  context: ComponentsContext,
  actor: Actor,
  { changed, created }: { changed: readonly Signal[]; created: ReadonlySet<string> },
): Promise<void> {
  const keys = [...new Set(changed.map(({ component }) => component))];
  const first = changed[0];
  if (first === undefined) return;
  const details = {
    levels: changed.slice(0, 20).map(({ component, name, level }) => `${component} ${name}: ${level}`),
    signals: changed.length,
    ...(created.size > 0 ? { created: [...created].slice(0, 20) } : {}),
  };
  const subject = keys.length === 1 ? `component:${first.component}` : `components:${keys.length}`;
  await emitAudit(tx, { at: context.clock.now(), actor, action: 'components.signals_reported', subject, details });
}

/** Runs `work` unless this request was answered before; the answer is kept in the same transaction. */
async function once(
  tx: Tx,
  context: ComponentsContext,
  { owner, key, bodyHash }: { owner: string; key: string; bodyHash: string },
  work: () => Promise<Reported[]>,
): Promise<Reported[]> {
  await tx.lock(`components:request:${owner}:${key}`);
  const before = await findRequest(tx, owner, key);
  if (before !== undefined) {
    if (before.body_hash === bodyHash) return JSON.parse(before.answer) as Reported[];
    const message = 'This Idempotency-Key was used for another body. Take a new key for a new request.';
    throw new AppError('conflict', message, { special: { kind: 'key_reused' } });
  }
  const answer = await work();
  const at = context.clock.now();
  await insertRequest(tx, { owner, key, body_hash: bodyHash, answer: JSON.stringify(answer), at });
  return answer;
}
